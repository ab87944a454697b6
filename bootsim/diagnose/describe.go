package diagnose

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Describe tells what lies in a stretch of flash: what it is by its place, and
// how it was encrypted: by which key, for which address and configuration. Of
// the context it takes what is known before a boot.
func Describe(c *Context, addr, size uint32) string {
	if c.Device.Flash.Erased(addr, min(size, c.Device.Flash.Size())) {
		return "erased"
	}
	r := regionAt(c, addr, size)
	rd, ok := c.read(r)
	switch {
	case !ok && noisy(c.Device.Flash, r):
		return "neither plaintext nor ciphertext of a known key"
	case !ok:
		return "data"
	case len(rd.layers) == 0:
		return r.name() + ", plaintext"
	}
	l := rd.layers[len(rd.layers)-1]
	text := fmt.Sprintf("%s, encrypted for 0x%08x with %s and FLASH_CRYPT_CONFIG 0x%X", r.name(), l.addr, l.key.name, uint8(l.config))
	if len(rd.layers) > 1 {
		text += ", and encrypted again"
	}
	return text
}

// regionAt is the region that a stretch of flash is meant for.
func regionAt(c *Context, addr, size uint32) region {
	switch addr {
	case bootloaderAddress:
		return bootloaderRegion(c)
	case c.TableOffset:
		return region{kind: kindTable, addr: addr, size: flashmodel.SectorSize}
	}
	t, ok := IntendedTable(c)
	if !ok {
		return region{kind: kindApp, addr: addr, size: size}
	}
	for _, e := range t.Entries {
		switch {
		case e.Offset != addr:
		case e.Is(parttable.TypeData, parttable.SubtypeOTAData):
			return region{kind: kindOTAData, addr: addr, size: flashmodel.SectorSize, label: e.Name()}
		case e.Type == parttable.TypeApp:
			return appRegion(e)
		}
	}
	return region{kind: kindApp, addr: addr, size: size}
}

// Complaint is the first line of a console in which a device says why it does
// not go on; "" when it says nothing.
func Complaint(log []emu.Line) string {
	if lines := complaints(log); len(lines) > 0 {
		return lines[0]
	}
	return ""
}
