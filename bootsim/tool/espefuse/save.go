package espefuse

import (
	"fmt"
	"math/big"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// save asks that a field is burnt, if that is possible.
func (s *session) save(f efuse.Field, v bits) error {
	switch {
	case f.Name == factoryMAC:
		return cli.Fatalf("Writing Factory MAC address is not supported")
	case f.Name == customMAC:
		return s.saveCustomMAC(f, v)
	case f.Name == adcVref:
		return cli.Fatalf("Writing to VRef is not supported.")
	case f.Derived:
		return cli.Fatalf("Burning %s is not supported.", f.Name)
	}
	return s.saveBits(f, v)
}

// saveBits checks the new bits of a field against those that are burnt or about
// to be, and adds them to its block.
func (s *session) saveBits(f efuse.Field, v bits) error {
	c := s.chip
	burnt, planned := c.bits(f), c.pendingBits(f)
	switch old := burnt.or(planned); {
	case v.zero() && old.zero():
		return nil
	case v.n != old.n:
		return cli.Fatalf("For %s eFuse, the length of the new value is wrong, expected %d bits, was %d bits.", f.Name, old.n, v.n)
	case v == old || v.within(burnt):
		s.env.Printf("\tThe same value for %s is already burned. Do not change the eFuse.\n", f.Name)
		return nil
	case v == planned:
		s.env.Printf("\tThe same value for %s is already prepared for the burn operation.\n", f.Name)
		return nil
	case !old.within(v) && f.Name != "WR_DIS" && f.Name != "RD_DIS":
		if err := s.clearsBits(f, v.or(old)); err != nil {
			return err
		}
	}
	if err := s.checkProtection(f.Name, c.shown.Readable(f), c.shown.Writeable(f)); err != nil {
		return err
	}
	pending := &c.blocks[f.Block].pending
	*pending = pending.or(v.shifted(f.Bit, pending.n))
	return nil
}

// clearsBits complains that a new value would clear bits. The error does not
// show what a key block holds.
func (s *session) clearsBits(f efuse.Field, both bits) error {
	text := both.String()
	if f.WholeBlock() && !s.forced() {
		text = "??"
	}
	return s.complain(fmt.Sprintf("\tNew value contains some bits that cannot be cleared (value will be %s)", text))
}

func (s *session) checkProtection(name string, readable, writeable bool) error {
	if !readable {
		err := s.complain(fmt.Sprintf("\t%s is read-protected. The written value can not be read, the eFuse/block looks as all 0.\n"+
			"\tBurn in this case may damage an already written value.", name))
		if err != nil {
			return err
		}
	}
	if !writeable {
		return s.complain(fmt.Sprintf("\t%s is write-protected. Burn is not possible.", name))
	}
	return nil
}

func (s *session) forced() bool { return s.force != nil && *s.force }

// complain makes an error, or a remark when the user insists.
func (s *session) complain(text string) error {
	if s.forced() {
		s.env.Print(text, "Skipped because '--force-write-always' option.")
		return nil
	}
	if s.force != nil {
		text += "(use '--force-write-always' option to ignore it)"
	}
	return cli.Fatalf("%s", text)
}

// saveCustomMAC asks for an address in BLOCK3, with MAC_VERSION and check byte.
func (s *session) saveCustomMAC(f efuse.Field, v bits) error {
	version := s.chip.must("MAC_VERSION")
	switch held := s.chip.shown.Get(version); {
	case held == 0:
		s.printChange(version, "0x1")
		if err := s.saveBits(version, bitsOfInt(big.NewInt(1), version.Len)); err != nil {
			return err
		}
	case held != 1 && !s.forced():
		return cli.Fatalf("MAC_VERSION = %d, should be 0 or 1.", held)
	}
	s.printChange(f, v.String())
	if err := s.saveBits(f, v); err != nil {
		return err
	}
	crc := s.chip.must(customMACCRC)
	check := efuse.MAC(v.b[:6]).CRC()
	s.printChange(crc, fmt.Sprintf("%#x", check))
	return s.saveBits(crc, bitsOfInt(big.NewInt(int64(check)), crc.Len))
}

// printChange tells what a field will become.
func (s *session) printChange(f efuse.Field, to string) {
	s.env.Printf("    - '%s' (%s) %s -> %s\n", f.Name, s.chip.describe(f), s.chip.bits(f), to)
}
