package execute

import (
	"bytes"
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
			fmt.Printf("%s: %d of %d alike, %d start an application, %d not modelled, %d left to the binary\n", filepath.Base(file),
				best.all-len(best.diffs), best.all, best.apps, best.unknown, best.open)
			require.True(t, best.open <= mostOpen || best.open == best.all, "the model knows a bootloader or does not")
			if len(best.diffs) > 0 {
				t.Error(strings.Join(best.diffs[:min(len(best.diffs), 6)], "\n"))
			}
		})
	}
}

// mostOpen is how many scenarios load images over the bootloader itself.
const mostOpen = 4

// comparison is how a bootloader came out on all scenarios.
type comparison struct {
	all, apps, unknown int
	open               int // where the model has no opinion on the end
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
		c.all++
		switch out.End {
		case emu.EndApp:
			c.apps++
		case emu.EndUnknown:
			c.unknown++
		}
		if noOpinion(model) != "" {
			c.open++
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

// TestFirstBoots lets a real bootloader with flash encryption encrypt a device,
// under both coding schemes: flash, eFuses and log are the model's to the byte.
func TestFirstBoots(t *testing.T) {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		t.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	image, err := os.ReadFile(filepath.Join(dir, "fe-dev-build.bin"))
	require.NoError(t, err)
	for _, scheme := range []uint32{0, 1} {
		d := firstBoot(t, false)
		require.NoError(t, d.Efuses.Burn(0, []uint32{6: scheme}))
		table := make([]byte, 0xC00)
		d.Flash.Read(0x10000, table)
		require.NoError(t, d.Flash.Place(0x1000, bytes.Repeat([]byte{0xFF}, 0x10000)))
		require.NoError(t, d.Flash.Place(0x1000, image))
		require.NoError(t, d.Flash.Place(0xC000, table))
		p := &pair{model: machine.New(machine.Options{TableOffset: 0xC000}), exec: executionBy(&engine.Engine{})}
		out := p.Boot(d)
		require.Empty(t, out.Disagreements)
		require.Equal(t, emu.EndReset, out.End)
		require.True(t, d.Efuses.FlashEncryption())
		require.NotNil(t, d.Cipher())
		out = p.Boot(d)
		require.Empty(t, out.Disagreements)
		require.Equal(t, emu.EndApp, out.End)
	}
}
