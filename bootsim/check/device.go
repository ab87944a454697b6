package check

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Addresses that the ROM fixes (spec 0, fact 1).
const (
	bootloaderAddress  = 0x1000
	defaultTableOffset = 0x8000
)

// Factory is a device as it leaves the factory, and what had to be assumed to build it.
type Factory struct {
	Device  *emu.Device
	Lot     *bootsim.Lot
	Assumed []string
}

// Build puts a lot's device together: chip, eFuses, and flash as the factory
// writes it. What the lot does not state is assumed and said so.
func Build(lot *bootsim.Lot) (*Factory, error) {
	f := &Factory{Lot: lot, Assumed: append([]string(nil), lot.Assumed...)}
	size, err := f.flashSize()
	if err != nil {
		return nil, err
	}
	flash, err := flashmodel.New(size)
	if err != nil {
		return nil, fmt.Errorf("lot %s: %w", lot.Name, err)
	}
	rev := f.revision()
	f.Device = &emu.Device{
		Flash: flash, Efuses: f.efuses(rev), ROM: f.rom(rev),
		APBRevision: rev.Major >= 3, Cause: emu.ResetPowerOn,
	}
	if err := f.fillKey(); err != nil {
		return nil, err
	}
	return f, f.place()
}

func (f *Factory) assume(format string, args ...any) {
	f.Assumed = append(f.Assumed, fmt.Sprintf(format, args...))
}

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

// revision is the chip's: stated, or told by the eFuses, or assumed.
func (f *Factory) revision() efuse.Revision {
	if f.Lot.Revision != nil {
		return *f.Lot.Revision
	}
	if f.Lot.Efuses != nil {
		// From v3.0 on the APB bit is wired; CHIP_VER_REV2 is burnt on those chips only.
		return f.Lot.Efuses.Revision(f.Lot.Efuses.Word(0, revision2Word)>>revision2Bit&1 == 1)
	}
	f.assume("chip revision v3.1 with the 2019 ROM (--chip-revision states it)")
	return efuse.Revision{Major: 3, Minor: 1}
}

func (f *Factory) rom(rev efuse.Revision) emu.ROM {
	if f.Lot.ROM != nil {
		return *f.Lot.ROM
	}
	if rev.Major >= 3 {
		return emu.ROM2019
	}
	return emu.ROM2016
}

// efuses returns the device's eFuses: the lot's, or those of a chip that was
// given the lot's key and had flash encryption enabled, or blank ones.
func (f *Factory) efuses(rev efuse.Revision) *efuse.Set {
	if f.Lot.Efuses != nil {
		return f.Lot.Efuses.Clone()
	}
	s := efuse.New()
	burnRevision(s, rev)
	if f.Lot.Key == nil {
		f.assume("eFuses blank: flash encryption off (--efuse, --key or bootsim.yaml state otherwise)")
		return s
	}
	f.assume("flash encryption on with the given key, FLASH_CRYPT_CNT=1 and FLASH_CRYPT_CONFIG=0xF (--efuse states otherwise)")
	enableEncryption(s, *f.Lot.Key)
	return s
}

// Bits of BLOCK0 that this package sets itself (spec 4.1).
const (
	revision1Word, revision1Bit = 3, 15 // CHIP_VER_REV1
	revision2Word, revision2Bit = 5, 20 // CHIP_VER_REV2
	minorWord, minorBit         = 5, 24 // WAFER_VERSION_MINOR
	configWord, configBit       = 5, 28 // FLASH_CRYPT_CONFIG
	cryptCntBit                 = 20
	keyReadBit, keyWriteBit     = 16, 7 // BLOCK1 in RD_DIS and WR_DIS
)

// burnRevision burns the revision bits that a chip leaves its factory with.
func burnRevision(s *efuse.Set, rev efuse.Revision) {
	var w [7]uint32
	if rev.Major >= 1 {
		w[revision1Word] |= 1 << revision1Bit
	}
	if rev.Major >= 2 {
		w[revision2Word] |= 1 << revision2Bit
	}
	w[minorWord] |= uint32(rev.Minor&3) << minorBit
	_ = s.Burn(0, w[:]) // a blank set refuses nothing
}

// enableEncryption burns what first boot burns: key, configuration, one bit of
// the counter, and the key's protection.
func enableEncryption(s *efuse.Set, key crypt.Key) {
	var w [7]uint32
	w[configWord] = 0xF << configBit
	w[0] = 1<<cryptCntBit | 1<<keyReadBit | 1<<keyWriteBit
	_ = s.PlaceFlashKey(key)
	_ = s.Burn(0, w[:]) // a blank set refuses nothing
}

// ErrKeyUnknown says that flash encryption is on and nobody told the key.
var ErrKeyUnknown = errors.New("flash encryption is on and its key cannot be read from the eFuse dump")

// fillKey puts the host's copy of the key where a dump shows a read-protected block.
func (f *Factory) fillKey() error {
	s := f.Device.Efuses
	if !s.KeyReadProtected(1) || !s.HardwareFlashKey().IsZero() {
		return nil
	}
	if f.Lot.Key == nil {
		if s.FlashEncryption() {
			return ErrKeyUnknown
		}
		return nil
	}
	if err := s.PlaceFlashKey(*f.Lot.Key); err != nil {
		return err
	}
	f.assume("the key file is the key in BLOCK1, which the eFuse dump cannot show")
	return nil
}

// place writes the contents as the factory's flasher does.
func (f *Factory) place() error {
	cipher := f.Device.Cipher()
	for _, p := range f.Lot.Contents {
		data := p.Data
		if p.Form == bootsim.FormEncrypted && cipher != nil {
			data = make([]byte, (len(p.Data)+15)&^15)
			n := copy(data, p.Data)
			for i := n; i < len(data); i++ {
				data[i] = 0xFF
			}
			if err := cipher.Encrypt(p.Address, data, data); err != nil {
				return fmt.Errorf("%s: %w", p.File, err)
			}
		}
		if err := f.Device.Flash.Place(p.Address, data); err != nil {
			return fmt.Errorf("%s: %w", p.File, err)
		}
	}
	return nil
}
