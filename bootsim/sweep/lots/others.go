package lots

import (
	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// bootloaderAddress is fixed by the ROM.
const bootloaderAddress = 0x1000

// otherTable is the table to install: the file given, or the device's with one
// row more.
func (b *builder) otherTable() ([]byte, error) {
	if b.request.New != nil {
		return b.request.New, nil
	}
	end := uint64(0)
	for _, e := range b.table.Entries {
		end = max(end, e.End())
	}
	if end+flashmodel.SectorSize > uint64(b.device.Flash.Size()) {
		return nil, &sweep.PlanError{Reason: "the flash has no room for another partition: name the table to install with --new FILE"}
	}
	b.assume("the new partition table is the old one with a row of 4 KiB added (--new states another)")
	table := *b.table
	table.Entries = append(append([]parttable.Entry(nil), b.table.Entries...), parttable.Entry{
		Label: parttable.Label("added"), Type: parttable.TypeData, Subtype: undefined, Offset: uint32(end), Size: flashmodel.SectorSize})
	o := parttable.Latest()
	o.MD5 = b.table.MD5
	return table.Encode(o)
}

// undefined is the subtype of data that no component looks for.
const undefined = 0x06

// otherBootloader is the bootloader to install: the file given, or the
// device's with one byte changed.
func (b *builder) otherBootloader() ([]byte, error) {
	if b.request.New != nil {
		return b.request.New, nil
	}
	image := make([]byte, b.offset-bootloaderAddress)
	b.device.Cached().Read(bootloaderAddress, image)
	data, ok := Successor(image)
	if !ok {
		return nil, &sweep.PlanError{Reason: "the device holds no bootloader to start from: name the one to install with --new FILE"}
	}
	b.assume("the new bootloader is the old one with one byte changed (--new states another)")
	return data, nil
}
