package check

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

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
// given the lot's keys and had enabled what they are for, or blank ones.
func (f *Factory) efuses(rev efuse.Revision) *efuse.Set {
	if f.Lot.Efuses != nil {
		return f.Lot.Efuses.Clone()
	}
	s := efuse.New()
	burnRevision(s, rev)
	if f.Lot.BootKey != nil {
		f.enableBoot(s)
	}
	switch {
	case f.Lot.Key != nil:
		f.assume("flash encryption on with the given key, FLASH_CRYPT_CNT=1 and FLASH_CRYPT_CONFIG=0xF (--efuse states otherwise)")
		enableEncryption(s, *f.Lot.Key)
	case f.Lot.BootKey == nil:
		f.assume("eFuses blank: flash encryption off (--efuse, --key or bootsim.yaml state otherwise)")
	default:
		f.assume("flash encryption off (--efuse, --key or bootsim.yaml state otherwise)")
	}
	return s
}

// enableBoot burns what Secure Boot burns at first boot, with the lot's key.
func (f *Factory) enableBoot(s *efuse.Set) {
	scheme, done, protect := "V1", "ABS_DONE_0", uint32(1<<bootKeyWriteBit|1<<bootKeyReadBit)
	bit := absDone0Bit
	if f.Lot.BootKey.Signed {
		scheme, done, protect, bit = "V2", "ABS_DONE_1", 1<<bootKeyWriteBit, absDone1Bit
	}
	f.assume("Secure Boot %s on with the given key: %s is burnt (--efuse states otherwise)", scheme, done)
	var w [7]uint32
	w[0], w[absDoneWord] = protect, 1<<bit
	_ = f.Lot.BootKey.Place(s) // a blank set has no coding scheme that it could not fit
	_ = s.Burn(0, w[:])        // and refuses nothing
}

// Bits of BLOCK0 that this package sets itself (spec 4.1).
const (
	revision1Word, revision1Bit = 3, 15 // CHIP_VER_REV1
	revision2Word, revision2Bit = 5, 20 // CHIP_VER_REV2
	minorWord, minorBit         = 5, 24 // WAFER_VERSION_MINOR
	configWord, configBit       = 5, 28 // FLASH_CRYPT_CONFIG
	cryptCntBit                 = 20
	keyReadBit, keyWriteBit     = 16, 7 // BLOCK1 in RD_DIS and WR_DIS

	bootKeyReadBit, bootKeyWriteBit = 17, 8 // BLOCK2 in RD_DIS and WR_DIS
	absDoneWord                     = 6
	absDone0Bit, absDone1Bit        = 4, 5
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

// fillBootKey puts the host's copy of the key of Secure Boot where a dump shows a
// read-protected block. Without it the boot ends at the ROM's check.
func (f *Factory) fillBootKey() error {
	s := f.Device.Efuses
	if f.Lot.BootKey == nil || !s.KeyReadProtected(2) || !s.HardwareBootKey().IsZero() {
		return nil
	}
	if err := f.Lot.BootKey.Place(s); err != nil {
		return fmt.Errorf("%s: %w", f.Lot.BootKey.File, err)
	}
	f.assume("%s is the key in BLOCK2, which the eFuse dump cannot show", f.Lot.BootKey.File)
	return nil
}
