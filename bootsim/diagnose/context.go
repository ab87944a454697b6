// Package diagnose finds out why a device does not boot what it should. Where a
// log says only that something was refused, it tries the likely mistakes on the
// very bytes (another key, address or configuration, encrypted twice or not at
// all, shifted, cut off, overwritten, patched) until one makes sense of them,
// and reports that one cause (spec section 9).
package diagnose

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
)

// Target is what should have booted.
type Target struct {
	Slot    int // emu.SlotNone: any application
	Label   string
	Offset  uint32
	Version string // empty: any
}

// Context is one scenario that is over, and all that is known around it.
type Context struct {
	Lot         *bootsim.Lot
	All         []bootsim.Lot
	Release     *bootsim.Release  // nil as flashed
	Artifact    *bootsim.Artifact // what was installed; nil as flashed
	Device      *emu.Device       // before the boot
	After       *emu.Device       // after it
	Outcome     emu.Outcome
	TableOffset uint32
	Scenario    string
	Want        Target
	DependsOn   string
	IDF         string // version of the bootloader; may be empty

	readings map[place]foundReading // of what was searched before
}

// place is what a search depends on besides the context.
type place struct {
	kind kind
	addr uint32
}

type foundReading struct {
	reading
	ok bool
}

// read finds the reading of a region. A search in vain is costly, and the same
// regions are asked for again and again.
func (c *Context) read(r region) (reading, bool) {
	at := place{r.kind, r.addr}
	if f, ok := c.readings[at]; ok {
		return f.reading, f.ok
	}
	rd, ok := newSearcher(c, r).find()
	if c.readings == nil {
		c.readings = map[place]foundReading{}
	}
	c.readings[at] = foundReading{rd, ok}
	return rd, ok
}

// builder makes a finding for a rule.
type builder struct {
	ctx *Context
	f   bootsim.Finding
}

// find starts a finding with the rule's severity and remedy.
func (c *Context) find(rule, format string, args ...any) *builder {
	r, ok := rules.Lookup(rule)
	if !ok {
		panic("bug: no rule " + rule)
	}
	f := bootsim.Finding{Rule: rule, Severity: r.Severity, Remedy: r.Remedy,
		Message: fmt.Sprintf(format, args...), Lot: c.Lot.Name, Scenario: c.Scenario, DependsOn: c.DependsOn}
	if c.Release != nil {
		f.Release = c.Release.Name
	}
	return &builder{ctx: c, f: f}
}

// at names the flash address, and the file that was put there, unless a more
// exact one is named already.
func (b *builder) at(addr uint32) *builder {
	if b.f.Offset != nil {
		return b
	}
	b.f.Offset = &addr
	if b.f.File == "" {
		b.f.File = b.ctx.fileAt(addr)
	}
	return b
}

func (b *builder) partition(label string) *builder {
	b.f.Partition = label
	return b
}

func (b *builder) severity(s bootsim.Severity) *builder {
	b.f.Severity = s
	return b
}

func (b *builder) remedy(format string, args ...any) *builder {
	b.f.Remedy = fmt.Sprintf(format, args...)
	return b
}

func (b *builder) evidence(format string, args ...any) *builder {
	b.f.Evidence = append(b.f.Evidence, fmt.Sprintf(format, args...))
	return b
}

// bytes shows what lies at an address, and what the cache makes of it.
func (b *builder) bytes(addr uint32) *builder {
	b.evidence("flash 0x%08x: %s", addr, hexAt(b.ctx.Device.Flash, addr))
	if b.ctx.Device.Efuses.FlashEncryption() {
		b.evidence("as the chip decrypts it: %s", hexAt(b.ctx.Device.Cached(), addr))
	}
	return b
}

// console adds the lines in which the device complained.
func (b *builder) console() *builder {
	for _, l := range complaints(b.ctx.Outcome.Log) {
		b.evidence("console: %s", l)
	}
	return b
}

func (b *builder) done() bootsim.Finding { return b.f }

// complaints returns the lines of level E, and the ROM's own words of failure,
// without repetition and at most six.
func complaints(log []emu.Line) []string {
	var out []string
	seen := map[string]bool{}
	for _, l := range log {
		s := l.String()
		if (l.Level == 'E' || isROMComplaint(l)) && !seen[s] && len(out) < 6 {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func isROMComplaint(l emu.Line) bool {
	if l.Level != 0 {
		return false
	}
	for _, p := range []string{"flash read err", "invalid header", "csum err", "wrong chip", "Fatal exception", "ets_main.c", "abort()", "user code done",
		"secure boot check fail", "Secure boot check fail", "No signature block", "Sig block", "Bootloader is too large", "secure boot verification failed"} {
		if len(l.Text) >= len(p) && l.Text[:len(p)] == p {
			return true
		}
	}
	return false
}

func hexAt(r flashmodel.Reader, addr uint32) string {
	var b [16]byte
	r.Read(addr, b[:])
	return fmt.Sprintf("% x", b[:])
}

// fileAt names the file that covers a flash address: the artifact inside the
// slot it was installed to, else what the lot placed there last.
func (c *Context) fileAt(addr uint32) string {
	if c.Artifact != nil && addr >= c.Want.Offset && uint64(addr) < uint64(c.Want.Offset)+uint64(len(c.Artifact.Data)) {
		return c.Artifact.File
	}
	if p := placementAt(c.Lot, addr); p != nil {
		return p.File
	}
	return ""
}

// placementAt returns the placement that covers addr and was written last.
func placementAt(lot *bootsim.Lot, addr uint32) *bootsim.Placement {
	for i := len(lot.Contents) - 1; i >= 0; i-- {
		p := &lot.Contents[i]
		if addr >= p.Address && uint64(addr) < uint64(p.Address)+uint64(len(p.Data)) {
			return p
		}
	}
	return nil
}
