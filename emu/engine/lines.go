package engine

import (
	"strings"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/pattern"
)

// Patterns of the console. The envelope is that of ESP-IDF's log macros; its
// milliseconds are time, and what follows abort's PC is an address of the build, as
// is the buffer that a refused read was for.
var (
	colours  = pattern.Of("\x1b\\[[0-9;]*m")
	envelope = pattern.Of(`^([EWIDV]) \((\d+)\) ([^:]+): (.*)$`)
	abortAt  = pattern.Of(`^abort\(\) was called at PC 0x[0-9a-f]{8}`)
	readInto = pattern.Of(`or dest 0x[0-9a-f]+ not 4-byte aligned$`)
)

// Lines takes a bootloader's console apart: colours are left out, and what is
// not modelled alike everywhere is masked as in a model's log.
func Lines(console string) []emu.Line {
	var out []emu.Line
	for _, s := range strings.Split(strings.TrimRight(console, "\n"), "\n") {
		s = strings.TrimRight(colours.ReplaceAllString(s, ""), "\r")
		if s != "" {
			out = append(out, line(s))
		}
	}
	return out
}

// Plain leaves colours out of a line, and whatever else would act on a terminal:
// for the eye, not for comparison.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' {
			return -1
		}
		return r
	}, colours.ReplaceAllString(s, ""))
}

func line(s string) emu.Line {
	if f := envelope.FindStringSubmatch(s); f != nil {
		return emu.Line{Stage: emu.StageBootloader, Level: f[1][0], Tag: f[3], Text: readInto.ReplaceAllString(f[4], "or dest 0x* not 4-byte aligned")}
	}
	return emu.Line{Stage: emu.StageBootloader, Text: abortAt.ReplaceAllString(s, "abort() was called at PC 0x*")}
}

// aborted tells whether the last line is abort's or an assertion's.
func aborted(log []emu.Line) bool {
	if len(log) == 0 {
		return false
	}
	last := log[len(log)-1].Text
	return strings.HasPrefix(last, "abort() was called") || strings.HasPrefix(last, "Assert failed in") || strings.HasPrefix(last, "assert failed")
}
