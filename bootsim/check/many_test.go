package check_test

import (
	"fmt"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/sweep/lots"
	"github.com/bootsim/bootsim/fixtures/example"
	many "github.com/bootsim/bootsim/fixtures/fleet"
)

// manyLots reads a fleet.
func manyLots(tb testing.TB, s many.Spec) *config.Plan {
	tb.Helper()
	fs := afero.NewMemMapFs()
	require.NoError(tb, many.Files(s, func(f example.File) error { return afero.WriteFile(fs, f.Path, f.Data, 0o644) }))
	p, err := config.Load(fs, "bootsim.yaml")
	require.NoError(tb, err)
	return p
}

// BenchmarkManyLots is the check of fleets, sweeps included, as `bootsim check`
// makes it. -short takes applications of 64 KiB.
func BenchmarkManyLots(b *testing.B) {
	size := uint32(1 << 20)
	if testing.Short() {
		size = 64 << 10
	}
	for _, s := range []many.Spec{{Lots: 1, Releases: 1}, {Lots: 10, Releases: 10}, {Lots: 100, Releases: 1}, {Lots: 100, Releases: 10}} {
		s.AppSize = size
		b.Run(fmt.Sprintf("%dx%d", s.Lots, s.Releases), func(b *testing.B) {
			p := manyLots(b, s)
			for b.Loop() {
				check.Run(p.Lots, p.Releases, check.Options{Engine: model.Engine{}, Sweep: lots.Check})
			}
		})
	}
}
