package input

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/input/ihex"
	"github.com/bootsim/bootsim/bootsim/input/uf2"
)

// hexPlacements reads an Intel HEX file.
func hexPlacements(path string, data []byte) ([]bootsim.Placement, error) {
	regions, err := ihex.Parse(data)
	var bad *ihex.Error
	if errors.As(err, &bad) {
		return nil, &FileError{File: path, Line: bad.Line, Offset: -1, Reason: bad.Reason}
	}
	if err != nil {
		return nil, fileError(path, "not readable as Intel HEX", err)
	}
	var out []bootsim.Placement
	for _, r := range regions {
		out = append(out, region(path, r.Address, r.Data))
	}
	return out, checkRegions(path, out)
}

// region makes a placement of consecutive bytes, with the role that they show.
func region(path string, address uint32, data []byte) bootsim.Placement {
	p := bootsim.Placement{File: path, Address: address, Data: data}
	it := item{content: sniff(data[:min(len(data), headSize)], int64(len(data)))}
	if hasGaps(it.kind) {
		p.Gaps = gaps(data, address)
	} else {
		p.Role = it.role()
	}
	return p
}

// uf2Placements reads the blocks for the ESP32 of a UF2 file.
func uf2Placements(path string, data []byte) ([]bootsim.Placement, error) {
	regions, err := uf2.Parse(data, uf2.FamilyESP32)
	var bad *uf2.Error
	var family *uf2.FamilyError
	switch {
	case errors.As(err, &family):
		return nil, &ChipError{File: path, Chip: familyChip(family.Families)}
	case errors.As(err, &bad):
		return nil, &FileError{File: path, Offset: bad.Offset, Reason: bad.Reason}
	case err != nil:
		return nil, fileError(path, "not readable as UF2", err)
	}
	var out []bootsim.Placement
	for _, r := range regions {
		out = append(out, region(path, r.Address, r.Data))
	}
	return out, checkRegions(path, out)
}

// familyChip names the first family of a UF2 file.
func familyChip(families []uint32) string {
	if name := familyName(families[0]); name != "" {
		return name
	}
	return fmt.Sprintf("UF2 family 0x%08x", families[0])
}

// checkRegions refuses addresses outside of flash: files made from an ELF file
// hold memory addresses, which say nothing about flash.
func checkRegions(path string, regions []bootsim.Placement) error {
	if len(regions) == 0 {
		return fileError(path, "holds no data", nil)
	}
	for _, r := range regions {
		if uint64(r.Address)+uint64(len(r.Data)) > maxFlash {
			return fileError(path, fmt.Sprintf("data at 0x%08x is outside of flash: the addresses are those of memory, not of flash; "+
				"make the file with esptool merge_bin --format hex", r.Address), nil)
		}
	}
	return nil
}
