package provision_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/fixtures/example"
)

// Why a file cannot be read is told as it is, and where it was to come from.
func TestMissingFileIsToldAsItIs(t *testing.T) {
	for place, want := range map[string]string{
		"nosuch.bin": "bootloader.bin, which is not there: ",
		"folder":     "bootloader.bin, which is a folder: ",
		"large.bin":  "bootloader.bin, which is larger than 64 MB: ",
		"empty.bin":  "bootloader-encrypted.bin, which is not there, because step 3 (line 11) wrote nothing (is what it reads empty?): ",
	} {
		l := newLine(t)
		require.NoError(t, l.fs.Mkdir("folder", 0o755))
		l.write(t, "empty.bin", nil)
		f, err := l.fs.Create("large.bin")
		require.NoError(t, err)
		require.NoError(t, f.Truncate(64<<20+1))
		require.NoError(t, f.Close())
		p := l.load(t, "plan.sh", text(t, example.PlanCorrected))
		p.Given = []provision.Given{{Name: "bootloader.bin", Place: place}}
		r, _ := l.check(t, p)
		require.Equal(t, []string{"error plan-file-missing"}, found(r), place)
		require.Contains(t, r.Findings[0].Message, want)
		got, ok := l.run(t, p)
		require.False(t, ok)
		if place == "large.bin" {
			require.Contains(t, got, "  FAILS: bootloader.bin is larger than 64 MB\n")
		}
	}
}
