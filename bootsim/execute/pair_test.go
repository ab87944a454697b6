package execute

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/machine"
)

// bootloaders names a folder with binaries of bootloaders; those in its folder
// other were never recorded.
const bootloaders = "BOOTSIM_BOOTLOADERS"

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

// The place of an assertion that the model does not know is something, not a
// part of what is around it.
func TestUnknownPlaceStandsForAPlace(t *testing.T) {
	const model = "Assert failed in f, * (x)"
	require.True(t, alike(model, "Assert failed in f, a.c:1 (x)"))
	require.True(t, alike(model, model))
	require.False(t, alike(model, "Assert failed in f, (x)"))
	require.False(t, alike(model, "Assert failed in g, a.c:1 (x)"))
}
