package diagnose

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// owner says what lies at an address in this or another lot.
type owner struct{ lot, text string }

// ownerOf finds the partition at an address: in this lot before others. For a
// release, slots that an update can go to come before all else.
func ownerOf(c *Context, addr uint32) owner {
	anyRow := func(parttable.Entry) bool { return true }
	if c.Artifact != nil {
		if o := rowAt(c, addr, parttable.Entry.IsOTA); o.lot != "" {
			return o
		}
	}
	return rowAt(c, addr, anyRow)
}

func rowAt(c *Context, addr uint32, fits func(parttable.Entry) bool) owner {
	lots := append([]bootsim.Lot{*c.Lot}, c.All...)
	for i := range lots {
		for _, p := range lots[i].Contents {
			for _, e := range lotRows(&lots[i], p) {
				if e.Offset == addr && fits(e) {
					return owner{lots[i].Name, fmt.Sprintf(" (%s of lot %s)", e.Name(), lots[i].Name)}
				}
			}
		}
	}
	return owner{}
}
