package esptool

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// region is a stretch of data and where it goes.
type region struct {
	addr uint64
	data []byte
}

// writeJob writes one file.
func (s *session) writeJob(params flashParams, w *writing, j job) error {
	if len(j.data) == 0 {
		s.env.Warn("'%s' is empty.", j.name)
		return nil
	}
	image, before, err := s.prepareImage(params, j)
	if err != nil {
		return err
	}
	addr := j.addr
	if over := int(addr % sectorSize); !s.stub() && over > 0 {
		addr -= uint64(over)
		lead := bytes.Repeat([]byte{0xFF}, over)
		image = append(bytes.Clone(lead), image...)
		if before != nil {
			before = append(lead, before...)
		}
	}
	whole := region{addr, image}
	if w.skip && s.inFlash(whole, "Comparing flash contents against new data...") {
		s.env.Printf("'%s' at 0x%08x already in flash, skipping write.\n", j.name, j.addr)
		return nil
	}
	if before == nil {
		return s.writeWhole(whole, j)
	}
	return s.writeChanged(whole, before, w.trust, j)
}

// prepareImage returns a file, and what was flashed before it, as they go to
// flash: padded, and with the flash parameters.
func (s *session) prepareImage(params flashParams, j job) (image, before []byte, err error) {
	align := 4
	if j.encrypt {
		align = encryptAlign
	}
	if before = j.before; before != nil && j.encrypt {
		s.note("Fast reflashing encrypted images is not supported. Will flash the full %s.", j.name)
		before = nil
	}
	image = padded(j.data, align)
	if before != nil {
		before = padded(before, 4)
	}
	if s.secureBoot() {
		s.env.Warn("Security features enabled, so not changing any flash settings.")
		return image, before, nil
	}
	c := chipNamed("esp32")
	if image, err = s.apply(params, c, j.addr, image); err != nil || before == nil {
		return image, before, err
	}
	before, err = s.apply(params, c, j.addr, before)
	return image, before, err
}

// inFlash tells whether data is in flash already.
func (s *session) inFlash(r region, saying string) bool {
	s.env.Print(saying)
	return s.same(r)
}

func (s *session) same(r region) bool {
	end := r.addr + uint64(len(r.data))
	return end <= uint64(s.chip.Flash.Size()) && bytes.Equal(s.cells(r.addr, len(r.data)), r.data)
}

// writeWhole writes a file and verifies it.
func (s *session) writeWhole(r region, j job) error {
	if err := s.program(r, j.addr, j.encrypt); err != nil {
		return err
	}
	s.env.Print("Verifying written data...")
	if j.encrypt {
		s.env.Print("Cannot verify written data if encrypted or in secure download mode.")
		return nil
	}
	return s.verify(r)
}

func (s *session) verify(r region) error {
	if s.same(r) {
		s.env.Print("Hash of data verified.")
		return nil
	}
	want, got := md5.Sum(r.data), md5.Sum(s.cells(r.addr, len(r.data)))
	s.env.Print("Input MD5: " + hex.EncodeToString(want[:]))
	s.env.Print("Flash MD5: " + hex.EncodeToString(got[:]))
	return cli.Fatalf("MD5 of file does not match data in flash!")
}

// program erases the sectors of a stretch and programs it. origin is the
// address that the user named.
func (s *session) program(r region, origin uint64, encrypt bool) error {
	first, end := origin&^(sectorSize-1), (r.addr+uint64(len(r.data))+sectorSize-1)&^(sectorSize-1)
	if !s.values.Flag("erase-all") {
		if over := origin % sectorSize; over != 0 {
			s.note("Flash address 0x%08x is not aligned to a 0x1000 byte flash sector. %#x bytes before this address will be erased.", origin, over)
		}
		s.env.Printf("Flash will be erased from 0x%08x to 0x%08x...\n", first, end-1)
	}
	if !s.stub() {
		s.env.Print("Erasing flash...")
	}
	if err := s.chip.Flash.EraseRange(uint32(first), uint32(end-first)); err != nil {
		return err
	}
	data, err := s.encrypted(r, encrypt)
	if err != nil {
		return err
	}
	if err := s.chip.Flash.Program(uint32(r.addr), data); err != nil {
		return err
	}
	s.env.Printf("Wrote %d bytes at 0x%08x in 0.0 seconds.\n", len(data), origin)
	return nil
}

// encrypted returns what reaches the cells: with encrypt, what the chip's
// hardware makes of the data.
func (s *session) encrypted(r region, encrypt bool) ([]byte, error) {
	if !encrypt {
		return r.data, nil
	}
	c, err := s.chip.Cipher()
	if err != nil {
		return nil, cli.Fatalf("%v", err)
	}
	out := make([]byte, len(r.data))
	if err := c.Encrypt(uint32(r.addr), out, r.data); err != nil {
		return nil, cli.Fatalf("the chip encrypts at multiples of 16 bytes only: %v", err)
	}
	return out, nil
}
