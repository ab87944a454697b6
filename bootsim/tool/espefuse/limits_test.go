package espefuse_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// What is not modelled is refused by name, with a way out.
func TestRefusals(t *testing.T) {
	for line, want := range map[string]string{
		"--port /dev/ttyUSB0 summary":               "no hardware to talk to at /dev/ttyUSB0: use --virt --path-efuse-file FILE",
		"summary":                                   "use --virt --path-efuse-file FILE",
		"--chip esp32s3 --virt summary":             "the eFuses of the chip esp32s3 are not modelled",
		"--chip ESP8266 --virt summary":             "Invalid value for '--chip' / '-c': 'esp8266' is not one of 'auto', 'esp32', 'esp32c2'",
		"--virt --path-efuse-file folder summary":   "folder is a directory",
		"--virt execute_scripts a.py":               "v5 has removed it as well",
		"--virt execute-scripts":                    "v5 has removed it as well",
		"--virt dump --file-name folder":            "File 'folder' is a directory.",
		"--virt --extend-efuse-table none summary":  "'none': No such file or directory",
		"--virt burn-key BLOCK1 folder":             "'folder': Is a directory",
		"--virt burn-key BLOCK1 huge.bin":           "larger than 1 MB",
		"--virt burn-bit BLOCK1 0x1":                "'0x1' is not a valid integer.",
		"--virt burn-block-data BLOCK1 k1.bin -o x": "Invalid value for '--offset' / '-o': 'x' is not a valid integer.",
	} {
		fs := shop(t)
		require.NoError(t, fs.Mkdir("folder", 0o777))
		require.NoError(t, afero.WriteFile(fs, "huge.bin", make([]byte, 1<<20+1), 0o666))
		got := try(fs, "", strings.Fields(line)...)
		require.NotZero(t, got.rc, line)
		require.Contains(t, strings.Join(strings.Fields(got.stderr), " "), want, line)
	}
}

// The old spelling of burn-efuse counts FLASH_CRYPT_CNT on by itself, the lowest
// clear bit first, until there is none.
func TestNextCryptCount(t *testing.T) {
	fs := shop(t)
	for held := range 7 {
		got := try(fs, "", virtual("burn_efuse FLASH_CRYPT_CNT")...)
		require.Zero(t, got.rc, got.stderr)
		require.Contains(t, got.stdout, fmt.Sprintf("0b%07b -> 0b%07b", 1<<held-1, 1<<(held+1)-1))
	}
	got := try(fs, "", virtual("burn_efuse FLASH_CRYPT_CNT")...)
	require.Equal(t, 2, got.rc)
	require.Contains(t, got.stderr, "255 is too large")
	require.Equal(t, 2, try(fs, "", virtual("burn-efuse FLASH_CRYPT_CNT")...).rc, "v5 wants a value")
	require.Equal(t, 2, try(fs, "", virtual("burn_efuse FLASH_CRYPT_CONFIG")...).rc, "it is not a counter")
}

// A file that cannot be written fails the burn.
func TestReadOnlyFile(t *testing.T) {
	base := shop(t)
	place(t, base, "blank")
	got := try(afero.NewReadOnlyFs(base), "", virtual("burn-bit BLOCK1 3")...)
	require.Equal(t, 1, got.rc)
	require.Contains(t, got.stderr, "cannot write the virtual eFuse file f.bin")
	got = try(afero.NewReadOnlyFs(afero.NewMemMapFs()), "", virtual("summary")...)
	require.Equal(t, 1, got.rc)
	got = try(noOpen{base}, "", virtual("summary")...)
	require.Contains(t, got.stderr, "cannot read the virtual eFuse file f.bin: Permission denied")
}

// Whatever the command, a file of another size than a virtual eFuse file's stays
// as it is; one that is empty becomes a blank chip.
func TestOtherFilesAreNeverWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.SampledFrom([]int{0, 1, 24, 32, 287, 288, 289, 4096, 27856}).Draw(rt, "size")
		content := rapid.SampledFrom([]string{"\x00", "\xff", "\xe9", "key"}).Draw(rt, "content")
		cmd := rapid.SampledFrom([]string{"summary", "dump", "burn-bit BLOCK3 1", "burn-efuse JTAG_DISABLE 1", "burn_key BLOCK1 k1.bin",
			"check-error --recovery", "get-custom-mac", "adc-info", "set-flash-voltage 3.3V"}).Draw(rt, "command")
		fs := shop(t)
		before := []byte(strings.Repeat(content, size)[:size])
		require.NoError(t, afero.WriteFile(fs, "f.bin", before, 0o600))
		got := try(fs, "", virtual(cmd)...)
		after := file(t, fs, "f.bin")
		if size == 0 || size == 288 {
			require.Len(t, after, 288)
			return
		}
		require.Equal(t, 2, got.rc, got.stderr)
		require.Contains(t, got.stderr, fmt.Sprintf("f.bin has %d bytes", size))
		require.Equal(t, before, after)
	})
}

// noOpen is a file system in which nothing may be opened.
type noOpen struct{ afero.Fs }

func (noOpen) Open(string) (afero.File, error) { return nil, fs.ErrPermission }

// Without a file everything happens in memory.
func TestWithoutFile(t *testing.T) {
	fs := shop(t)
	got := try(fs, "", strings.Fields("--virt --do-not-confirm burn-bit BLOCK3 7 dump")...)
	require.Zero(t, got.rc)
	require.Contains(t, got.stdout, "[3 ] dump: 00000080 ")
	require.Equal(t, 2, strings.Count(got.stdout, "=== Run \"dump\" command ==="), "once more at the end")
	_, err := fs.Stat("f.bin")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Help pages name what can be named, and touch nothing.
func TestHelpPages(t *testing.T) {
	fs := afero.NewMemMapFs()
	for _, command := range []string{"burn-efuse", "read-protect-efuse", "write-protect-efuse", "burn-block-data", "burn-bit", "burn-key",
		"burn-key-digest", "burn-custom-mac", "set-flash-voltage", "summary", "dump", "get-custom-mac", "adc-info", "check-error"} {
		got := try(fs, "", "--virt", "--path-efuse-file", "f.bin", command, "-h")
		require.Zero(t, got.rc, command)
		require.Contains(t, got.stdout, "\nUsage: bootsim espefuse "+command+" [OPTIONS]", command)
	}
	_, err := fs.Stat("f.bin")
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Contains(t, try(fs, "", "burn-efuse", "-h").stdout, "FLASH_CRYPT_CNT")
	require.NotContains(t, try(fs, "", "read-protect-efuse", "-h").stdout, "FLASH_CRYPT_CNT")
}

// No error shows a key, whatever goes wrong with it.
func TestErrorsNeverShowKeys(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.SliceOfN(rapid.ByteRange(1, 255), 24, 33).Draw(rt, "key")
		fs := shop(t)
		state := rapid.SampledFrom([]string{"blank", "fe-dev-visible", "coding34-visible", "sbv1-visible", "fe-release", "coding34-protected"}).Draw(rt, "state")
		place(t, fs, state)
		require.NoError(t, afero.WriteFile(fs, "key", key, 0o666))
		block := rapid.SampledFrom([]string{"BLOCK1", "BLOCK2", "BLOCK3", "flash_encryption", "secure_boot_v1"}).Draw(rt, "block")
		for _, cmd := range []string{"burn-key " + block + " key", "burn-key BLOCK1 key BLOCK1 key", fmt.Sprintf("burn-efuse BLOCK1 %x", key),
			fmt.Sprintf("burn-efuse BLOCK1 0x%xg", key), "burn-block-data BLOCK1 key", "burn-key BLOCK3 key BLOCK3 k1.bin"} {
			got := try(fs, "", virtual(cmd)...)
			for i := 0; i+4 <= len(key); i++ {
				requireHidden(t, got.stderr, key[i:i+4])
			}
			held := refdata.Read(t, "espefuse", state+".dump")[28:]
			for i := 0; i+4 <= len(held); i++ {
				requireHidden(t, got.stderr, held[i:i+4])
			}
		}
	})
}

// requireHidden fails when a text has four bytes in either order.
func requireHidden(t *testing.T, text string, b []byte) {
	t.Helper()
	if b[0]|b[1]|b[2]|b[3] == 0 {
		return
	}
	text = strings.ToLower(strings.ReplaceAll(text, " ", ""))
	require.NotContains(t, text, fmt.Sprintf("%x", b))
	require.NotContains(t, text, fmt.Sprintf("%02x%02x%02x%02x", b[3], b[2], b[1], b[0]))
}

// The tool burns what the model of the chip burns, and refuses what it refuses.
// CODING_SCHEME is left out: what was burnt before it is decoded on silicon, and
// left alone on the virtual chip of the reference.
func TestAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		fs := shop(t)
		place(t, fs, rapid.SampledFrom([]string{"blank", "fe-release", "coding34-no-key", "custom-mac", "wr-dis-rd-dis-locked", "rev3"}).Draw(rt, "state"))
		for range 4 {
			before, err := efuse.ParseDump(file(t, fs, "f.bin"))
			require.NoError(t, err)
			f := rapid.SampledFrom(numberFields()).Draw(rt, "field")
			v := before.Set.Get(f) | rapid.Uint64Range(1, 1<<f.Len-1).Draw(rt, "value")
			if f.Category == "spi pad" && v >= 30 || f.Name == "CODING_SCHEME" || f.Name == "RD_DIS" || f.Name == "WR_DIS" {
				continue
			}
			model := before.Set.Clone()
			want := model.BurnField(f, v)
			got := try(fs, "", virtual(fmt.Sprintf("burn-efuse %s %d", f.Name, v))...)
			require.Equal(t, want == nil, got.rc == 0, "%s=%d: %v\n%s%s", f.Name, v, want, got.stdout, got.stderr)
			require.Equal(t, model.Virtual(), file(t, fs, "f.bin"), "%s=%d", f.Name, v)
		}
	})
}

func numberFields() (fields []efuse.Field) {
	for _, f := range efuse.Fields() {
		if !f.Derived && f.Kind != efuse.Bytes && f.Name != "ADC_VREF" && f.Category != "calibration" && f.Name != "CUSTOM_MAC_CRC" {
			fields = append(fields, f)
		}
	}
	return fields
}

// Descriptions fit the summary's column and are plain ASCII, for every field.
func TestDescriptions(t *testing.T) {
	out := try(shop(t), "", virtual("--chip esp32 summary")...).stdout
	for _, c := range out {
		require.Less(t, c, rune(0x80))
	}
	for _, line := range strings.Split(out, "\n") {
		if name, _, ok := strings.Cut(line, " (BLOCK"); ok {
			require.NotEmpty(t, strings.TrimSpace(line[51:101]), name)
		}
		require.False(t, strings.HasPrefix(line, strings.Repeat(" ", 40)), "a description does not fit: %s", line)
	}
}
