package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
)

// Refused explains an artifact that lies in its slot and is no app that the
// lot's bootloaders start, without booting it: refusals are what reading it
// found. The context needs no outcome.
func Refused(c *Context, refusals ...emu.Refusal) []bootsim.Finding {
	c.Outcome = emu.Outcome{End: emu.EndReset, Refusals: refusals}
	return Failure(c)
}

// Damaged reports a file of a release that is not what its index or bundle says.
func Damaged(c *Context, file, format string, args ...any) bootsim.Finding {
	b := c.find("release-damaged", format, args...)
	b.f.File = file
	return b.done()
}

// Misdescribed reports an index or bundle that does not fit the lots.
func Misdescribed(c *Context, file, format string, args ...any) bootsim.Finding {
	b := c.find("release-misdescribed", format, args...)
	b.f.File = file
	return b.done()
}

// KeyUnknown reports an artifact that cannot be verified because nobody told
// how the lot's devices read it.
func KeyUnknown(c *Context, file, format string, args ...any) bootsim.Finding {
	b := c.find("key-unknown", format, args...)
	b.f.File = file
	return b.done()
}
