package esptool_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// deviceRun is a recorded run of esptool v5.3.1 on a chip that was simulated
// below it, in Python.
type deviceRun struct {
	Args  []string
	Flash string // what it holds before: ff, pattern, flashed
	MB    int
	Efuse string
	Key   string
	// Edits are changes to files, eFuses among them: offset and new value.
	Edits map[string][][2]int
	outcome
	FlashSHA256 string `json:"flash_sha256"` // after; "" if it did not change
}

type device struct {
	Inputs map[string]string
	Runs   []deviceRun
}

// content lays out the flash before a run.
func content(tb testing.TB, d device, kind string, mb int) []byte {
	tb.Helper()
	b := bytes.Repeat([]byte{0xFF}, mb<<20)
	pattern := map[string]int{"pattern": len(b), "flashed": 0x1000}[kind]
	for i := range pattern {
		b[i] = byte(i*7 + (i>>8)*13)
	}
	if kind == "flashed" {
		for addr, name := range map[int]string{0x1000: "boot.bin", 0x8000: "table.bin", 0x10000: "app.bin"} {
			copy(b[addr:], refdata.Read(tb, strings.Split(d.Inputs[name], "/")...))
		}
	}
	return b
}

// disk returns the files of a run, and the options that make a chip of them.
func (r deviceRun) disk(tb testing.TB, d device, flash []byte) (afero.Fs, []string) {
	tb.Helper()
	fs := afero.NewMemMapFs()
	if slices.Contains(r.Args, "nosuch/out.bin") { // in memory, folders make themselves
		fs = afero.NewBasePathFs(afero.NewOsFs(), tb.TempDir())
	}
	put := func(name string, b []byte) {
		b = bytes.Clone(b)
		for _, e := range r.Edits[name] {
			b[e[0]] = byte(e[1])
		}
		require.NoError(tb, afero.WriteFile(fs, name, b, 0o644))
	}
	for name, stored := range d.Inputs {
		put(name, refdata.Read(tb, strings.Split(stored, "/")...))
	}
	put("flash.img", flash)
	chip := []string{"--flash-file", "flash.img"}
	if r.Efuse != "" {
		put(r.Efuse+".virt", refdata.Read(tb, "espefuse", r.Efuse+".virt"))
		chip = append(chip, "--path-efuse-file", r.Efuse+".virt")
	}
	if r.Key != "" {
		chip = append(chip, "--keyfile", r.Key)
	}
	return fs, chip
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Every recorded run on a chip ends the same way on a simulated one: exit code,
// texts, the file that was read, and every byte of the flash.
func TestRecordedDevice(t *testing.T) {
	for file, runs := range map[string]int{"device.json": 246, "device-edited.json": 116} {
		var d device
		refdata.JSON(t, &d, "esptool", file)
		require.Len(t, d.Runs, runs)
		for i, r := range d.Runs {
			t.Run(fmt.Sprintf("%s %03d %s %s", file, i, r.Efuse, strings.Join(r.Args, " ")), func(t *testing.T) {
				r.replay(t, d)
			})
		}
	}
}

func (r deviceRun) replay(t *testing.T, d device) {
	before := content(t, d, r.Flash, r.MB)
	fs, chip := r.disk(t, d, before)
	got := tool(fs, append(chip, r.Args...)...)
	r.Message, _, _ = strings.Cut(r.Message, " (Possible options: ") // the library's guess
	sameEnd(t, r.outcome, got, "")
	after, err := afero.ReadFile(fs, "flash.img")
	require.NoError(t, err)
	if r.FlashSHA256 == "" {
		require.True(t, bytes.Equal(before, after), "the flash stays as it is")
	} else {
		require.Equal(t, r.FlashSHA256, sum(after))
	}
	out, err := afero.ReadFile(fs, "out.bin")
	require.Equal(t, r.SHA256 == "", err != nil)
	if r.SHA256 != "" {
		require.Equal(t, r.SHA256, sum(out))
	}
}
