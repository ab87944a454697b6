package execute

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
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
			same, all, apps, diffs := compareAll(t, f, image)
			fmt.Printf("%s: %d of %d alike, %d start an application\n", filepath.Base(file), same, all, apps)
			if len(diffs) > 0 {
				t.Errorf("%d of %d alike\n%s", same, all, strings.Join(diffs[:min(len(diffs), 6)], "\n"))
			}
		})
	}
}

func compareAll(t *testing.T, f *vectors.Folder, image []byte) (same, all, apps int, diffs []string) {
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
		model := machine.New(machine.Options{}).Boot(twin)
		all++
		if out.End == emu.EndApp {
			apps++
		}
		if found := Compare(model, out, twin, d); len(found) > 0 {
			diffs = append(diffs, id+": "+strings.Join(found, "; "))
			continue
		}
		same++
	}
	return same, all, apps, diffs
}
