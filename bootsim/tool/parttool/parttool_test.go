package parttool_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/parttool"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// files returns a chip with flash encryption on, whose first megabyte holds the
// table of the recorded runs.
func encrypting(t *testing.T) afero.Fs {
	t.Helper()
	fs := disk(t, flash(t, "main.bin"))
	require.NoError(t, afero.WriteFile(fs, "efuse.virt", refdata.Read(t, "espefuse", "fe-dev-visible.virt"), 0o644))
	return fs
}

// Options for esptool reach it: a chip with flash encryption refuses to be
// erased unless told otherwise, and then encrypts what is written.
func TestEsptoolArgs(t *testing.T) {
	fs := encrypting(t)
	chip := []string{"--esptool-args", "path-efuse-file=efuse.virt", "before=no_reset", "no-stub"}
	write := []string{"write_partition", "-n", "nvs", "--input", "p100.dat"}
	got := run(fs, "parttool", append(chip[:3], write...)...)
	require.Equal(t, 2, got.rc, "the values of an option run up to the next one")
	fresh := run(fs, "parttool", append([]string{"--esptool-args=path-efuse-file=efuse.virt"}, write...)...)
	require.Equal(t, 1, fresh.rc)
	require.Contains(t, fresh.stderr, "erasing flash is disabled as a safety measure")
	require.Contains(t, fresh.stderr, "subprocess.CalledProcessError: Command 'esptool --path-efuse-file efuse.virt erase-region 36864 16384'")
	require.Equal(t, 2, run(fs, "parttool", append([]string{"-q", "--path-efuse-file", "efuse.virt"}, write...)...).rc)

	forced := []string{"--path-efuse-file", "efuse.virt", "--esptool-erase-args=force", "--esptool-write-args", "encrypt", "flash-mode=keep", "-q"}
	require.Equal(t, outcome{}, run(fs, "parttool", append(forced, write...)...))
	require.Zero(t, run(fs, "parttool", "read_partition", "-n", "nvs", "--output", "out.dat").rc)
	cipher, err := afero.ReadFile(fs, "out.dat")
	require.NoError(t, err)
	require.NotEqual(t, bytes.Repeat([]byte{0xFF}, 16), cipher[:16])
	require.NotEqual(t, refdata.Read(t, "parttool", "p100.dat")[:16], cipher[:16])
	require.Equal(t, bytes.Repeat([]byte{0xFF}, 16), cipher[128:144], "padded to 128 bytes; erased behind them")
}

// Without a chip or a table file there is nothing to look at, and the way to
// name one is told.
func TestNoChip(t *testing.T) {
	fs := afero.NewMemMapFs()
	var stdout, stderr bytes.Buffer
	env := cli.Env{FS: fs, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Prog: "parttool"}
	require.Equal(t, 1, parttool.Run(env, []string{"--port", "/dev/ttyUSB0", "get_partition_info", "-n", "nvs"}))
	require.Contains(t, stderr.String(), "--flash-file FILE")
}

// What a partition holds is not copied over the chip, and nothing is erased
// for a file that is not there.
func TestKeepsFiles(t *testing.T) {
	fs := disk(t, flash(t, "main.bin"))
	for _, args := range [][]string{
		{"read_partition", "-n", "nvs", "--output", "flash.img"},
		{"--flash-file", "flash.img", "read_partition", "-n", "nvs", "--output", "./flash.img"},
		{"read_partition", "-n", "nvs"},
		{"write_partition", "-n", "nvs"},
		{"write_partition", "-n", "nvs", "--input", "nosuch.dat"},
	} {
		require.Equal(t, 1, run(fs, "parttool", args...).rc, args)
	}
	after, err := afero.ReadFile(fs, "flash.img")
	require.NoError(t, err)
	require.True(t, bytes.Equal(flash(t, "main.bin"), after))
}

// Any command line ends with one of the codes.
func FuzzCommandLine(f *testing.F) {
	for _, seed := range []string{"get_partition_info\n-t\ndata\n-s\nnvs", "get_partition_info\n-t\n0x40\n-s\n7\n--extra-partition-subtypes\ndata,x,1",
		"-f\nmain.csv\nget_partition_info\n-d", "write_ota_partition\n--slot\n1\n--input\np100.dat", "switch_ota_partition\n--name\nota_1", "erase_partition\n-n\nmine"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	table := refdata.Read(f, "parttool", "main.bin")
	csv := refdata.Read(f, "parttool", "main.csv")
	f.Fuzz(func(t *testing.T, text string, ota bool) {
		fs := afero.NewMemMapFs()
		flash := bytes.Repeat([]byte{0xFF}, 1<<20)
		copy(flash[0x8000:], table)
		require.NoError(t, afero.WriteFile(fs, "flash.img", flash, 0o644))
		require.NoError(t, afero.WriteFile(fs, "main.csv", csv, 0o644))
		tool := map[bool]string{true: "otatool", false: "parttool"}[ota]
		require.Contains(t, []int{0, 1, 2}, run(fs, tool, strings.Split(text, "\n")...).rc)
	})
}
