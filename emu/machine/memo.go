package machine

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// maxImage is how much of the flash is looked at for a bootloader: what fits
// between it and the farthest partition table.
const maxImage = lastTable - bootloader.ImageAddress

// memory is what a machine remembers of the boots that it has done. Profiles
// keep their address for as long as they are remembered, since the bootloader's
// memory knows them by it.
type memory struct {
	rom      recall.Memory[emu.Conditions, rom.Result]
	profiles recall.Memory[struct{}, detected]
	offsets  recall.Memory[struct{}, uint32]
	located  recall.Memory[location, bootloader.Profile]
	steps    bootloader.History
}

// detected is the profile of a bootloader binary, without its table's offset.
type detected struct {
	profile bootloader.Profile
	err     error
}

// location is a bootloader and where it reads its table.
type location struct {
	of     *detected
	offset uint32
}

// runROM runs the first stage.
func (m *memory) runROM(d *emu.Device) *rom.Result {
	return remembered(&m.rom, d, d.Conditions(), func() rom.Result { return rom.Run(d) })
}

// detect returns the profile that a device's bootloader binary tells, made by
// detect from the image at 0x1000.
func (m *memory) detect(d *emu.Device, detect func([]byte) (bootloader.Profile, error)) *detected {
	return remembered(&m.profiles, d, struct{}{}, func() detected {
		p, err := detect(imageOf(d))
		return detected{p, err}
	})
}

// tableOffset returns where a device's partition table lies. Where most have it
// a look is cheaper than to remember one.
func (m *memory) tableOffset(d *emu.Device) uint32 {
	cache := d.CachedBy(m.steps.Cipher(d))
	if hasTable(&cache, bootloader.DefaultTableOffset) {
		return bootloader.DefaultTableOffset
	}
	return *remembered(&m.offsets, d, struct{}{}, func() uint32 { return findTable(d) })
}

// locate returns the profile of a bootloader that reads its table at offset:
// made by complete.
func (m *memory) locate(d *emu.Device, at location, complete func() bootloader.Profile) *bootloader.Profile {
	return remembered(&m.located, d, at, complete)
}

// remembered does a step, or what it came to before.
func remembered[K comparable, V any](m *recall.Memory[K, V], d *emu.Device, key K, do func() V) *V {
	if known := m.Find(d, key); known != nil {
		return known
	}
	attempt := m.Begin(d)
	value := do()
	if attempt.End() {
		return m.Keep(attempt, key, value)
	}
	return &value
}

// imageOf returns what lies at 0x1000 as the device reads it: the image, or
// everything up to the farthest partition table where there is none. No more is
// read than it takes, so that a change behind a small image does not matter.
func imageOf(d *emu.Device) []byte {
	flash := d.Cached()
	for _, size := range []int{bootloader.DefaultTableOffset - bootloader.ImageAddress, maxImage} {
		b := make([]byte, size)
		flash.Read(bootloader.ImageAddress, b)
		if im, err := espimage.Parse(b); err == nil {
			return b[:im.Length]
		} else if size == maxImage {
			return b
		}
	}
	return nil
}
