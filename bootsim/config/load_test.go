package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/efuse"
)

func TestNumbers(t *testing.T) {
	for in, want := range map[string]uint64{"0": 0, "4096": 4096, "0x1000": 4096, "0XfF": 255, "320K": 320 << 10, "4MB": 4 << 20, "4 MiB": 4 << 20, "2kb": 2048, "0x10K": 16 << 10} {
		v, err := parseNumber(in, 1<<32-1)
		require.NoError(t, err, in)
		require.Equal(t, want, v, in)
	}
	for _, in := range []string{"", "x", "0x", "-1", "+1", "010", "1_000", "1e3", "1.5", "4G", "4B", "4MBx", " 4", "0b1", "4  MB", "4096M", "0x100000000", "99999999999999999999"} {
		_, err := parseNumber(in, 1<<32-1)
		require.Error(t, err, in)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Uint64().Draw(t, "v")
		limit := rapid.Uint64().Draw(t, "limit")
		for _, form := range []string{"%d", "0x%x", "0x%X"} {
			got, err := parseNumber(fmt.Sprintf(form, v), limit)
			require.Equal(t, v <= limit, err == nil)
			require.True(t, err != nil || got == v)
		}
	})
}

func TestSuggestions(t *testing.T) {
	known := []string{"name", "flash_size", "flash", "rom"}
	for in, want := range map[string]string{"flashsize": "flash_size", "Flash-Size": "flash_size", "flsh": "flash", "nam": "name", "r0m": "rom", "colour": "", "": "", "x": ""} {
		require.Equal(t, want, closest(in, known), in)
	}
	require.Empty(t, closest(strings.Repeat("flash", 100), known))
}

func TestConfigurationThatCannotBeRead(t *testing.T) {
	_, err := Load(afero.NewMemMapFs(), "nowhere.yaml")
	var file *FileError
	require.ErrorAs(t, err, &file)
	require.True(t, errors.Is(err, fs.ErrNotExist))

	dir := t.TempDir()
	for name, want := range map[string]string{dir: "it is a folder", os.DevNull: "it is no regular file", write(t, dir, "big.yaml", maxConfig+1): "it is over 1048576 bytes", write(t, dir, "empty.yaml", 0): "it is empty"} {
		_, err := Load(afero.NewOsFs(), name)
		require.ErrorContains(t, err, want)
	}
}

func write(t *testing.T, dir, name string, size int) string {
	t.Helper()
	name = filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(name, []byte(strings.Repeat("#", size)), 0o600))
	return name
}

// Paths are those that a report can show: joined to the configuration's folder.
func TestPaths(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "app.bin", 10)
	text := "version: 1\nlots:\n  - name: a\n    flash: [{file: FILE, at: 0x10000}]\n"
	for file, want := range map[string]string{"app.bin": filepath.ToSlash(dir) + "/app.bin", "./x/../app.bin": filepath.ToSlash(dir) + "/app.bin", filepath.ToSlash(dir) + "/app.bin": filepath.ToSlash(dir) + "/app.bin"} {
		name := filepath.Join(dir, "bootsim.yaml")
		require.NoError(t, os.WriteFile(name, []byte(strings.ReplaceAll(text, "FILE", file)), 0o600))
		plan, err := Load(afero.NewOsFs(), name)
		require.NoError(t, err)
		require.Equal(t, want, plan.Lots[0].Contents[0].File)
	}
}

// All files together are bounded, and one that is named twice counts once.
func TestTotalSize(t *testing.T) {
	f := newFiles(world(t), "set")
	_, err := f.read("app.bin", maxImage)
	require.NoError(t, err)
	f.loaded = maxLoaded
	_, err = f.read("app.bin", maxImage)
	require.NoError(t, err)
	_, err = f.read("bootloader.bin", maxImage)
	require.ErrorContains(t, err, "split the configuration")
}

// A document of very many values is refused before anything is made of it.
func TestManyValues(t *testing.T) {
	_, err := load(t, []byte("lots: ["+strings.Repeat("a,", maxNodes+1)+"]"))
	require.ErrorContains(t, err, "more than 50000 values")
	_, err = load(t, []byte("version: 1\nlots: ["+strings.Repeat("a,", maxItems+1)+"]"))
	require.ErrorContains(t, err, `"lots" has 1001 items: at most 1000 are read`)
}

// The revision that fields state is the chip's; else it is assumed, as for a
// lot that says nothing.
func TestRevisionOfFields(t *testing.T) {
	for fields, want := range map[string]struct {
		given *efuse.Revision
		fuses efuse.Revision
	}{
		"{CHIP_VER_REV1: 1}":                         {nil, efuse.Revision{Major: 1}},
		"{CHIP_VER_REV1: 1, WAFER_VERSION_MINOR: 1}": {nil, efuse.Revision{Major: 1, Minor: 1}},
		"{WAFER_VERSION_MINOR: 1}":                   {nil, efuse.Revision{Minor: 1}},
		"{JTAG_DISABLE: true}":                       {&efuse.Revision{Major: 3, Minor: 1}, efuse.Revision{Major: 3, Minor: 1}},
	} {
		plan, err := load(t, []byte("version: 1\nlots: [{name: a, efuse: {fields: "+fields+"}, flash: [{file: app.bin, at: 0}]}]"))
		require.NoError(t, err)
		lot := plan.Lots[0]
		require.Equal(t, want.given, lot.Revision, fields)
		require.Equal(t, want.fuses, lot.Efuses.Revision(want.fuses.Major == 3), fields)
	}
}

// A summary tells the third bit of the revision, which a binary dump cannot.
func TestRevisionOfSummary(t *testing.T) {
	text := "version: 1\nlots: [{name: a, efuse: {dump: DUMP}, flash: [{file: app.bin, at: 0}]}]"
	plan, err := load(t, []byte(strings.ReplaceAll(text, "DUMP", "rev3.json")))
	require.NoError(t, err)
	require.Equal(t, &efuse.Revision{Major: 3, Minor: 0}, plan.Lots[0].Revision)
	plan, err = load(t, []byte(strings.ReplaceAll(text, "DUMP", "efuse.bin")))
	require.NoError(t, err)
	require.Nil(t, plan.Lots[0].Revision)
}

// A table is decrypted with the FLASH_CRYPT_CONFIG that the chip has.
func TestTableOfAnotherCryptConfig(t *testing.T) {
	text := `version: 1
lots:
  - name: a
    key: key.bin
    efuse: {fields: {FLASH_CRYPT_CNT: 1, FLASH_CRYPT_CONFIG: CONFIG}}
    flash: [{file: partitions-config-3.bin, at: 0x8000}, {file: app.bin, at: factory}]
`
	plan, err := load(t, []byte(strings.ReplaceAll(text, "CONFIG}", "3}")))
	require.NoError(t, err)
	require.Equal(t, uint32(0x10000), plan.Lots[0].Contents[1].Address)
	_, err = load(t, []byte(strings.ReplaceAll(text, "CONFIG}", "15}")))
	require.ErrorContains(t, err, "cannot be read as a partition table")
}

// Protection bits among the fields do not keep the others from being burnt.
func TestFieldsAreBurntTogether(t *testing.T) {
	plan, err := load(t, []byte("version: 1\nlots: [{name: a, efuse: {fields: {WR_DIS: 0xFFFF, FLASH_CRYPT_CNT: 1, RD_DIS: 1}}, flash: [{file: app.bin, at: 0}]}]"))
	require.NoError(t, err)
	require.Equal(t, uint8(1), plan.Lots[0].Efuses.FlashCryptCnt())
	require.True(t, plan.Lots[0].Efuses.KeyReadProtected(1))
}

// An artifact for several lots names a slot that one of them has.
func TestSlotsOfSeveralLots(t *testing.T) {
	text := `version: 1
lots:
  - {name: a, partition_table: partitions.csv}
  - {name: b, partition_table: two-slots.csv}
releases:
  - {name: r, artifacts: [{file: app.bin, slots: SLOT}]}
`
	_, err := load(t, []byte(strings.ReplaceAll(text, "SLOT", "[ota_0, ota_1, factory]")))
	require.NoError(t, err)
	unknown := strings.ReplaceAll(text, "SLOT", "ota_2")
	_, err = load(t, []byte(strings.Replace(unknown, "lots:", "lots:\n  - {name: c, bootloader: {idf: v3.1}}", 1)))
	require.NoError(t, err, "the table of c is not known")
	_, err = load(t, []byte(unknown))
	require.EqualError(t, err, `set/bootsim.yaml:6:50: none of the lots that this is for has a partition "ota_2"`)
}
