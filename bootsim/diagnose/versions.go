package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// latentVersions notes an app that is many versions older than the bootloader
// that starts it, or younger.
func latentVersions(c *Context) []bootsim.Finding {
	boot, err := idf.Parse(c.IDF)
	app := c.Outcome.App
	if err != nil || app == nil {
		return nil
	}
	desc, ok := descriptorAt(c, app.Offset)
	if !ok && boot.Major < 4 {
		return nil
	}
	what := "has no descriptor, so it was built before v3.3"
	if ok {
		v, err := idf.Parse(desc.IDFVersion)
		if err != nil || v.Major-boot.Major < 2 && boot.Major-v.Major < 2 {
			return nil
		}
		what = "was built with " + v.Tag()
	}
	return []bootsim.Finding{c.find("app-older-than-bootloader", "the app in %s %s, and the bootloader is %s", app.Label, what, boot.Tag()).
		at(app.Offset).partition(app.Label).done()}
}

// wantsMD5 tells whether the app that booted comes from a version whose apps
// refuse tables without MD5 unless they were built otherwise. One without a
// descriptor is older than that.
func wantsMD5(c *Context) bool {
	desc, ok := descriptorAt(c, c.Outcome.App.Offset)
	if !ok {
		return false
	}
	v, err := idf.Parse(desc.IDFVersion)
	return err != nil || idf.MustSince("3.3.6 4.0.3 4.1.2 4.2.2 4.3.1").Includes(v)
}

// descriptorAt reads an app's descriptor as the device sees it.
func descriptorAt(c *Context, addr uint32) (*espimage.AppDesc, bool) {
	var head [espimage.DescOffset + espimage.AppDescSize]byte
	d := c.Device
	if c.After != nil {
		d = c.After
	}
	d.Cached().Read(addr, head[:])
	return espimage.DecodeAppDesc(head[:])
}

// knowsStates tells whether the bootloader reads states in otadata (v3.3 and
// later). One of unknown version counts as new.
func (c *Context) knowsStates() bool {
	v, err := idf.Parse(c.IDF)
	return err != nil || idf.MustSince("3.3-beta1").Includes(v)
}

// stateWarning judges the state of one otadata entry.
func stateWarning(c *Context, row parttable.Entry, e otadata.Entry, addr uint32) []bootsim.Finding {
	var b *builder
	switch {
	case e.State == otadata.StateUndefined:
		return nil
	case !c.knowsStates():
		b = c.find("rollback-unknown-to-bootloader", "the otadata entry at 0x%08x is %s, and the bootloader (%s) knows no states", addr, e.State, c.IDF)
	case e.State == otadata.StateNew || e.State == otadata.StatePendingVerify:
		b = c.find("otadata-pending", "the otadata entry at 0x%08x is %s", addr, e.State)
	default:
		return nil
	}
	return []bootsim.Finding{b.at(addr).partition(row.Name()).bytes(addr).done()}
}
