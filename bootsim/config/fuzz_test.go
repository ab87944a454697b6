package config

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
)

func FuzzLoad(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		for _, text := range testdata(f, folder) {
			f.Add(text)
		}
	}
	base := world(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		fs := afero.NewCopyOnWriteFs(base, afero.NewMemMapFs())
		name := filepath.FromSlash("set/bootsim.yaml")
		require.NoError(t, afero.WriteFile(fs, name, text, 0o644))
		plan, err := Load(fs, name)
		if err != nil {
			require.Nil(t, plan)
			checkErrors(t, err)
			return
		}
		checkPlan(t, plan)
	})
}

// checkErrors wants few errors, each with a place and on one line.
func checkErrors(t *testing.T, err error) {
	var all *Errors
	if !errors.As(err, &all) {
		var file *FileError
		require.ErrorAs(t, err, &file)
		return
	}
	require.NotEmpty(t, all.List)
	require.LessOrEqual(t, len(all.List), maxErrors)
	for _, e := range all.List {
		require.Positive(t, e.Line)
		require.True(t, utf8.ValidString(e.Message) && printable(e.Message), "%q", e.Message)
		require.Less(t, len(e.Message), 4000)
	}
}

// checkPlan wants what the check may rely on.
func checkPlan(t *testing.T, plan *Plan) {
	require.NotEmpty(t, plan.Lots)
	var lots []string
	for _, l := range plan.Lots {
		require.NotEmpty(t, l.Name)
		require.NotContains(t, lots, l.Name)
		lots = append(lots, l.Name)
		checkContents(t, l)
	}
	for _, r := range plan.Releases {
		require.NotEmpty(t, r.Name)
		require.NotEmpty(t, r.Artifacts)
		for _, a := range r.Artifacts {
			require.NotEmpty(t, a.Data)
			for _, name := range a.Lots {
				require.Contains(t, lots, name)
			}
		}
	}
}

func checkContents(t *testing.T, l bootsim.Lot) {
	size := uint64(maxImage)
	if l.FlashSizeGiven {
		size = uint64(l.FlashSize)
		require.Contains(t, []uint64{1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20}, size)
	}
	sorted := slices.Clone(l.Contents)
	slices.SortFunc(sorted, func(a, b bootsim.Placement) int { return int(a.Address) - int(b.Address) })
	end := uint64(0)
	for _, p := range sorted {
		require.GreaterOrEqual(t, uint64(p.Address), end, "files do not overlap")
		end = uint64(p.Address) + uint64(len(p.Data))
		require.LessOrEqual(t, end, size)
		require.NotEmpty(t, p.Data)
	}
}
