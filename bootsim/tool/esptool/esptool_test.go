package esptool_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/esptool"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

func put(tb testing.TB, fs afero.Fs, name string, b []byte) {
	tb.Helper()
	require.NoError(tb, afero.WriteFile(fs, name, b, 0o644))
}

func get(tb testing.TB, fs afero.Fs, name string) []byte {
	tb.Helper()
	b, err := afero.ReadFile(fs, name)
	require.NoError(tb, err)
	return b
}

// A build's flash_args file makes a chip out of nothing, as `esptool
// write_flash @flash_args` does with a real one; environment variables stand
// for the options of the chip.
func TestFlashArgsFile(t *testing.T) {
	fs := afero.NewMemMapFs()
	boot, table, app := refdata.Read(t, "esptool", "bootloader.bin"), refdata.Read(t, "esptool", "table.bin"), refdata.Read(t, "esptool", "good.bin")
	put(t, fs, "bootloader/bootloader.bin", boot)
	put(t, fs, "partition-table.bin", table)
	put(t, fs, "my app.bin", app)
	put(t, fs, "flash_args", []byte("--flash_mode dio --flash_freq 40m --flash_size 4MB\n"+
		"0x1000 bootloader/bootloader.bin\n0x8000 partition-table.bin\n0x10000 'my app.bin'\n"))
	var stdout, stderr bytes.Buffer
	env := cli.Env{FS: fs, Stdout: &stdout, Stderr: &stderr, Prog: "esptool", Getenv: func(name string) string {
		return map[string]string{"BOOTSIM_FLASH_FILE": "chip.bin", "BOOTSIM_FLASH_FILE_SIZE": "4MB"}[name]
	}}
	require.Zero(t, esptool.Run(env, []string{"-c", "esp32", "-p", "/dev/ttyUSB0", "-b", "460800", "--before", "default_reset",
		"--after", "hard_reset", "write_flash", "@flash_args"}), stderr.String())
	require.Equal(t, 3, strings.Count(stdout.String(), "Hash of data verified."))
	flash := get(t, fs, "chip.bin")
	require.Len(t, flash, 4<<20)
	require.Equal(t, boot, flash[0x1000:0x1000+len(boot)])
	require.Equal(t, app, flash[0x10000:0x10000+len(app)])
	require.Zero(t, esptool.Run(env, []string{"verify-flash", "0x8000", "partition-table.bin"}))
	require.Equal(t, 2, esptool.Run(env, []string{"verify-flash", "0x9000", "partition-table.bin"}))
}

// What is read back from a chip that encrypts is what espsecure makes of the
// same file, and a chip whose key nobody knows encrypts nothing.
func TestEncrypt(t *testing.T) {
	fs := afero.NewMemMapFs()
	plain := refdata.Read(t, "espsecure", "plain.bin")
	put(t, fs, "plain.bin", plain)
	put(t, fs, "efuse.virt", refdata.Read(t, "espefuse", "fe-dev-protected.virt"))
	put(t, fs, "k1.bin", refdata.Read(t, "espsecure", "k1.bin"))
	chip := []string{"--flash-file", "chip.bin", "--flash-file-size", "1MB", "--path-efuse-file", "efuse.virt"}
	write := []string{"write-flash", "--encrypt", "0x10000", "plain.bin"}
	got := tool(fs, append(chip, write...)...)
	require.Equal(t, 2, got.RC)
	require.Contains(t, got.Stderr, "--keyfile")
	require.Zero(t, tool(fs, append(append(chip, "--keyfile", "k1.bin"), write...)...).RC)
	require.Zero(t, tool(fs, append(chip, "read-flash", "0x10000", fmt.Sprint(len(plain)), "out.bin")...).RC)
	var ix struct {
		Encrypt []struct {
			Key, Plain, File string
			Address, Conf    int64
			DetLen           int `json:"det_len"`
		}
	}
	refdata.JSON(t, &ix, "espsecure", "index.json")
	compared := 0
	for _, row := range ix.Encrypt {
		if row.Key == "k1.bin" && row.Plain == "plain.bin" && row.Address == 0x10000 && row.Conf == 0xF && row.File != "" {
			want := refdata.Read(t, "espsecure", row.File)
			require.Equal(t, want[:row.DetLen], get(t, fs, "out.bin")[:row.DetLen])
			compared++
		}
	}
	require.Positive(t, compared)
}

// If the flash does not hold what --diff-with says, all of the file is written.
func TestDiffWithWrongFile(t *testing.T) {
	fs := afero.NewMemMapFs()
	before := refdata.Read(t, "esptool", "good.bin")
	after := bytes.Clone(before)
	after[30000]++
	put(t, fs, "before.bin", before)
	put(t, fs, "after.bin", after)
	got := tool(fs, "--flash-file", "chip.bin", "--flash-file-size", "1MB", "write-flash", "0x10000", "after.bin", "--diff-with", "before.bin")
	require.Zero(t, got.RC)
	require.Contains(t, got.Stdout, "Reflashing 1 changed sector at 0x00017000...")
	require.Contains(t, got.Stdout, "Reflashing the whole image...")
	require.Equal(t, after, get(t, fs, "chip.bin")[0x10000:0x10000+len(after)])
}

// A chip is rated for 160 MHz only if both bits say so.
func TestRatedFrequency(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "mb.bin", make([]byte, 1<<20))
	for bits, want := range map[byte]string{0x00: "Core, Coding", 0x10: "Core, Coding", 0x20: "Core, 240MHz, Coding", 0x30: "Core, 160MHz, Coding"} {
		b := bytes.Clone(refdata.Read(t, "espefuse", "blank.virt"))
		b[len(b)-1-13] |= bits // bits 12 and 13 of the fourth register; the file is back to front
		put(t, fs, "efuse.virt", b)
		require.Contains(t, tool(fs, "--flash-file", "mb.bin", "--path-efuse-file", "efuse.virt", "read-mac").Stdout, want)
	}
}

// What cannot be done says why, with the code of the reference's errors.
func TestRefused(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "mb.bin", make([]byte, 1<<20))
	put(t, fs, "odd.bin", make([]byte, 5000))
	put(t, fs, "p.bin", make([]byte, 64))
	put(t, fs, "damaged.hex", []byte(":0100000001FE\n:0100010001FF\n:00000001FF\n"))
	put(t, fs, "none.hex", []byte(":00000001FF\n"))
	put(t, fs, "no-download.virt", v3WithoutDownload(t))
	chip := []string{"--flash-file", "mb.bin"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"flash-id"}, "bootsim has no serial port; name the image"},
		{[]string{"--port", "COM3", "chip_id"}, "--flash-file FILE"},
		{[]string{"--flash-file", "odd.bin", "flash-id"}, "no size of a flash chip"},
		{[]string{"--flash-file", "nosuch.bin", "flash-id"}, "to make an erased chip"},
		{append(chip, "--chip", "esp32c3", "flash-id"), "the ESP32-C3 is not modelled"},
		{append(chip, "write-flash", "--flash-type", "nand", "0", "p.bin"), "NAND flash is not modelled"},
		{append(chip, "elf2image", "x.elf"), "elf2image is not modelled"},
		{append(chip, "load_ram", "x.bin"), "load-ram is not modelled"},
		{append(chip, "--path-efuse-file", "no-download.virt", "flash-id"), "UART_DOWNLOAD_DIS is burnt"},
		{append(chip, "read-flash", "0", "16", "mb.bin"), "is part of the simulated chip"},
		{append(chip, "verify-flash", "0xfffff", "p.bin"), "does not lie in 1048576 bytes"},
		{append(chip, "write-flash", "0x100000000", "p.bin"), "is none in flash"},
		{append(chip, "write-flash", "0", "damaged.hex"), "line 2: checksum"},
		{append(chip, "write-flash", "0", "none.hex"), "holds no data"},
		{chip, "Missing command."},
		{append(chip, "wirte-flash"), "No such command 'wirte-flash'."},
		{[]string{"--chip", "esp32", "merge-bin", "-o", "o.bin", "0xfffff000", "p.bin"}, "more than 128 MB"},
		{[]string{"--chip", "esp32", "merge-bin", "-o", "o.bin", "--format", "uf2", "--chunk-size", "456", "0", "p.bin"}, "room for 4 to 452 bytes"},
		{[]string{"--chip", "esp32", "merge-bin", "-o", "o.bin", "--format", "uf2", "--chunk-size", "6", "0", "p.bin"}, "4-byte aligned"},
		{[]string{"--chip", "esp32", "merge-bin", "-o", "o.bin", "--chunk-size", "6", "0", "p.bin"}, "4-byte aligned"},
		{[]string{"--chip", "esp32", "merge-bin", "-o", "./p.bin", "0", "p.bin"}, "p.bin is an input file"},
	} {
		got := tool(fs, c.args...)
		require.Equal(t, 2, got.RC, c.args)
		require.Contains(t, got.Stderr, c.want, c.args)
	}
	require.Equal(t, make([]byte, 1<<20), get(t, fs, "mb.bin"))
	require.Equal(t, make([]byte, 64), get(t, fs, "p.bin"))
}

// A size of UF2 blocks that fits none is no mistake where there are no blocks.
func TestChunkSizeWithoutBlocks(t *testing.T) {
	fs := afero.NewMemMapFs()
	put(t, fs, "p.bin", make([]byte, 64))
	require.Zero(t, tool(fs, "--chip", "esp32", "merge-bin", "-o", "o.bin", "--chunk-size", "1000", "0", "p.bin").RC)
	require.Len(t, get(t, fs, "o.bin"), 64)
}

// v3WithoutDownload returns the eFuses of a v3 chip with UART_DOWNLOAD_DIS.
func v3WithoutDownload(t *testing.T) []byte {
	t.Helper()
	b := bytes.Clone(refdata.Read(t, "espefuse", "rev3.virt"))
	b[len(b)-1-3] |= 1 << 3 // bit 27 of the first register; the file is back to front
	return b
}

// Help and version end well, and say what they are asked for.
func TestHelp(t *testing.T) {
	fs := afero.NewMemMapFs()
	for _, args := range [][]string{{}, {"-h"}, {"--help"}} {
		got := tool(fs, args...)
		require.Zero(t, got.RC)
		require.Contains(t, got.Stdout, "--flash-file FILE")
	}
	got := tool(fs, "write-flash", "-h")
	require.Zero(t, got.RC)
	require.Contains(t, got.Stdout, "--encrypt-files")
	require.Equal(t, "esptool v5.3.1\n5.3.1\n", tool(fs, "version").Stdout)
	require.Empty(t, tool(fs, "--silent", "version").Stdout)
}

// Any file is explained or refused, as an image of any chip.
func FuzzImageInfo(f *testing.F) {
	var ix index
	refdata.JSON(f, &ix, "esptool", "index.json")
	for _, row := range ix.Info {
		if row.File != "good.bin" {
			f.Add(refdata.Read(f, "esptool", row.File))
		}
	}
	f.Add([]byte(":0100000001FE\n:00000001FF\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fs := afero.NewMemMapFs()
		put(t, fs, "x.bin", b)
		for _, chip := range []string{"auto", "esp32", "esp8266", "esp32p4"} {
			got := tool(fs, "--chip", chip, "image-info", "x.bin")
			require.Contains(t, []int{0, 1, 2}, got.RC)
			require.Equal(t, got.RC == 0, got.Stderr == "" || strings.HasPrefix(got.Stderr, "Error processing file"), got.Stderr)
		}
	})
}

// Any command line ends with one of the codes, and leaves its input alone.
func FuzzCommandLine(f *testing.F) {
	for _, seed := range []string{"merge-bin\n-o\nout\n0\np.bin", "write-flash\n-fm\ndio\n0x1000\np.bin", "erase-region\n0\n4k", "--port-filter\na\nread-mac",
		"write-flash\n0\np.bin\n--encrypt-files\n0x1000\np.bin", "-h", "read-flash\n0\nALL\nout", "@p.bin", "--\nread-mac", "verify-flash\n--diff\n0\np.bin"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fs := afero.NewMemMapFs()
		put(t, fs, "p.bin", []byte("some text"))
		put(t, fs, "flash.img", make([]byte, 1<<20))
		args := append([]string{"--flash-file", "flash.img"}, strings.Split(text, "\n")...)
		require.Contains(t, []int{0, 1, 2}, tool(fs, args...).RC)
		if !strings.Contains(text, "flash.img") {
			require.Len(t, get(t, fs, "flash.img"), 1<<20)
		}
	})
}
