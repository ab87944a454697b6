package espefuse

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// change is a field and what it is to become.
type change struct {
	name  string // as it was written
	field efuse.Field
	value newValue
}

func prepareBurnEfuse(s *session, call cli.Call) (action, error) {
	words := call.Values.Args
	if len(words) > 1 && len(words)%2 != 0 {
		return nil, s.misused(call, "The list does not have a valid pair (name value) %s", tuple(words))
	}
	var changes []change
	for i := 0; i < len(words); i += 2 {
		var text *string
		if len(words) > 1 {
			text = &words[i+1]
		}
		c, err := s.parseChange(call, words[i], text)
		if err != nil {
			return nil, err
		}
		changes = replaceChange(changes, c)
	}
	return func() error { return s.burnEfuse(changes) }, nil
}

// replaceChange adds a change, or puts it in the place of one with its name.
func replaceChange(changes []change, c change) []change {
	at := slices.IndexFunc(changes, func(o change) bool { return o.name == c.name })
	if at < 0 {
		return append(changes, c)
	}
	changes[at] = c
	return changes
}

func (s *session) parseChange(call cli.Call, name string, text *string) (change, error) {
	names := s.chip.names(func(efuse.Field) bool { return true })
	f, ok := s.chip.field(name)
	if !ok || !slices.Contains(names, name) {
		return change{}, s.misused(call, "Invalid eFuse name '%s'. Available eFuse names: %s", name, list(names))
	}
	if text == nil && f.Name == cryptCount && call.Spelled != call.Command.Name {
		return change{name, f, newValue{number: s.nextCryptCount(f)}}, nil
	}
	v, err := s.chip.parseValue(f, text)
	return change{name, f, v}, err
}

// nextCryptCount is what releases up to v4.5.1 burn when FLASH_CRYPT_CNT comes
// without a value. Later ones want one, as we do of a command in their spelling.
func (s *session) nextCryptCount(f efuse.Field) *big.Int {
	next := nextCount(s.chip.bits(f).int())
	s.env.Warn("burns the next bit of %s, as espefuse did up to v4.5.1. Later releases want the value: burn-efuse %s %#x", f.Name, f.Name, next)
	return next
}

func (s *session) burnEfuse(changes []change) error {
	s.env.Print("The eFuses to burn:")
	attention := s.announce(changes)
	s.env.Printf("\nBurning eFuses%s:\n", attention)
	for _, c := range changes {
		v, err := s.newBits(c.field, c.value)
		if err != nil {
			return err
		}
		s.printChange(c.field, v.String())
		if err := s.save(c.field, v); err != nil {
			return err
		}
	}
	s.env.Print()
	if slices.ContainsFunc(changes, func(c change) bool { return c.name == "UART_DOWNLOAD_DIS" }) {
		s.env.Print("UART_DOWNLOAD_DIS -> 1: eFuses will be read for confirmation, " +
			"but after that connection to the chip will become impossible.\n" +
			"                        espefuse/esptool will not work.")
	}
	if done, err := s.burnAll(); err != nil || !done {
		return err
	}
	return s.checkChanges(changes)
}

// announce lists what will be burnt, block by block. It returns a remark if
// coding makes other fields of a block final.
func (s *session) announce(changes []change) (attention string) {
	var final []string
	for block := range efuse.BlockCount {
		var names []string
		for _, c := range changes {
			if c.field.Block == block {
				names = append(names, c.field.Name)
			}
		}
		if names == nil {
			continue
		}
		s.env.Printf("  from BLOCK%d\n", block)
		for _, name := range names {
			s.env.Print("     - " + name)
		}
		if block > 0 && s.chip.scheme == efuse.Coding34 {
			attention = " (see 'ATTENTION!' above)"
			final = s.otherFields(block, names)
		}
		if attention != "" {
			s.printAttention(final)
		}
	}
	return attention
}

// otherFields lists the fields of a block but for some.
func (s *session) otherFields(block int, but []string) (names []string) {
	for _, f := range s.chip.fields {
		if f.Block == block && !slices.Contains(but, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

func (s *session) printAttention(names []string) {
	if len(names) == 0 {
		return
	}
	s.env.Print("    ATTENTION! This BLOCK uses NOT the NONE coding scheme and after 'BURN', these efuses can not be burned in the feature:")
	for five := range slices.Chunk(names, 5) {
		s.env.Print("               " + list(five))
	}
}

// checkChanges reads back what was burnt.
func (s *session) checkChanges(changes []change) error {
	s.env.Print("Checking eFuses...")
	failed := false
	for _, c := range changes {
		if !s.chip.shown.Readable(c.field) {
			s.env.Printf("Efuse %s is read-protected. Read back the burn value is not possible.\n", c.field.Name)
			continue
		}
		want, err := s.newBits(c.field, c.value)
		if err != nil {
			return err
		}
		if held := s.chip.bits(c.field); held != want {
			s.env.Print(held.String(), "->", want.String(), fmt.Sprintf("Efuse %s failed to burn. Protected?", c.field.Name))
			failed = true
		}
	}
	return s.conclude(failed)
}

// conclude ends a command that has checked its burn.
func (s *session) conclude(failed bool) error {
	if failed {
		return cli.Fatalf("The burn was not successful.")
	}
	s.env.Print("Successful.")
	return nil
}

// burnAndConclude ends a command that does not check its burn.
func (s *session) burnAndConclude() error {
	if done, err := s.burnAll(); err != nil || !done {
		return err
	}
	s.env.Print("Successful.")
	return nil
}
