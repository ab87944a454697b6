package esptool

import (
	"bytes"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// readFlash copies a part of the flash into a file, encrypted as it lies there.
func (s *session) readFlash() (action, error) {
	addr, size, err := s.area()
	if err != nil {
		return nil, err
	}
	output := s.values.Args[2]
	return func() error {
		size, err := s.fitArea(addr, size)
		if err != nil {
			return err
		}
		for _, name := range []string{s.chip.Name(), s.global.Text("path-efuse-file"), s.global.Text("keyfile")} {
			if name != "" && s.env.SameFile(output, name) {
				return cli.Fatalf("%s is part of the simulated chip: name another file for the output", output)
			}
		}
		if _, err := s.configureSize(); err != nil {
			return err
		}
		data := s.cells(addr, int(size))
		s.env.Printf("Read %d bytes from 0x%08x in 0.0 seconds to '%s'.\n", len(data), addr, output)
		return s.writeOutput(output, data)
	}, nil
}

// cells returns what lies in flash.
func (s *session) cells(addr uint64, size int) []byte {
	b := make([]byte, size)
	s.chip.Flash.Read(uint32(addr), b)
	return b
}

// verifyFlash compares files with the flash.
func (s *session) verifyFlash() (action, error) {
	parts, err := s.pairs(pairsName, s.values.Args)
	if err != nil {
		return nil, err
	}
	return func() error {
		params := s.flashParams()
		if params.size, err = s.configureSize(); err != nil {
			return err
		}
		failed := false
		for _, p := range parts {
			same, err := s.verifyPart(params, p)
			if err != nil {
				return err
			}
			failed = failed || !same
		}
		if failed {
			return cli.Fatalf("Verification failed.")
		}
		return nil
	}, nil
}

func (s *session) verifyPart(params flashParams, p part) (bool, error) {
	image, err := s.apply(params, chipNamed("esp32"), p.addr, padded(p.data, 4))
	if err != nil {
		return false, err
	}
	s.env.Printf("Verifying %#x (%d) bytes at 0x%08x in flash against '%s'...\n", len(image), len(image), p.addr, p.name)
	if err := s.checkEnd(p, len(image)); err != nil {
		return false, err
	}
	flash := s.cells(p.addr, len(image))
	if bytes.Equal(flash, image) {
		s.env.Print("Verification successful (digest matched).")
		return true, nil
	}
	if !s.values.Flag("diff") {
		s.env.Print("Verification failed (digest mismatch).")
		return false, nil
	}
	s.printDifferences(p.addr, flash, image)
	return false, nil
}

// checkEnd refuses what reaches past the chip, where addresses wrap.
func (s *session) checkEnd(p part, length int) error {
	if p.addr+uint64(length) > uint64(s.chip.Flash.Size()) {
		return cli.Fatalf("'%s' (length %d) at offset 0x%08x does not lie in %d bytes of flash.", p.name, length, p.addr, s.chip.Flash.Size())
	}
	return nil
}

func (s *session) printDifferences(addr uint64, flash, image []byte) {
	var at []int
	for i := range image {
		if flash[i] != image[i] {
			at = append(at, i)
		}
	}
	s.env.Printf("Verification failed: %d differences, first at 0x%08x:\n", len(at), addr+uint64(at[0]))
	for _, i := range at {
		s.env.Printf("   0x%08x %02x %02x\n", addr+uint64(i), flash[i], image[i])
	}
}

// padded returns data with 0xff up to a multiple of n bytes.
func padded(data []byte, n int) []byte {
	out := append([]byte(nil), data...)
	for len(out)%n != 0 {
		out = append(out, 0xFF)
	}
	return out
}

// configureSize tells the flash size to the stub and returns the value of
// --flash-size with "detect" resolved.
func (s *session) configureSize() (string, error) {
	s.env.Print("Configuring flash size...")
	switch size := s.values.Text(optFlashSize); size {
	case "detect":
		s.env.Print("Auto-detected flash size: " + s.chip.SizeText())
		return s.chip.SizeText(), nil
	case "keep":
		if !s.stub() {
			s.note("In case of failure, please set a specific flash size.")
		}
		return size, nil
	default:
		if sizeBytes(size) > 16<<20 {
			s.note("Flash sizes larger than than 16MB are not fully supported. Change the flash size argument in case of a failure.")
		}
		return size, nil
	}
}
