package esp32

import (
	"fmt"

	"github.com/bootsim/bootsim/emu/rom"
)

// Story tells how a run of an application ended, in a sentence.
func (r *Result) Story() string {
	after := fmt.Sprintf("after %d instructions", r.AppSteps)
	switch r.How {
	case Excepted:
		return r.exceptionStory() + " " + after
	case Spinning:
		return "an endless loop " + after + withText(r.Text)
	case OutOfSteps:
		return "still running " + after
	case Reset:
		return "a reset of the chip " + after
	case Aborted:
		return "the ROM's abort() " + after
	case Returned:
		return "a return to the ROM " + after
	}
	return "ended " + after + withText(r.Text)
}

func withText(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// exceptionStory names an exception, its place, and the flash behind it.
func (r *Result) exceptionStory() string {
	s := fmt.Sprintf("%s at 0x%08x", rom.CauseName(uint8(r.Exception.Cause)), r.Exception.PC)
	if r.Exception.Address != r.Exception.PC && r.Exception.Address != 0 {
		s += fmt.Sprintf(", accessing 0x%08x", r.Exception.Address)
	}
	switch b := r.Behind; {
	case b.Mapped:
		s += fmt.Sprintf("; behind 0x%08x lies flash 0x%08x", b.Addr, b.Flash)
	case b.InWindow:
		s += fmt.Sprintf("; no flash page is mapped at 0x%08x", b.Addr)
	}
	return s
}
