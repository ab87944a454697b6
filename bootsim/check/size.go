package check

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// flashSize returns the size of the chip: as stated, or the smallest that
// holds the content and is no smaller than the bootloader's header says.
func (f *Factory) flashSize() (uint32, error) {
	if f.Lot.FlashSize != 0 {
		return f.Lot.FlashSize, nil
	}
	need := uint64(flashmodel.MinSize)
	for _, p := range f.Lot.Contents {
		need = max(need, uint64(p.Address)+uint64(len(p.Data)))
	}
	if h, ok := f.bootloaderHeader(); ok {
		if s, known := h.FlashSize(); known {
			need = max(need, min(uint64(s), flashmodel.MaxSize))
		}
	}
	size := uint64(flashmodel.MinSize)
	for size < need {
		size *= 2
	}
	if size > flashmodel.MaxSize {
		return 0, &ContentSizeError{Lot: f.Lot.Name, End: need}
	}
	f.assume("flash chip of %d MB, from the content and the bootloader's header (--flash-size states it)", size>>20)
	return uint32(size), nil
}

// ContentSizeError says that a lot's content ends past the largest chip.
type ContentSizeError struct {
	Lot string
	End uint64
}

func (e *ContentSizeError) Error() string {
	return fmt.Sprintf("lot %s: content ends at 0x%08x, past the 16 MB that an ESP32 can address; check the addresses", e.Lot, e.End)
}

// bootloaderHeader decodes the header at 0x1000 as plaintext, or with the lot's key.
func (f *Factory) bootloaderHeader() (espimage.Header, bool) {
	b := contentAt(f.Lot.Contents, bootloaderAddress, 32)
	if b == nil {
		return espimage.Header{}, false
	}
	for _, plain := range [][]byte{b, f.decrypted(b)} {
		if h, err := espimage.DecodeHeader(plain); err == nil && h.Magic == espimage.Magic {
			return h, true
		}
	}
	return espimage.Header{}, false
}

func (f *Factory) decrypted(b []byte) []byte {
	if f.Lot.Key == nil {
		return nil
	}
	out := make([]byte, len(b))
	if crypt.New(*f.Lot.Key, crypt.FullConfig).Decrypt(bootloaderAddress, out, b) != nil {
		return nil
	}
	return out
}

// contentAt returns n placed bytes at addr, or nil when they are not all placed
// by one file.
func contentAt(contents []bootsim.Placement, addr, n uint32) []byte {
	for i := len(contents) - 1; i >= 0; i-- {
		p := contents[i]
		if addr < p.Address {
			continue
		}
		off := uint64(addr - p.Address)
		if off+uint64(n) <= uint64(len(p.Data)) {
			return p.Data[off : off+uint64(n)]
		}
	}
	return nil
}
