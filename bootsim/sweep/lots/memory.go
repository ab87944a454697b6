package lots

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/efuse"
)

// Memory makes the sweeps of a check, and does not repeat one for a lot whose
// devices, bootloader and artifacts are those of an earlier lot: batches often
// differ in their names alone. The zero value remembers nothing yet; goroutines
// may share it. All lots have to be booted by one engine.
type Memory struct {
	mu   sync.Mutex
	seen map[memoryKey]*remembered

	library sweep.Library
}

type remembered struct {
	once  sync.Once
	swept *bootsim.Swept
}

// memoryKey is everything that a sweep depends on, but for the engine.
type memoryKey struct {
	flash     [sha256.Size]byte
	fuses     [efuse.BlockCount][efuse.BlockSize]byte
	others    string // of device, variant and bootloader
	artifacts string
}

// Check is the function Check, but for what it remembers.
func (m *Memory) Check(f *check.Factory, v check.Variant, r *bootsim.Release) *bootsim.Swept {
	key := keyOf(f, v, forLot(r.Artifacts, f.Lot.Name))
	m.mu.Lock()
	if m.seen == nil {
		m.seen = map[memoryKey]*remembered{}
	}
	known := m.seen[key]
	if known == nil {
		known = new(remembered)
		m.seen[key] = known
	}
	m.mu.Unlock()
	known.once.Do(func() { known.swept = swept(f, v, r, &m.library) })
	if known.swept == nil {
		return nil
	}
	s := *known.swept
	s.Release = r.Name
	return &s
}

func keyOf(f *check.Factory, v check.Variant, artifacts []bootsim.Artifact) memoryKey {
	d, o := f.Device, f.Lot.Bootloader
	k := memoryKey{flash: d.Flash.Sum()}
	for i := range k.fuses {
		copy(k.fuses[i][:], d.Efuses.Cells(i))
	}
	k.others = fmt.Sprintf("%+v %x %q %v %q %q %t %q %s %s %s", d.Conditions(), f.TableOffset, v.DependsOn, v.Rollback, v.IDF,
		o.IDF, o.Fielded, o.LogLevel, told(o.Rollback), told(o.AntiRollback), told(o.FactoryReset))
	for _, a := range artifacts {
		// The bytes of a file are shared by all who name it: where they lie tells them apart.
		k.artifacts += fmt.Sprintf("%p %d %q %t %q %q\n", a.Data, len(a.Data), a.Slots, a.Encrypted, a.Version, a.File)
	}
	return k
}

// told is an option that may have been left out.
func told(o *bool) string {
	if o == nil {
		return "-"
	}
	return fmt.Sprint(*o)
}
