package release

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// tableError tells that a lot's devices do not read their partition table.
type tableError struct {
	offset uint32
	err    error
}

// Error says what the table is like. What an exception of gen_esp32part is
// about, text that is none, means nothing to who reads flash.
func (e *tableError) Error() string {
	var exception *parttable.ExceptionError
	reason := e.err.Error()
	if errors.As(e.err, &exception) {
		reason = "what its devices decrypt there is no table"
	}
	return fmt.Sprintf("its partition table at 0x%08x cannot be read (%s): check the lot with `bootsim check`", e.offset, reason)
}

// Unwrap returns the cause.
func (e *tableError) Unwrap() error { return e.err }

// unfielded reports a lot whose devices cannot be put together or do not read
// their table. What keeps them from that has the cause that check finds.
func (v *verifier) unfielded(lot *bootsim.Lot, claims []*claim, err error, e check.Engine) {
	v.unread(claims, "not verified: the lot's devices are not as described")
	v.worsen(bootsim.NotModelled)
	var table *tableError
	if errors.As(err, &table) {
		if causes := v.causes(lot.Name, e); len(causes) > 0 {
			v.worsen(bootsim.Fail)
			v.find(causes...)
			return
		}
	}
	v.find(diagnose.Unbuildable(lot, err, false))
}

// causes lists the errors that check finds in a lot as flashed, knowing the
// keys of all lots.
func (v *verifier) causes(name string, e check.Engine) (out []bootsim.Finding) {
	for _, f := range check.Run(v.all, nil, check.Options{Engine: e}).Findings {
		if f.Lot == name && f.Severity == bootsim.Error {
			out = append(out, f)
		}
	}
	return out
}

// unread goes as far as one gets without a device: damage is a fail, all else
// no verdict, for the reason given.
func (v *verifier) unread(claims []*claim, reason string) {
	for _, c := range claims {
		if c.damage != "" {
			v.claim(c)
			continue
		}
		v.record(bootsim.NotModelled, c, "what its devices can start ("+reason+")")
	}
}
