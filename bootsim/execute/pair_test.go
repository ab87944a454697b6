package execute

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/vectors"
)

// bootloaders names a folder with binaries of bootloaders; those in its folder
// other were never recorded.
const bootloaders = "BOOTSIM_BOOTLOADERS"

// TestOtherBootloaders boots bootloaders that nobody recorded on every scenario,
// with both engines.
func TestOtherBootloaders(t *testing.T) {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		t.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	files, err := filepath.Glob(filepath.Join(dir, "other", "*.bin"))
	require.NoError(t, err)
	f, err := vectors.Load(vectors.Recorded())
	require.NoError(t, err)
	for _, file := range files {
		image, err := os.ReadFile(file)
		require.NoError(t, err)
		t.Run(filepath.Base(file), func(t *testing.T) {
			// The one option that no binary betrays, as it explains more.
			best := compareAll(t, f, image, bootloader.No)
			if yes := compareAll(t, f, image, bootloader.Yes); len(yes.diffs) < len(best.diffs) {
				best = yes
			}
			fmt.Printf("%s: %d of %d alike, %d start an application, %d not modelled\n", filepath.Base(file), best.all-len(best.diffs), best.all, best.apps, best.unknown)
			if len(best.diffs) > 0 {
				t.Error(strings.Join(best.diffs[:min(len(best.diffs), 6)], "\n"))
			}
		})
	}
}

// comparison is how a bootloader came out on all scenarios.
type comparison struct {
	all, apps, unknown int
	diffs              []string
}

func compareAll(t *testing.T, f *vectors.Folder, image []byte, rollback bootloader.Tri) (c comparison) {
	loader := vectors.WithImage(image)
	var ids []string
	for id, s := range f.Scenarios {
		if s.Kind != "rom" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		d, err := f.Device(f.Scenarios[id], loader)
		require.NoError(t, err)
		twin := d.Fork()
		out := (&engine.Engine{}).Boot(d)
		model := machine.New(machine.Options{Rollback: rollback}).Boot(twin)
		withoutStack(&model)
		withoutStack(&out)
		c.all++
		switch out.End {
		case emu.EndApp:
			c.apps++
		case emu.EndUnknown:
			c.unknown++
		}
		if found := Compare(model, out, twin, d); len(found) > 0 {
			c.diffs = append(c.diffs, id+": "+strings.Join(found, "; "))
		}
	}
	return c
}

// Whether a bootloader asks for confirmation of updates is found out by booting
// it, as no binary betrays it.
func TestRollbackIsFoundOut(t *testing.T) {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		t.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	for name, want := range map[string]bool{"idf-v4.0.1-rollback": true, "idf-v4.4.1": false, "idf-v5.2.2": false, "idf-v3.1-rc1": false} {
		image, err := os.ReadFile(filepath.Join(dir, name+".bin"))
		require.NoError(t, err)
		l := ownLot()
		l.Contents[0].Data = image
		f, err := check.Build(&l)
		require.NoError(t, err)
		e, err := For(Exec, Options{})
		require.NoError(t, err)
		v, _, err := e.Variants(&l, f.Device, true)
		require.NoError(t, err)
		require.Len(t, v, 1)
		require.Equal(t, want, v[0].Rollback, name)
	}
}

// The place of an assertion that the model does not know is something, not a
// part of what is around it.
func TestUnknownPlaceStandsForAPlace(t *testing.T) {
	const model = "Assert failed in f, * (x)"
	require.True(t, alike(model, "Assert failed in f, a.c:1 (x)"))
	require.True(t, alike(model, model))
	require.False(t, alike(model, "Assert failed in f, (x)"))
	require.False(t, alike(model, "Assert failed in g, a.c:1 (x)"))
}
