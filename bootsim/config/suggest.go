package config

import (
	"slices"
	"unicode/utf8"

	"github.com/bootsim/bootsim/emu/spelling"
)

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// closest returns the known word that s is most likely meant to be, or "".
func closest(s string, known []string) string { return spelling.Closest(s, known, 1) }

// clip keeps a word from the configuration short enough for an error.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}
