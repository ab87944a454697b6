package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestToolsAnswerToTheirNames(t *testing.T) {
	for name, want := range map[string]string{
		"espsecure": "espsecure", "espsecure.py": "espsecure", "/usr/bin/espefuse.py": "espefuse",
		"esptool.exe": "esptool", "gen_esp32part.py": "gen_esp32part", "otatool.py": "otatool", "parttool": "parttool",
	} {
		got, ok := toolNamed(name)
		require.True(t, ok, name)
		require.Equal(t, want, got.name)
	}
	_, ok := toolNamed("bootsim")
	require.False(t, ok)
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
