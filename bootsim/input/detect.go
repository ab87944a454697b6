package input

import (
	"fmt"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// detected returns what esptool's "--flash_size detect" writes into the
// bootloader's header: the size of the chip. It is what the user states, or,
// unknown, what the header says already, or as much as the partition table and
// the files need, which is the least that a chip can have on which the product
// works.
func (a *assembly) detected() string {
	if v, ok := sizeName(a.f.flashSize); ok {
		return v
	}
	header, known := a.headerSize()
	need := a.needed()
	if !known || need <= header {
		if known {
			a.assume("--flash_size detect writes the size of the chip into the bootloader's header; taken as the %d MB that it says already (--flash-size states it)", header>>20)
		}
		return "keep"
	}
	size := uint64(1 << 20)
	for size < need {
		size *= 2
	}
	v, ok := sizeName(uint32(min(size, 1<<31)))
	if !ok {
		return "keep"
	}
	a.assume("--flash_size detect writes the size of the chip into the bootloader's header; taken as %d MB, which the partition table needs, not the %d MB of the header (--flash-size states it)", size>>20, header>>20)
	return v
}

// headerSize is the flash size in the plaintext header at 0x1000.
func (a *assembly) headerSize() (uint64, bool) {
	for _, p := range a.lot.Contents {
		if p.Address != bootloaderAddress {
			continue
		}
		if h, err := espimage.DecodeHeader(p.Data); err == nil && h.Magic == espimage.Magic {
			size, known := h.FlashSize()
			return uint64(size), known
		}
	}
	return 0, false
}

// needed is the end of the last partition or file.
func (a *assembly) needed() uint64 {
	var end uint64
	for _, p := range a.lot.Contents {
		end = max(end, uint64(p.Address)+uint64(len(p.Data)))
		for _, e := range tableRows(p.Data) {
			if e.End() <= maxFlash {
				end = max(end, e.End())
			}
		}
	}
	return end
}

// sizeName spells a chip size as esptool does.
func sizeName(size uint32) (string, bool) {
	if !isChipSize(int64(size)) {
		return "", false
	}
	return fmt.Sprintf("%dmb", size>>20), true
}
