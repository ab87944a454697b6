package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// ImageAddress is where the bootloader's own image lies: the ROM fixes it.
const ImageAddress = 0x1000

// headerBytes is an image header as it lies in flash.
type headerBytes [espimage.HeaderSize]byte

// start is everything before the partition table: revision, banner, clock,
// flash chip, entropy (spec 2.2, steps 1 to 10).
func (s *session) start() error {
	if !s.p.has(featBannerFirst) {
		return s.startOld()
	}
	if err := s.checkFrequency(); err != nil {
		return err
	}
	s.crystalNote()
	s.banner()
	s.log(msgNoXMC, sfdpByte)
	if err := s.readHeader(); err != nil {
		return err
	}
	if err := s.ownValidity(msgChipRevision); err != nil {
		return err
	}
	if err := s.checkPins(); err != nil {
		return err
	}
	s.quadMode()
	s.flashInfo()
	s.watchdogNote()
	s.watchdog()
	s.log(msgRNGOn)
	return nil
}

// startOld is the order of v3.x and v4.0.
func (s *session) startOld() error {
	s.log(msgNoXMC, sfdpByte)
	if !s.p.has(featOwnHeaderLate) {
		if err := s.readHeader(); err != nil {
			return err
		}
	}
	if s.p.has(featEarlyInit) {
		if err := s.ownValidity(msgChipRevisionEarly); err != nil {
			return err
		}
	}
	if err := s.checkFrequency(); err != nil {
		return err
	}
	s.crystalNote()
	s.log(msgDetected, s.chipName())
	s.watchdogNote()
	s.banner()
	s.watchdog()
	if err := s.checkPins(); err != nil {
		return err
	}
	s.log(msgRNGOn)
	s.quadMode()
	if s.p.has(featOwnHeaderLate) {
		if err := s.readHeader(); err != nil {
			return err
		}
	}
	s.flashInfo()
	return nil
}

// sfdpByte is what a flash chip of no particular make returns where XMC's
// chips tell their name.
const sfdpByte = 0

// crystalNote is printed by builds for another crystal than the module has.
func (s *session) crystalNote() {
	if measured := s.dev.CrystalMHz(); s.p.Crystal != 0 && s.p.Crystal != measured {
		s.log(msgCrystal, s.p.Crystal, measured)
	}
}

// chipName is the package by eFuse, as builds of v3.0's time print it.
func (s *session) chipName() string {
	switch s.dev.Efuses.ReadBits(0, 3, 7<<9) >> 9 {
	case 2:
		return "ESP32D2WD"
	case 4:
		return "ESP32PICOD2"
	case 5:
		return "ESP32PICOD4"
	}
	return "ESP32"
}

// ratedFrequency is what chips stand whose eFuses limit them, in MHz.
const ratedFrequency = 160

// checkFrequency refuses a chip that is slower than the build asks for.
func (s *session) checkFrequency() error {
	if s.p.CPUFrequency <= ratedFrequency || s.p.texts[msgCPURated].text == "" || !s.dev.Efuses.CPULimit160() {
		return nil
	}
	s.refuse(emu.Refusal{Reason: emu.ReasonCPUFrequency, Slot: emu.SlotNone, Want: uint64(s.p.CPUFrequency), Got: ratedFrequency},
		msgCPURated, ratedFrequency, s.p.CPUFrequency)
	return s.giveUp()
}

// readHeader reads the bootloader's own image header, from which the flash size
// comes.
func (s *session) readHeader() error {
	s.read(ImageAddress, s.header[:])
	return nil
}

func (s *session) banner() {
	s.log(msgBanner, s.p.VersionText)
	if s.p.CompileTime != "" {
		s.log(msgCompileTime, s.p.CompileTime)
	}
	if s.p.SingleCore == Yes {
		s.log(msgUnicore)
	} else {
		s.log(msgMulticore)
	}
}

// ownValidity prints the chip's revision and checks it against the
// bootloader's own header (spec 2.3).
func (s *session) ownValidity(line messageID) error {
	rev := s.revision()
	switch {
	case s.p.has(featRevisionTwoPart):
		s.log(line, rev.Major, rev.Minor)
	case s.p.has(featRevisionThreeDigits):
		s.log(line, rev.Full())
	default:
		s.log(line, rev.Major)
	}
	h, _ := espimage.DecodeHeader(s.header[:])
	if s.p.has(featChipIDs) && !s.checkValidity(h, ownImage, emu.Refusal{Slot: emu.SlotNone, Offset: ImageAddress}) {
		return s.giveUp()
	}
	return nil
}

// watchdogNote is printed after a watchdog reset of the PRO CPU. What the
// debug registers held is not modelled.
func (s *session) watchdogNote() {
	switch s.dev.Cause {
	case 7, 8, 9, 0xB, 0xD:
		s.log(msgResetByWDT)
	}
}

// watchdog starts the RTC watchdog.
func (s *session) watchdog() {
	if s.p.Watchdog != 0 {
		s.log(msgWatchdog, s.p.Watchdog)
	}
}

// checkPins refuses flash pins moved by eFuses in builds that cannot follow
// them; the check fell away in v6.0.
func (s *session) checkPins() error {
	if !s.p.PinsFixed || s.p.texts[msgPinsOverridden].text == "" || !s.pinsMoved() {
		return nil
	}
	s.log(msgPinsOverridden)
	return s.giveUp()
}

// pinsMoved tells whether BLOCK0 names flash pins other than the default ones
// and those of HSPI (ROM's ets_efuse_get_spiconfig).
func (s *session) pinsMoved() bool {
	w5, w3 := s.dev.Efuses.ReadBits(0, 5, 0xFFFFF), s.dev.Efuses.ReadBits(0, 3, 31<<4)
	pins := w5&0xFFFFF | (w3>>4&0x1F)<<20
	return pins != 0 && pins != hspiPins
}

// hspiPins is CLK 14, Q 12, D 13, CS0 15, HD 4, as BLOCK0 packs them.
const hspiPins = 14 | 12<<5 | 13<<10 | 15<<15 | 4<<20
