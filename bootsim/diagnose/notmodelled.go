package diagnose

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Misread explains a boot that no model covers because it ran on noise: bytes
// that the device reads otherwise than they were meant, and that by chance
// passed the first check. It is empty when the bytes were read rightly.
func Misread(c *Context) []bootsim.Finding {
	r := bootloaderRegion(c)
	if c.Outcome.Stage != emu.StageROM {
		t, _ := IntendedTable(c)
		row, ok := slotOf(orEmpty(t), loadingSlot(c))
		if !ok {
			return nil
		}
		r = appRegion(row)
	}
	if f := misread(c, r); f != nil {
		return []bootsim.Finding{*f}
	}
	return nil
}

func orEmpty(t *parttable.Table) *parttable.Table {
	if t == nil {
		return &parttable.Table{}
	}
	return t
}

// aboutSignatures tells whether it is secure boot that is not modelled.
func aboutSignatures(what string) bool {
	return strings.Contains(what, "Secure Boot") || strings.Contains(what, "signature")
}

// NotModelled reports a boot that ended in what no model covers.
func NotModelled(c *Context) bootsim.Finding {
	rule := "not-modelled"
	if c.refusal(emu.ReasonROMSecureBoot, emu.ReasonSecureBoot, emu.ReasonAppSignature) != nil || aboutSignatures(c.Outcome.NotModelled) {
		rule = "secure-boot-not-modelled"
	}
	return c.find(rule, "not modelled: %s", c.Outcome.NotModelled).console().done()
}
