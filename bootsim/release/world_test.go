package release_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/lot"
)

// world is a file system with the example in demo and its release in out.
type world struct {
	fs    afero.Fs
	plan  *config.Plan
	built *release.Built
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{fs: afero.NewMemMapFs()}
	for _, f := range example.Files() {
		require.NoError(tb, afero.WriteFile(w.fs, "demo/"+f.Path, f.Data, 0o644))
	}
	var err error
	w.plan, err = config.Load(w.fs, "demo/release.yaml")
	require.NoError(tb, err)
	w.built = build(tb, w.plan.Lots, &w.plan.Releases[0])
	w.write(tb)
	return w
}

func build(tb testing.TB, lots []bootsim.Lot, r *bootsim.Release) *release.Built {
	tb.Helper()
	b, err := release.Build(lots, r, release.Options{Engine: model.Engine{}, LotsFrom: "../demo/bootsim.yaml"})
	require.NoError(tb, err)
	return b
}

// write puts what was built into out.
func (w *world) write(tb testing.TB) {
	tb.Helper()
	for _, f := range w.built.Files {
		require.NoError(tb, afero.WriteFile(w.fs, "out/"+f.Name, f.Data, 0o644))
	}
}

func (w *world) open(tb testing.TB) *release.Folder {
	tb.Helper()
	f, err := release.Open(w.fs, "out")
	require.NoError(tb, err)
	return f
}

// verify verifies the folder, or one file of it.
func (w *world) verify(tb testing.TB, only string) *bootsim.Report {
	tb.Helper()
	return verify(w.plan.Lots, w.open(tb), only)
}

func verify(lots []bootsim.Lot, f *release.Folder, only string) *bootsim.Report {
	s := &release.Subject{Only: only}
	s.Take(f)
	return release.Verify(lots, s, check.Options{Engine: model.Engine{}})
}

// data is a file that was built.
func (w *world) data(tb testing.TB, name string) []byte {
	tb.Helper()
	for _, f := range w.built.Files {
		if f.Name == name {
			return f.Data
		}
	}
	require.Fail(tb, "not built: "+name)
	return nil
}

// Names of the example's artifacts.
const (
	fileOne  = "app-2.0-lot-one-ota_0-0x60000.bin"
	fileTwo0 = "app-2.0-lot-two-ota_0-0x10000.bin"
	fileTwo1 = "app-2.0-lot-two-ota_1-0x1d0000.bin"
	fileAll  = "release-2.0.bundle"
)

func rules(r *bootsim.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule)
	}
	return out
}

func options() check.Options { return check.Options{Engine: model.Engine{}} }

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// smallApp fits the slots of drawn fleets.
func smallApp() []byte { return lot.App(lot.AppSpec{Version: "2.0", IDF: "v4.4.8"}) }
