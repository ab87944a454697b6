package bootloader

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
)

// halt is the end of a boot, on its way up from the step that brought it about.
type halt struct {
	end        emu.End
	lines      []string // printed last, without envelope
	notModeled string
}

func (h *halt) Error() string { return fmt.Sprintf("boot ended: %d %s", h.end, h.notModeled) }

// started is the end that every boot is for.
var started error = &halt{end: emu.EndApp}

// giveUp is the end of a bootloader that cannot go on: v3.1 and older return to
// ROM, later ones reset the chip (spec 2.2).
func (s *session) giveUp() error {
	if s.p.has(featResets) {
		return &halt{end: emu.EndReset}
	}
	if s.overEntry && s.out.Guess.Why == "" {
		s.guess(len(s.out.Log), "a refused app was loaded over the code at 0x%08x to which the bootloader returns: what follows depends on the binary, which only --engine exec executes",
			s.p.Memory.EntryStart)
	}
	return &halt{end: emu.EndReturned, lines: []string{rom.UserCodeDone}}
}

// fault is a CPU exception at an address of data. ROM's handler prints it; the
// program counter is not modelled.
func fault(cause uint8, address uint32) error {
	return &halt{end: emu.EndException, lines: rom.Fatal(cause, address)}
}

// aborted is a call of abort(), or an assertion that a build prints nothing
// more about.
func aborted() error {
	return &halt{end: emu.EndAbort, lines: []string{"abort() was called at PC 0x*"}}
}

// unmodelled ends a boot where no model exists of what follows.
func unmodelled(format string, args ...any) error {
	return &halt{end: emu.EndUnknown, notModeled: fmt.Sprintf(format, args...)}
}

// finish turns the end into the outcome.
func (s *session) finish(err error) emu.Outcome {
	if h, ok := errors.AsType[*halt](err); ok {
		s.out.End, s.out.NotModelled = h.end, h.notModeled
		for _, l := range h.lines {
			s.console(l)
		}
	} else if err != nil {
		s.out.End, s.out.NotModelled = emu.EndUnknown, err.Error()
	}
	if s.out.End == emu.EndReset {
		s.out.NextCause = emu.ResetSoftware
	}
	return s.out
}
