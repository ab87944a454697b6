package lots_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/sweep/lots"
	"github.com/bootsim/bootsim/emu"
)

// counting counts boots.
type counting struct {
	emu.Booter
	boots *int
}

func (c counting) Boot(d *emu.Device) emu.Outcome {
	*c.boots++
	return c.Booter.Boot(d)
}

// A sweep is made once for lots that differ in name alone, and anew for whatever
// else differs: the answer is always that of a sweep which remembers nothing.
func TestMemory(t *testing.T) {
	p := plan(t)
	release := p.Releases[0]
	release.Artifacts = append([]bootsim.Artifact(nil), release.Artifacts...)
	for i := range release.Artifacts {
		release.Artifacts[i].Lots = nil
	}
	boots := 0
	var m lots.Memory
	sweep := func(l bootsim.Lot, r bootsim.Release) (made bool) {
		f, err := check.Build(&l)
		require.NoError(t, err)
		vs, _, err := model.Engine{}.Variants(&l, f.Device, true)
		require.NoError(t, err)
		want := lots.Check(f, vs[0], &r)
		require.NotNil(t, want)
		boots = 0
		vs[0].Booter = counting{vs[0].Booter, &boots}
		require.Equal(t, want, m.Check(f, vs[0], &r))
		return boots > 0
	}
	require.True(t, sweep(p.Lots[1], release))
	same := p.Lots[1]
	same.Name, same.Source = "another name", "elsewhere"
	again := release
	again.Name = "2.1"
	require.False(t, sweep(same, again))

	for name, change := range map[string]func(*bootsim.Lot, *bootsim.Release){
		"flash": func(l *bootsim.Lot, _ *bootsim.Release) {
			l.Contents = append(append([]bootsim.Placement(nil), l.Contents...), bootsim.Placement{Address: 0x700000, Data: []byte{1}})
		},
		"eFuses": func(l *bootsim.Lot, _ *bootsim.Release) {
			l.Efuses = l.Efuses.Clone()
			require.NoError(t, l.Efuses.Burn(3, []uint32{1}))
		},
		"ROM":       func(l *bootsim.Lot, _ *bootsim.Release) { rom := emu.ROM2019; l.ROM = &rom },
		"log level": func(l *bootsim.Lot, _ *bootsim.Release) { l.Bootloader.LogLevel = "error" },
		"rollback":  func(l *bootsim.Lot, _ *bootsim.Release) { on := true; l.Bootloader.Rollback = &on },
		"IDF":       func(l *bootsim.Lot, _ *bootsim.Release) { l.Bootloader.IDF = "v4.4.7" },
		"artifact": func(_ *bootsim.Lot, r *bootsim.Release) {
			r.Artifacts[1].Data = append(append([]byte(nil), r.Artifacts[1].Data...), make([]byte, 4096)...)
		},
		"slots": func(_ *bootsim.Lot, r *bootsim.Release) { r.Artifacts = r.Artifacts[1:] },
	} {
		l, r := p.Lots[1], release
		r.Artifacts = append([]bootsim.Artifact(nil), release.Artifacts...)
		change(&l, &r)
		require.True(t, sweep(l, r), name)
	}
}
