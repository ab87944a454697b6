package check

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// TableOffset is where the lot's partition table lies: as stated, or where one
// was placed, or behind a bootloader that covers the default place itself and so
// was built for another, or at the default 0x8000.
func TableOffset(lot *bootsim.Lot) uint32 {
	if lot.TableOffset != 0 {
		return lot.TableOffset
	}
	for _, p := range lot.Contents {
		if p.Role == "partition-table" {
			return p.Address
		}
	}
	if at, ok := behindBootloader(lot); ok {
		return at
	}
	return defaultTableOffset
}

// lastTableOffset bounds the search for a table.
const lastTableOffset = 0x20000

// behindBootloader looks for a table behind a bootloader that reaches past 0x8000.
func behindBootloader(lot *bootsim.Lot) (uint32, bool) {
	end := uint32(0)
	for _, b := range readings(lot, bootloaderAddress, lastTableOffset) {
		if im, _ := espimage.Parse(b); im != nil && bootloaderAddress+uint64(im.Length) > defaultTableOffset {
			end = bootloaderAddress + im.Length
		}
	}
	if end == 0 {
		return 0, false
	}
	for at := (end + flashmodel.SectorSize - 1) &^ (flashmodel.SectorSize - 1); at <= lastTableOffset; at += flashmodel.SectorSize {
		for _, b := range readings(lot, at, parttable.RowSize) {
			if parttable.DecodeRow(b).Kind == parttable.RowEntry {
				return at, true
			}
		}
	}
	return 0, false
}

// readings is what was placed at an address, n bytes at most: as it is, and
// decrypted with the lot's key.
func readings(lot *bootsim.Lot, addr, n uint32) [][]byte {
	for i := len(lot.Contents) - 1; i >= 0; i-- {
		p := lot.Contents[i]
		if addr < p.Address || uint64(addr) >= uint64(p.Address)+uint64(len(p.Data)) {
			continue
		}
		b := p.Data[addr-p.Address:]
		b = b[:min(len(b), int(n))]
		if lot.Key == nil {
			return [][]byte{b}
		}
		plain := make([]byte, len(b)&^15)
		_ = crypt.New(*lot.Key, crypt.FullConfig).Decrypt(addr, plain, b[:len(plain)]) // aligned: no error is possible
		return [][]byte{b, plain}
	}
	return nil
}
