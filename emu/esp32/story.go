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
		return fmt.Sprintf("an endless loop at 0x%08x ", r.PC) + after + withText(r.Text)
	case OutOfSteps:
		return fmt.Sprintf("still running at 0x%08x ", r.PC) + after
	case Reset:
		return "a reset of the chip " + after
	case Aborted:
		return "the ROM's abort() " + after
	case Returned:
		return "a return to the ROM " + after
	}
	return "ended " + after + withText(r.Text)
}

// Ending tells how a run of the second stage ended, in a sentence.
func (r *Result) Ending() string {
	switch r.How {
	case Entered:
		return fmt.Sprintf("jumps to the application's entry 0x%08x, of the image at flash 0x%08x", r.Entry, r.Image)
	case Reset:
		return fmt.Sprintf("resets the chip (cause %d)", r.Cause)
	case Returned:
		return "returns to the ROM"
	case Aborted:
		return "calls the ROM's abort()"
	case Excepted:
		return r.exceptionStory()
	case Spinning:
		return fmt.Sprintf("waits for ever at 0x%08x", r.PC) + withText(r.Text)
	case OutOfSteps:
		return fmt.Sprintf("has not come to an end at 0x%08x", r.PC)
	case Cut:
		return "power is cut" + withText(r.Text)
	}
	return "not modelled: " + r.Text
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
