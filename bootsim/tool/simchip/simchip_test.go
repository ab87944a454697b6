package simchip_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/simchip"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel"
)

func put(t *testing.T, fs afero.Fs, name string, b []byte) {
	t.Helper()
	require.NoError(t, afero.WriteFile(fs, name, b, 0o644))
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

// Of a whole flash file only the sectors that changed are written, and nothing
// at all if nothing happened.
func TestSaveSectors(t *testing.T) {
	dir := t.TempDir()
	fs := afero.NewOsFs()
	name := filepath.Join(dir, "flash.bin")
	before := pattern(1 << 20)
	put(t, fs, name, before)
	require.NoError(t, os.Chmod(name, 0o400))
	c, err := simchip.Open(fs, simchip.Files{Flash: name})
	require.NoError(t, err)
	require.NoError(t, c.Save(), "nothing to write to a file that cannot be written")
	require.NoError(t, os.Chmod(name, 0o600))
	require.NoError(t, c.Flash.EraseRange(0x3000, 0x1000))
	require.NoError(t, c.Flash.Program(0xFFFF0, make([]byte, 16)))
	require.NoError(t, c.Save())
	want := bytes.Clone(before)
	copy(want[0x3000:], bytes.Repeat([]byte{0xFF}, 0x1000))
	copy(want[0xFFFF0:], make([]byte, 16))
	after, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, want, after)
}

// A new flash file, or one that holds only the beginning, becomes a whole chip.
func TestNewFlash(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "part.bin", pattern(100))
	for name, begin := range map[string]int{"new.bin": 0, "part.bin": 100} {
		c, err := simchip.Open(fs, simchip.Files{Flash: name, FlashSize: 2 << 20})
		require.NoError(t, err)
		require.Equal(t, "2MB", c.SizeText())
		require.NoError(t, c.Save())
		b, err := afero.ReadFile(fs, name)
		require.Equal(t, begin == 0, err != nil, "nothing happened yet")
		require.Len(t, b, begin)
		require.NoError(t, c.Create())
		b, err = afero.ReadFile(fs, name)
		require.NoError(t, err)
		require.Len(t, b, 2<<20)
		require.Equal(t, pattern(begin), b[:begin])
		require.Equal(t, bytes.Repeat([]byte{0xFF}, 100), b[begin:begin+100])
	}
}

func TestRefused(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "mb.bin", pattern(1<<20))
	put(t, fs, "odd.bin", pattern(5000))
	put(t, fs, "huge.bin", make([]byte, 17<<20))
	put(t, fs, "key.bin", pattern(31))
	put(t, fs, "k32.bin", pattern(32))
	put(t, fs, "visible.virt", refdata.Read(t, "espefuse", "fe-dev-visible.virt"))
	require.NoError(t, fs.Mkdir("dir", 0o755))
	for want, f := range map[string]simchip.Files{
		"no chip to talk to":                     {},
		"there is no such file":                  {Flash: "nosuch.bin"},
		"its 5000 bytes are no size":             {Flash: "odd.bin"},
		"are more than --flash-file-size 1MB":    {Flash: "big.bin", FlashSize: 1 << 20},
		"not a flash image: want a file of at m": {Flash: "huge.bin"},
		"dir: not a flash image":                 {Flash: "dir"},
		"nosuch.virt: cannot be read":            {Flash: "mb.bin", Efuses: "nosuch.virt"},
		"odd.bin: not an eFuse dump":             {Flash: "mb.bin", Efuses: "odd.bin"},
		"dir: an eFuse dump has":                 {Flash: "mb.bin", Efuses: "dir"},
		"key.bin: not a flash encryption key":    {Flash: "mb.bin", Key: "key.bin"},
		"odd.bin: a key file has":                {Flash: "mb.bin", Key: "odd.bin"},
		"not the key in BLOCK1":                  {Flash: "mb.bin", Efuses: "visible.virt", Key: "k32.bin"},
	} {
		put(t, fs, "big.bin", make([]byte, 2<<20))
		_, err := simchip.Open(fs, f)
		var e *simchip.Error
		require.ErrorAs(t, err, &e, want)
		require.ErrorContains(t, err, want)
	}
}

// The third revision bit, which no virtual eFuse file has, follows from the two
// that it has.
func TestRevision(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "mb.bin", make([]byte, 1<<20))
	for state, want := range map[string]string{"blank": "v0.0", "rev1": "v1.0", "rev3": "v3.0"} {
		put(t, fs, "efuse.virt", refdata.Read(t, "espefuse", state+".virt"))
		c, err := simchip.Open(fs, simchip.Files{Flash: "mb.bin", Efuses: "efuse.virt"})
		require.NoError(t, err)
		require.Equal(t, want, c.Revision().String(), state)
	}
}

// A key that the dump hides comes from the host; a chip without it cannot
// encrypt. With the key, both kinds of chip encrypt alike.
func TestHiddenKey(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "mb.bin", make([]byte, 1<<20))
	put(t, fs, "hidden.virt", refdata.Read(t, "espefuse", "fe-dev-protected.virt"))
	put(t, fs, "visible.virt", refdata.Read(t, "espefuse", "fe-dev-visible.virt"))
	put(t, fs, "k1.bin", refdata.Read(t, "espsecure", "k1.bin"))
	c, err := simchip.Open(fs, simchip.Files{Flash: "mb.bin", Efuses: "hidden.virt"})
	require.NoError(t, err)
	_, err = c.Cipher()
	require.ErrorContains(t, err, "--keyfile")
	var got [2][32]byte
	for i, f := range []simchip.Files{{Flash: "mb.bin", Efuses: "hidden.virt", Key: "k1.bin"}, {Flash: "mb.bin", Efuses: "visible.virt"}} {
		c, err := simchip.Open(fs, f)
		require.NoError(t, err)
		cipher, err := c.Cipher()
		require.NoError(t, err)
		require.NoError(t, cipher.Encrypt(0x10000, got[i][:], make([]byte, 32)))
	}
	require.Equal(t, got[1], got[0])
	require.NotEqual(t, [32]byte{}, got[0])
}

// A disk that is full, or a file that went away, is told, not passed over.
func TestNotSaved(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "mb.bin", make([]byte, 1<<20))
	c, err := simchip.Open(afero.NewReadOnlyFs(fs), simchip.Files{Flash: "mb.bin"})
	require.NoError(t, err)
	require.NoError(t, c.Flash.Erase(0, flashmodel.OpEraseChip))
	require.ErrorContains(t, c.Save(), "mb.bin: cannot be written")
	c, err = simchip.Open(afero.NewReadOnlyFs(fs), simchip.Files{Flash: "new.bin", FlashSize: 1 << 20})
	require.NoError(t, err)
	require.ErrorContains(t, c.Create(), "new.bin: cannot be written")
}
