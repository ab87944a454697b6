package espefuse_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espefuse"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
)

// On a device the tool says and burns what it does on a virtual eFuse file,
// command after command, except that a hidden key stays in the silicon.
func TestDeviceEqualsFile(t *testing.T) {
	fs := shop(t)
	d := &emu.Device{Efuses: efuse.New()}
	call := func(dev *emu.Device, args string) (int, string) {
		var out bytes.Buffer
		env := cli.Env{FS: fs, Stdin: strings.NewReader("BURN\n"), Stdout: &out, Stderr: &out, Prog: "espefuse", Device: dev}
		words := strings.Fields(args)
		if dev == nil {
			words = append([]string{"--virt", "--path-efuse-file", "e.virt"}, words...)
		}
		return espefuse.Run(env, words), out.String()
	}
	for _, args := range []string{
		"summary", "burn-efuse FLASH_CRYPT_CONFIG 0xF", "burn-key flash_encryption k1.bin", "burn-key flash_encryption k2.bin",
		"burn-key --no-protect-key BLOCK2 k2.bin", "burn-bit BLOCK3 3 5 7", "burn-efuse FLASH_CRYPT_CNT 1 JTAG_DISABLE 1", "burn-efuse FLASH_CRYPT_CNT 0",
		"write-protect-efuse FLASH_CRYPT_CNT", "burn-efuse FLASH_CRYPT_CNT 3", "read-protect-efuse BLOCK2", "write-protect-efuse RD_DIS",
		"read-protect-efuse BLOCK3", "burn-custom-mac 24:0a:c4:01:02:03", "set-flash-voltage 3.3V", "summary --format json", "dump",
	} {
		wantCode, want := call(nil, args)
		code, got := call(d, args)
		require.Equal(t, wantCode, code, args)
		require.Equal(t, want, got, args)
		file, err := afero.ReadFile(fs, "e.virt")
		require.NoError(t, err)
		dump, err := efuse.ParseDump(file)
		require.NoError(t, err)
		require.Equal(t, dump.Set.Dump(), d.Efuses.Dump(), args)
	}
	require.True(t, d.Efuses.KeyReadProtected(1))
	require.False(t, d.Efuses.HardwareFlashKey().IsZero(), "the chip still decrypts")
}

// A burn that the journal stops ends the tool, with what came before burnt.
func TestDeviceBurnIsCut(t *testing.T) {
	fs := shop(t)
	d := &emu.Device{Efuses: efuse.New()}
	d.Efuses.Attach(&flashmodel.Journal{Interceptor: stopAt{1}})
	var out bytes.Buffer
	env := cli.Env{FS: fs, Stdin: strings.NewReader("BURN\n"), Stdout: &out, Stderr: &out, Device: d}
	require.NotZero(t, espefuse.Run(env, []string{"burn-key", "flash_encryption", "k1.bin"}))
	require.Equal(t, efuse.KeyReadable, d.Efuses.KeyState(1), "BLOCK1 comes before its protection")
}

type stopAt struct{ seq int }

func (s stopAt) Intercept(op flashmodel.Op, before, after []byte) error {
	if op.Seq < s.seq {
		return nil
	}
	copy(after, before)
	return &flashmodel.KindError{Kind: op.Kind}
}

// A v3 chip whose download mode is off cannot be reached.
func TestDeviceOutOfReach(t *testing.T) {
	set, err := efuse.FromFields(map[string]any{"CHIP_VER_REV1": 1, "CHIP_VER_REV2": 1, "UART_DOWNLOAD_DIS": 1})
	require.NoError(t, err)
	var out bytes.Buffer
	env := cli.Env{FS: afero.NewMemMapFs(), Stdout: &out, Stderr: &out, Device: &emu.Device{Efuses: set, APBRevision: true}}
	require.NotZero(t, espefuse.Run(env, []string{"summary"}))
	require.Contains(t, out.String(), "no download mode")
}
