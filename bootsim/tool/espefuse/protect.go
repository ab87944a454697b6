package espefuse

import (
	"math/big"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// guard is one of the two protections: the field whose bits it is, and how the
// texts call it.
type guard struct {
	register       string
	verb           string // read-disabled
	already, never string // ends of messages
	bit            func(efuse.Field) int
	open           func(*efuse.Set, efuse.Field) bool
}

// rdDis is read protection.
func rdDis() guard {
	return guard{
		register: "RD_DIS", verb: "read-disabl", already: "is already read protected", never: "is not read-protected.",
		bit: func(f efuse.Field) int { return f.ReadBit }, open: (*efuse.Set).Readable,
	}
}

// wrDis is write protection.
func wrDis() guard {
	return guard{
		register: "WR_DIS", verb: "write-disabl", already: "is already write protected.", never: "is not write-protected.",
		bit: func(f efuse.Field) int { return f.WriteBit }, open: (*efuse.Set).Writeable,
	}
}

func prepareReadProtect(s *session, call cli.Call) (action, error) {
	return s.prepareProtect(call, rdDis(), readable)
}

func prepareWriteProtect(s *session, call cli.Call) (action, error) {
	return s.prepareProtect(call, wrDis(), writeable)
}

func (s *session) prepareProtect(call cli.Call, g guard, ok func(efuse.Field) bool) (action, error) {
	choices := s.chip.names(ok)
	for _, name := range call.Values.Args {
		if err := s.choice(call, "{"+strings.Join(choices, "|")+"}...", name, choices); err != nil {
			return nil, err
		}
	}
	return func() error { return s.protect(call.Values.Args, g) }, nil
}

func (s *session) protect(names []string, g guard) error {
	if err := checkRepeated(names); err != nil {
		return err
	}
	for _, name := range names {
		if err := s.protectField(name, g); err != nil {
			return err
		}
	}
	if done, err := s.burnAll(); err != nil || !done {
		return err
	}
	s.env.Print("Checking eFuses...")
	failed := false
	for _, name := range names {
		if f := s.chip.must(name); g.open(s.chip.shown, f) {
			s.env.Printf("Efuse %s %s\n", f.Name, g.never)
			failed = true
		}
	}
	return s.conclude(failed)
}

func (s *session) protectField(name string, g guard) error {
	f := s.chip.must(name)
	if !g.open(s.chip.shown, f) {
		s.env.Printf("Efuse %s %s\n", f.Name, g.already)
		return nil
	}
	if err := s.checkDigestStaysReadable(name, g); err != nil {
		return err
	}
	shared := s.sharing(g, f)
	plural := ""
	if len(shared) > 1 {
		plural = "s"
	}
	s.env.Printf("Permanently %sing eFuse%s %s\n", g.verb, plural, strings.Join(shared, ", "))
	return s.disable(f, g)
}

// checkDigestStaysReadable keeps BLOCK2 readable if secure boot v2 needs it,
// and says so if it may. The virtual chip is a v3.
func (s *session) checkDigestStaysReadable(name string, g guard) error {
	if g.register != rdDis().register || name != blockName(2) || s.chip.shown.AbsDone0() {
		return nil
	}
	if s.chip.shown.AbsDone1() {
		return cli.Fatalf("Secure Boot V2 is on (ABS_DONE_1 = True), BLOCK2 must be readable, stop this operation!")
	}
	s.env.Print("If Secure Boot V2 is used, BLOCK2 must be readable, please stop this operation!")
	return nil
}

// sharing lists the fields that have their protection bit in common with f.
func (s *session) sharing(g guard, f efuse.Field) (names []string) {
	for _, other := range s.chip.fields {
		if g.bit(other) == g.bit(f) && !slices.Contains(names, other.Name) {
			names = append(names, other.Name)
		}
	}
	return names
}

// disable asks for the protection bit of a field.
func (s *session) disable(f efuse.Field, g guard) error {
	register := s.chip.must(g.register)
	if !s.chip.shown.Writeable(register) {
		return cli.Fatalf("This eFuse cannot be %sed due to the %s field being already write-disabled", g.verb, g.register)
	}
	bit := new(big.Int).Lsh(big.NewInt(1), uint(g.bit(f)))
	return s.save(register, bitsOfInt(bit, register.Len))
}
