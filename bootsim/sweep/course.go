package sweep

import (
	"errors"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel"
)

// course is a run under way.
type course struct {
	*runner
	*life
	journal    *flashmodel.Journal
	armed      []Step
	interferes bool
	before     []startOfBoot // of each boot since the update was last tried anew
	poweredAt  int           // which of them came first after power was switched on
	failures   int           // of the updater
}

// startOfBoot is a device that is about to boot, with what was promised by then.
type startOfBoot struct {
	*emu.Device
	rtc   update.RTC
	ghost ghost
}

// step is one boot and what the application does. It returns false at the end.
func (c *course) step() bool {
	d := c.final
	if c.returns() {
		c.life.end = endLoop
		return false
	}
	if len(c.life.boots) == maxBoots {
		c.life.end = endEndless
		return false
	}
	c.before = append(c.before, startOfBoot{d.Fork(), c.life.rtc, c.life.ghost})
	c.life.boots = append(c.life.boots, bootRecord{cause: d.Cause, firstOp: len(c.journal.Ops()), ghost: c.life.ghost})
	at := c.last()
	at.outcome = c.boot(d, c.interferes)
	at.appOp = len(c.journal.Ops())
	switch at.outcome.End {
	case emu.EndApp:
		return c.application(at)
	case emu.EndReset:
		d.Cause = at.outcome.NextCause
		return true
	case emu.EndUnknown:
		c.life.end = endUnknown
		if c.unknown == "" {
			c.unknown = at.outcome.NotModelled
		}
		return false
	}
	return c.stands()
}

// returns tells whether the run comes back to where a boot of it began. A device
// that has promised more since then goes round once more: what was allowed
// before the promise may break it.
func (c *course) returns() bool {
	d := c.final
	for _, b := range c.before {
		if b.rtc == c.life.rtc && b.ghost == c.life.ghost && b.Cause == d.Cause && b.Efuses.Equal(d.Efuses) && sameFlash(b.Flash, d.Flash) {
			return true
		}
	}
	return false
}

// stands is a device that does nothing any more. Somebody switches it off and
// on again, which helps only if it changed since power came.
func (c *course) stands() bool {
	d, on := c.final, c.before[c.poweredAt]
	if on.Efuses.Equal(d.Efuses) && sameFlash(on.Flash, d.Flash) && on.Cause == emu.ResetPowerOn {
		c.life.end = endDead
		return false
	}
	c.switchOn()
	return true
}

// application lets the updater run.
func (c *course) application(at *bootRecord) bool {
	d := c.final
	app := at.outcome.App
	at.image = c.ids.at(d, app.Offset, app.Size, "", &c.trace, func() *Image { return c.sc.identify(d, c.sums, app.Offset) })
	if c.givenUp(d) {
		c.gaveUp = true
	}
	dev := &update.Device{
		Hardware: d, Running: *app, UpToDate: at.role() == New,
		Offer: &c.sc.Offer, Memory: c.life.rtc, TableOffset: c.sc.TableOffset,
		Sums: c.sums, OnRead: c.onRead, OnMark: c.onMark, OnStore: c.onStore, OnVerify: func(version string, offset, size uint32, look func() bool) bool {
			return c.valid.at(d, offset, size, version, &c.trace, look)
		},
	}
	err := c.sc.Updater.Run(dev)
	if errors.Is(err, update.ErrRestart) {
		d.Cause = emu.ResetSoftware
		return true
	}
	c.life.end, c.life.err = endRest, err
	return err != nil && c.again()
}

// tries is how often an update that failed is tried again.
const tries = 1

// again switches the device off and on, whereupon an update that was not done
// is tried once more.
func (c *course) again() bool {
	if c.failures++; c.failures > tries {
		return false
	}
	c.before = c.before[:0]
	c.switchOn()
	return true
}

// switchOn is power coming back.
func (c *course) switchOn() {
	c.final.Cause = emu.ResetPowerOn
	c.onStore(update.RTC{})
	c.poweredAt = len(c.before)
}

// onRead counts reads, and makes one fail if that is armed.
func (c *course) onRead() error {
	c.life.reads++
	for _, s := range c.armed {
		if s.Kind == readKind && int(s.Site) == c.life.reads-1 {
			return update.ErrRead
		}
	}
	return nil
}

func (c *course) onStore(m update.RTC) {
	c.life.rtc = m
	c.life.stores = append(c.life.stores, stored{len(c.journal.Ops()), m})
}

func (c *course) onMark(m update.Mark) {
	at := mark{op: len(c.journal.Ops()), mark: m}
	if im := c.last().image; im != nil {
		at.secure = im.Secure
	}
	c.life.marks = append(c.life.marks, at)
	switch m {
	case update.MarkConfirming:
		c.life.ghost.confirming = true
	case update.MarkConfirmed:
		c.life.ghost.secure = max(c.life.ghost.secure, at.secure)
	}
}
