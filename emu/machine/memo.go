package machine

import (
	"sync"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// maxImage is how much of the flash is looked at for a bootloader: what fits
// between it and the farthest partition table.
const maxImage = lastTable - bootloader.ImageAddress

// memo keeps the profile of the bootloader that was met last.
type memo struct {
	mu     sync.Mutex
	flash  *flashmodel.Flash // as it was then; nil before
	fuses  *efuse.Set
	end    uint32 // of the bootloader
	result bootloader.Profile
	err    error
}

// get returns the profile for a device, made by detect unless neither the
// region of the bootloader nor the eFuses changed since the last time.
func (m *memo) get(d *emu.Device, detect func([]byte) (bootloader.Profile, error)) (bootloader.Profile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.flash == nil || !m.fuses.Equal(d.Efuses) || m.changed(d.Flash) {
		image := make([]byte, maxImage)
		d.Cached().Read(bootloader.ImageAddress, image)
		m.result, m.err = detect(image)
		m.flash, m.fuses, m.end = d.Flash.Fork(), d.Efuses.Clone(), imageEnd(image)
	}
	return m.result, m.err
}

func (m *memo) changed(f *flashmodel.Flash) bool {
	if f.Size() != m.flash.Size() {
		return true
	}
	for _, at := range f.ChangedSectors(m.flash) {
		if at < m.end {
			return true
		}
	}
	return false
}

// imageEnd is where the flash no longer matters for an image at 0x1000.
func imageEnd(image []byte) uint32 {
	if im, err := espimage.Parse(image); err == nil {
		return bootloader.ImageAddress + im.Length
	}
	return lastTable
}
