package check

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// bootsOf describes the application that was started, from its descriptor.
func bootsOf(d *emu.Device, app *emu.App) *bootsim.Boots {
	if app == nil {
		return nil
	}
	b := &bootsim.Boots{Label: app.Label, Offset: app.Offset}
	if desc, ok := descriptorOf(d, app); ok {
		b.Version, b.Project, b.IDF = desc.Version, desc.Project, desc.IDFVersion
	}
	return b
}

// descriptorOf reads the descriptor of an application as the chip sees it.
func descriptorOf(d *emu.Device, app *emu.App) (*espimage.AppDesc, bool) {
	var head [espimage.DescOffset + espimage.AppDescSize]byte
	d.Cached().Read(app.Offset, head[:])
	return espimage.DecodeAppDesc(head[:])
}
