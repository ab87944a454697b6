package esptool

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel"
)

// eraseFlash erases everything.
func (s *session) eraseFlash() (action, error) {
	return func() error {
		if err := s.eraseAll(); err != nil {
			return err
		}
		return s.create()
	}, nil
}

// create makes sure that there is a flash file even if nothing changed in it.
func (s *session) create() error {
	if err := s.chip.Create(); err != nil {
		return cli.Fatalf("%v", err)
	}
	return nil
}

func (s *session) eraseAll() error {
	if err := s.checkErase(); err != nil {
		return err
	}
	s.env.Print("Erasing flash memory (this may take a while)...")
	if !s.stub() {
		s.note("You can use the erase-region command in ROM bootloader mode to erase a specific region.")
		return cli.Fatalf("ESP32 ROM does not support function erase_flash.")
	}
	if err := s.chip.Flash.Erase(0, flashmodel.OpEraseChip); err != nil {
		return err
	}
	s.env.Print("Flash memory erased successfully in 0.0 seconds.")
	return nil
}

// eraseRegion erases sectors.
func (s *session) eraseRegion() (action, error) {
	addr, size, err := s.area()
	if err != nil {
		return nil, err
	}
	return func() error {
		size, err := s.fitArea(addr, size)
		if err != nil {
			return err
		}
		for _, v := range []struct {
			what  string
			value uint64
		}{{"Offset to erase from", addr}, {"Size of data to erase", size}} {
			if v.value%sectorSize != 0 {
				return cli.Fatalf("%s must be a multiple of %d.", v.what, sectorSize)
			}
		}
		if err := s.checkErase(); err != nil {
			return err
		}
		s.env.Print("Erasing flash memory region (this may take a while depending on size)...")
		if !s.stub() {
			s.env.Print("Configuring flash size...")
			s.env.Print("Auto-detected flash size: " + s.chip.SizeText())
		}
		if err := s.chip.Flash.EraseRange(uint32(addr), uint32(size)); err != nil {
			return err
		}
		s.env.Print("Flash memory region erased successfully in 0.0 seconds.")
		return s.create()
	}, nil
}

// all stands for a size that is the whole flash.
const all = 1<<64 - 1

// area reads the arguments ADDRESS and SIZE.
func (s *session) area() (addr, size uint64, err error) {
	a, ok := cli.ParseInt(s.values.Args[0])
	if !ok || a.Sign() < 0 || a.BitLen() > 32 {
		return 0, 0, s.invalid("ADDRESS", "'%s' is not a valid integer.", s.values.Args[0])
	}
	text := s.values.Args[1]
	if strings.EqualFold(text, "all") {
		return a.Uint64(), all, nil
	}
	digits, unit, dot := text, uint64(1), "."
	switch {
	case strings.HasSuffix(text, "k"):
		digits, unit, dot = text[:len(text)-1], 1<<10, ""
	case strings.HasSuffix(text, "M"):
		digits, unit, dot = text[:len(text)-1], 1<<20, ""
	}
	n, ok := cli.ParseInt(digits)
	if !ok || n.Sign() < 0 || n.BitLen() > 32 {
		return 0, 0, s.invalid("SIZE", "'%s' is not a valid integer%s", text, dot)
	}
	return a.Uint64(), n.Uint64() * unit, nil
}

// fitArea returns the size of an area that lies in the flash.
func (s *session) fitArea(addr, size uint64) (uint64, error) {
	flash := uint64(s.chip.Flash.Size())
	switch {
	case size == all:
		size = flash
		s.env.Print("Detected flash size: " + s.chip.SizeText())
	case size > flash:
		return 0, cli.Fatalf("Specified size %#x is greater than detected flash size %#x.", size, flash)
	}
	if over := int64(addr+size) - 0x1000000; over > 0 {
		return 0, cli.Fatalf("Can't access flash regions larger than 16MB (set size %#x from address 0x%08x goes past 16MB by %#x bytes).",
			size, addr, over)
	}
	if over := int64(addr+size) - int64(flash); over > 0 {
		return 0, cli.Fatalf("Can't access flash regions larger than detected flash size (set size %#x from address 0x%08x goes past %s by %#x bytes).",
			size, addr, s.chip.SizeText(), over)
	}
	return size, nil
}
