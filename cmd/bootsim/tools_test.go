package main

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// Every tool answers under its name, alone and with the endings that scripts and
// Windows give it, in any folder; usage lines then name the link.
func TestToolsAnswerToTheirNames(t *testing.T) {
	for _, tool := range tools() {
		for _, ending := range []string{"", ".py", ".exe", ".py.exe"} {
			for _, folder := range []string{"", "./", "/usr/local/bin/"} {
				link := tool.name + ending
				h := newHarness("", nil)
				require.Equal(t, exitOK, h.called([]string{folder + link, "-h"}), link)
				require.Contains(t, strings.ToLower(h.out.String()), "usage: "+link+" ")
				require.NotContains(t, h.out.String(), "bootsim "+tool.name)
			}
			h := newHarness("", nil)
			require.Equal(t, exitOK, h.called([]string{"bootsim", tool.name + ending, "-h"}))
			require.Contains(t, h.out.String(), "bootsim "+tool.name)
		}
	}
	for _, other := range []string{"bootsim", "espsecure2", "py", ".py", "ESPSECURE-py"} {
		_, ok := toolNamed(other)
		require.False(t, ok, other)
	}
}

// Under "bootsim TOOL" usage lines are those of the original run by Python, which
// scripts look for, and say how the tool is called here.
func TestUsageLinesOfTheOriginal(t *testing.T) {
	h := newHarness("", nil)
	require.Zero(t, h.called([]string{"bootsim", "espefuse", "burn-key", "-h"}))
	require.Contains(t, h.out.String(), "Usage: python -m espefuse burn-key [OPTIONS] ")
	require.Contains(t, h.out.String(), "(here: bootsim espefuse burn-key)\n")
	h.call("esptool", "chip-id", "one", "too-many")
	require.Contains(t, h.err.String(), "Usage: python -m esptool chip-id [OPTIONS]")
	require.Contains(t, h.err.String(), "Try 'bootsim esptool chip-id -h' for help.")
	h.call("espefuse.py", "-h")
	require.NotContains(t, h.out.String(), "espefuse.py", "the name is the verb's")
}

// A bug in a tool is an internal error, however it was called.
func TestPanicBehindALink(t *testing.T) {
	h := newHarness("", nil)
	h.app.fs = nil
	require.Equal(t, exitInput, h.called([]string{"espsecure.py", "encrypt-flash-data", "-k", "k", "-a", "0", "-o", "o", "p"}))
	require.Contains(t, h.err.String(), "internal error: ")
}

// The first post's command encrypts as the device decrypts.
func TestEspsecureThroughTheCommand(t *testing.T) {
	h := newHarness("", nil)
	h.write(t, "key.bin", make([]byte, 32))
	h.write(t, "app.bin", make([]byte, 4096))
	require.Equal(t, 0, h.call("espsecure.py", "encrypt_flash_data", "--keyfile", "key.bin", "--address", "0x60000", "-o", "enc.bin", "app.bin"), h.err)
	require.Equal(t, 0, h.call("espsecure", "decrypt-flash-data", "--keyfile", "key.bin", "--address", "0x60000", "-o", "dec.bin", "enc.bin"), h.err)
	files := contents(t, h.fs)
	require.Equal(t, files["app.bin"], files["dec.bin"])
	require.NotEqual(t, files["app.bin"], files["enc.bin"])
}

// A file that only its owner may read, as a key, is not replaced without a word.
func TestReplacedKeysAreTold(t *testing.T) {
	for _, line := range []string{"espsecure extract-public-key -v 2 --keyfile signing.pem out", "espsecure encrypt-flash-data -k key.bin -a 0 -o out app.bin",
		"esptool --chip esp32 merge-bin -o out 0x1000 app.bin"} {
		for mode, warned := range map[fs.FileMode]bool{0o600: true, 0o400: true, 0o644: false, 0: false} {
			h := newHarness("", nil)
			h.write(t, "signing.pem", refdata.Read(t, "espsecure", "test-key-rsa-a.pem"))
			h.write(t, "key.bin", make([]byte, 32))
			h.write(t, "app.bin", make([]byte, 4096))
			if mode != 0 {
				h.write(t, "out", make([]byte, 32))
				require.NoError(t, h.fs.Chmod("out", mode))
			}
			require.Zero(t, h.call(strings.Fields(line)...), h.err)
			require.Equal(t, warned, strings.Contains(h.out.String(), "Warning: out is replaced"), "%s, mode %o: %s", line, mode, h.out)
		}
	}
}
