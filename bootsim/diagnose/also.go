package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// alsoWrong looks at the regions that this boot did not come to. A fault like
// one already found has the same root and is not repeated.
func alsoWrong(c *Context, found []bootsim.Finding) []bootsim.Finding {
	if c.Artifact != nil {
		return nil
	}
	seen := map[string]bool{}
	for _, f := range found {
		seen[f.Rule] = true
	}
	var more []bootsim.Finding
	for _, r := range regionsOf(c) {
		f := misread(c, r)
		if f == nil || seen[f.Rule] || isAt(found, r.addr) || !c.encryptionRule(f.Rule) {
			continue
		}
		seen[f.Rule] = true
		more = append(more, *f)
	}
	return more
}

// encryptionRule tells whether a fault of one region stands for itself even
// where the boot never came: absence and damage do not.
func (c *Context) encryptionRule(rule string) bool {
	switch rule {
	case "not-encrypted", "wrong-address", "encrypted-twice", "wrong-crypt-config", "wrong-key", "key-length":
		return true
	}
	return false
}

func isAt(found []bootsim.Finding, addr uint32) bool {
	for _, f := range found {
		if f.Offset != nil && *f.Offset == addr {
			return true
		}
	}
	return false
}

// regionsOf lists bootloader, table and the app rows that hold anything.
func regionsOf(c *Context) []region {
	rs := []region{
		bootloaderRegion(c),
		{kind: kindTable, addr: c.TableOffset, size: flashmodel.SectorSize},
	}
	t, ok := IntendedTable(c)
	if !ok {
		return rs
	}
	for _, e := range t.Apps() {
		if e.Size > 0 && !c.Device.Flash.Erased(e.Offset, unit) {
			rs = append(rs, appRegion(e))
		}
	}
	return rs
}

func bootloaderRegion(c *Context) region {
	return region{kind: kindBootloader, addr: bootloaderAddress, size: c.TableOffset - bootloaderAddress}
}

func appRegion(e parttable.Entry) region {
	return region{kind: kindApp, addr: e.Offset, size: e.Size, label: e.Name()}
}
