package esptool

import (
	"fmt"
	"strings"
)

// describe prints what kind of chip the eFuses make it.
func (s *session) describe() {
	s.env.Printf("%-20s%s (revision v%d.%d)\n", "Chip type:", s.chipName(), s.chip.Revision().Major, s.chip.Revision().Minor)
	s.env.Printf("%-20s%s\n", "Features:", strings.Join(s.features(), ", "))
	s.env.Printf("%-20s%s\n", "Crystal frequency:", "40MHz")
	s.printMAC()
}

// word returns a word of BLOCK0 as the tool reads it over the wire.
func (s *session) word(i int) uint32 { return s.chip.Fuses.ReadWord(0, i) }

// chipName returns the name of the chip's package.
func (s *session) chipName() string {
	v3 := s.chip.Revision().Major == 3
	core := "D"
	if s.word(3)&1 != 0 {
		core = "S"
	}
	either := func(name string) string {
		if v3 && core == "D" {
			return "ESP32-D" + name + "-V3"
		}
		return "ESP32-" + core + name
	}
	switch s.chip.Fuses.Package() {
	case 0:
		return either("0WDQ6")
	case 1:
		return either("0WD")
	case 2:
		return "ESP32-D2WD"
	case 4:
		return "ESP32-U4WDH"
	case 5:
		if v3 {
			return "ESP32-PICO-V3"
		}
		return "ESP32-PICO-D4"
	case 6:
		return "ESP32-PICO-V3-02"
	case 7:
		return "ESP32-D0WDR2-V3"
	}
	return "Unknown ESP32"
}

func (s *session) features() []string {
	w3, pkg := s.word(3), s.chip.Fuses.Package()
	list := []string{"Wi-Fi"}
	add := func(is bool, text string) {
		if is {
			list = append(list, text)
		}
	}
	add(w3&(1<<1) == 0, "BT")
	add(w3&1 != 0, "Single Core + LP Core")
	add(w3&1 == 0, "Dual Core + LP Core")
	rated, low := w3&(1<<13) != 0, w3&(1<<12) != 0
	add(rated && low, "160MHz")
	add(rated && !low, "240MHz")
	add(pkg == 2 || pkg >= 4 && pkg <= 6, "Embedded Flash")
	add(pkg == 6, "Embedded PSRAM")
	add(s.word(4)>>8&0x1F != 0, "Vref calibration in eFuse")
	add(w3>>14&1 != 0, "BLK3 partially reserved")
	coding := [...]string{"None", "3/4", "Repeat (UNSUPPORTED)", "None (may contain encoding data)"}
	return append(list, "Coding Scheme "+coding[s.word(6)&3])
}

func (s *session) printMAC() {
	mac, _ := s.chip.Fuses.MAC()
	s.env.Printf("%-20s%s\n", "MAC:", mac)
}

func (s *session) readMAC() (action, error) {
	return func() error { s.printMAC(); return nil }, nil
}

func (s *session) chipID() (action, error) {
	return func() error {
		s.env.Warn("ESP32 has no chip ID. Reading MAC address instead.")
		s.printMAC()
		return nil
	}, nil
}

// flashID prints the ids that a flash chip of GigaDevice of this size has.
func (s *session) flashID() (action, error) {
	return func() error {
		s.title("Flash Memory Information:")
		s.env.Print("Manufacturer: c8")
		s.env.Printf("Device: 40%02x\n", s.sizeID())
		s.env.Print("Detected flash size: " + s.chip.SizeText())
		s.env.Print(s.voltage())
		return nil
	}, nil
}

// sizeID is the last byte of the flash chip's id, the logarithm of its size.
func (s *session) sizeID() (id int) {
	for n := s.chip.Flash.Size(); n > 1; n >>= 1 {
		id++
	}
	return id
}

// voltage tells what sets the supply of the flash: eFuses, or else a pin that
// is taken to be low.
func (s *session) voltage() string {
	const xpd, tieh, forced = 1 << 14, 1 << 15, 1 << 16
	w := s.word(4)
	level := "3.3V"
	switch {
	case w&forced == 0:
		return fmt.Sprintf("Flash voltage set by a strapping pin: %s", level)
	case w&xpd == 0:
		level = "OFF"
	case w&tieh == 0:
		level = "1.8V"
	}
	return fmt.Sprintf("Flash voltage set by eFuse: %s", level)
}
