package diagnose

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/parttable"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
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
	if c.Outcome.NotModelled == rom.KeyUnknown {
		return keyUntold(c)
	}
	rule := "not-modelled"
	if c.refusal(emu.ReasonROMSecureBoot, emu.ReasonSecureBoot, emu.ReasonAppSignature) != nil || aboutSignatures(c.Outcome.NotModelled) {
		rule = "secure-boot-not-modelled"
	}
	return c.find(rule, "not modelled: %s", c.Outcome.NotModelled).console().done()
}

// keyUntold reports that the ROM's check of Secure Boot V1 could not be
// repeated, and a key file beside the set with which it could.
func keyUntold(c *Context) bootsim.Finding {
	b := c.find("secure-boot-key-unknown", "ABS_DONE_0 is burnt and BLOCK2 is read-protected: without its key the digest at 0x00000080 cannot be checked").
		at(secureboot.V1DigestOffset)
	k := newDigestCheck(c, c.Device)
	for _, f := range c.Lot.KeyFiles {
		if k.fits(f.Key, k.sector, k.covered) {
			return b.evidence("the digest fits with the key in %s", f.File).remedy("Give that key: --secure-boot-key %s, or secure_boot_key in bootsim.yaml.", f.File).done()
		}
	}
	return b.done()
}
