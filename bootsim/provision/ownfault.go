package provision

import (
	"slices"

	"github.com/bootsim/bootsim/bootsim"
)

// ownFault makes a warning of a region that the plan itself wrote, and that the
// device cannot read, an error: the plan is there to write it rightly, whether
// or not the device boots it today. An otadata that is noise stays a warning,
// because the bootloader falls back.
func ownFault(f *bootsim.Finding, s *state) {
	if f.Offset == nil || !misreadRule(f.Rule) {
		return
	}
	at := *f.Offset
	if slices.ContainsFunc(s.writes, func(w write) bool { return w.addr <= at && at-w.addr < w.size }) {
		f.Severity = bootsim.Error
	}
}

// misreadRule tells whether a rule is about a region that was not encrypted as
// the device decrypts it.
func misreadRule(rule string) bool {
	switch rule {
	case "not-encrypted", "encrypted-but-disabled", "wrong-address", "encrypted-twice", "wrong-crypt-config",
		"wrong-key", "key-reversed", "key-length", "undecryptable":
		return true
	}
	return false
}
