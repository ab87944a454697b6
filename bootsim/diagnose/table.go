package diagnose

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// badTable explains a table that the device reads rightly and that the
// bootloader turns down. refused is nil when only its content is at fault.
func badTable(c *Context, r region, refused *emu.Refusal) bootsim.Finding {
	if refused == nil {
		return c.find("no-app-partition", "the table at 0x%08x has no app partition", r.addr).at(r.addr).console().done()
	}
	switch refused.Reason {
	case emu.ReasonTableSize:
		return tooFar(c, r, refused)
	case emu.ReasonOTADataSize:
		return c.find("otadata-row-too-small", "the otadata partition has 0x%x bytes; 0x2000 are needed", refused.Got).
			at(r.addr).partition(refused.Label).console().done()
	case emu.ReasonTableMD5:
		return c.find("table-corrupt", "the rows of the partition table do not fit its MD5: %s", refused.Detail).
			at(r.addr).console().done()
	case emu.ReasonTableMagic:
		if c.rowKind(r.addr, refused.Row) == parttable.RowMD5 {
			return c.find("bootloader-before-md5", "the bootloader (%s) does not know the MD5 row of the table", orUnknown(c.IDF)).
				at(r.addr).console().done()
		}
	}
	row := r.addr + uint32(max(refused.Row, 0))*parttable.RowSize
	return c.find("table-corrupt", "the bootloader refuses the partition table: %s", refused.Detail).
		at(row).bytes(row).console().done()
}

// rowKind is what the device reads in a row of the table.
func (c *Context) rowKind(table uint32, row int) parttable.RowKind {
	return parttable.DecodeRow(headAt(c.Device.Cached(), table+uint32(max(row, 0))*parttable.RowSize)).Kind
}

// tooFar explains a row past the flash size in the bootloader's header.
func tooFar(c *Context, r region, refused *emu.Refusal) bootsim.Finding {
	t, _ := readTable(c.Device.Cached(), r.addr)
	end, label := furthest(t)
	if end > uint64(c.Device.Flash.Size()) && c.Lot.FlashSizeGiven {
		return c.find("chip-too-small", "partition %s ends at 0x%08x, and the flash chip has 0x%x bytes", label, end, c.Device.Flash.Size()).
			at(r.addr).partition(label).console().done()
	}
	return c.find("table-beyond-header-size", "partition %s ends at 0x%08x, and %s", label, end, c.headerSize(refused.Want, end)).
		at(r.addr).partition(label).console().done()
}

// headerSize says what the bootloader's header makes of the flash, and what the
// bootloader takes it for: more than 16 MB is 2 MB to those that do not know of
// it. An executed bootloader does not tell (0); end is what it found too far.
func (c *Context) headerSize(taken, end uint64) string {
	h, _ := espimage.DecodeHeader(headAt(c.Device.Cached(), bootloaderAddress))
	size, known := h.FlashSize()
	small, _ := h.FlashSizeFor(false)
	if taken == 0 {
		taken = uint64(size)
		if end <= taken {
			taken = uint64(small)
		}
	}
	if known && taken == uint64(small) && small != size {
		return fmt.Sprintf("the bootloader's header says that the flash has 0x%x bytes, which this bootloader does not know and takes for 0x%x", size, taken)
	}
	return fmt.Sprintf("the bootloader's header says that the flash has 0x%x bytes", taken)
}

// furthest returns the end of the row that reaches furthest.
func furthest(t *parttable.Table) (end uint64, label string) {
	for _, e := range t.Entries {
		if e.End() > end {
			end, label = e.End(), e.Name()
		}
	}
	return end, label
}

func orUnknown(s string) string {
	if s == "" {
		return "version unknown"
	}
	return s
}
