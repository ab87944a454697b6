package lots_test

import (
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/bootsim/sweep/lots"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// plan is the example's lots and releases.
func plan(t *testing.T) *config.Plan {
	t.Helper()
	fs := afero.NewMemMapFs()
	for _, f := range example.Files() {
		require.NoError(t, afero.WriteFile(fs, f.Path, f.Data, 0o644))
	}
	p, err := config.Load(fs, "bootsim.yaml")
	require.NoError(t, err)
	return p
}

// Every updater can be prepared for a lot that has what it needs, and then
// brings the lot where it should without a fault; otherwise a reason is given.
func TestEveryUpdaterOnTheExample(t *testing.T) {
	p := plan(t)
	ran, on := map[string]bool{}, true
	keeps := p.Lots[1]
	keeps.Name, keeps.Bootloader.Rollback = "lot-two", &on
	p.Lots = append(p.Lots, keeps)
	for _, k := range update.Kinds() {
		for i := range p.Lots {
			list, err := lots.Prepare(&p.Lots[i], model.Engine{}, lots.Request{Spec: k.Name, Releases: p.Releases})
			if err != nil {
				var bad *sweep.PlanError
				require.ErrorAs(t, err, &bad, "%s on %s", k.Name, p.Lots[i].Name)
				continue
			}
			for _, prepared := range list {
				told, err := sweep.Tell(prepared.Scenario, nil, 0)
				require.NoError(t, err)
				if len(told.Breaches) == 0 {
					ran[k.Name] = true
				}
			}
		}
	}
	// The thread's mistake goes wrong and staging shows plaintext without any fault.
	for _, k := range update.Kinds() {
		require.Equal(t, k.Name != "sd-card-raw-otadata" && k.Name != "staging", ran[k.Name], k.Name)
	}
}

// A new application made of the old one is a good image with another hash.
func TestSuccessor(t *testing.T) {
	old := lot.App(lot.AppSpec{Version: "1", IDF: "v4.4.8"})
	next, ok := lots.Successor(append(old, 0xFF, 0xFF))
	require.True(t, ok)
	im, err := espimage.Parse(next)
	require.NoError(t, err)
	require.True(t, im.ChecksumOK() && im.HashOK())
	require.Len(t, next, len(old))
	require.NotEqual(t, old, next)
	_, ok = lots.Successor([]byte{0xE9, 1, 2})
	require.False(t, ok)
}

// variantOf is how a lot boots.
func variantOf(t *testing.T, l *bootsim.Lot) (*check.Factory, check.Variant) {
	t.Helper()
	f, err := check.Build(l)
	require.NoError(t, err)
	vs, _, err := model.Engine{}.Variants(l, f.Device, true)
	require.NoError(t, err)
	return f, vs[0]
}

func TestCheckSweepsReleases(t *testing.T) {
	p := plan(t)
	for i, want := range []string{"sd-card,idf=v3.1", "server-slot,idf=v4.4.8"} {
		f, v := variantOf(t, &p.Lots[i])
		s := lots.Check(f, v, &p.Releases[0])
		require.NotNil(t, s)
		require.Equal(t, want, s.Updater)
		require.Equal(t, bootsim.Pass, s.Verdict)
		require.Greater(t, s.States, 600)
	}
}

// rash starts whatever begins like an image in the slot that an update goes
// to, selected or not.
type rash struct {
	emu.Booter
	slot uint32
}

func (r rash) Boot(d *emu.Device) emu.Outcome {
	out := r.Booter.Boot(d)
	var first [1]byte
	d.Cached().Read(r.slot, first[:])
	if out.App != nil && first[0] == espimage.Magic {
		out.App.Offset, out.App.Label, out.App.Slot = r.slot, "ota_1", 1
	}
	return out
}

// A device that a power cut bricks fails the check, with the cause.
func TestCheckFailsForBricks(t *testing.T) {
	p := plan(t)
	f, v := variantOf(t, &p.Lots[1])
	v.Booter = rash{v.Booter, 0x1D0000}
	s := lots.Check(f, v, &p.Releases[0])
	require.NotNil(t, s)
	require.Equal(t, bootsim.Fail, s.Verdict)
	require.Contains(t, s.Broken, "known-app")
	require.NotEmpty(t, s.Evidence)
	r := check.Run(p.Lots[1:], p.Releases, check.Options{Engine: model.Engine{}, Sweep: func(*check.Factory, check.Variant, *bootsim.Release) *bootsim.Swept { return s }})
	require.Equal(t, bootsim.Fail, r.Verdict)
	require.Equal(t, "update-power-cut", r.Findings[0].Rule)
	require.Len(t, r.Lots[0].Sweeps, 1)
}

// What a check cannot afford to look at is no pass.
func TestCheckSaysWhatItLeftOut(t *testing.T) {
	p := plan(t)
	f, v := variantOf(t, &p.Lots[0])
	r := p.Releases[0]
	r.Artifacts = append([]bootsim.Artifact(nil), r.Artifacts...)
	for i := range r.Artifacts {
		if r.Artifacts[i].Slots[0] == "ota_0" && r.Artifacts[i].Lots[0] == "lot-one" {
			r.Artifacts[i].Data = append(append([]byte(nil), r.Artifacts[i].Data...), make([]byte, 1<<20)...)
		}
	}
	r.Artifacts = append(r.Artifacts, bootsim.Artifact{Lots: []string{"lot-one"}, Slots: []string{"sys"}, Data: make([]byte, 8<<20), Encrypted: true})
	s := lots.Check(f, v, &r)
	require.NotNil(t, s)
	require.Equal(t, bootsim.NotModelled, s.Verdict)
}
