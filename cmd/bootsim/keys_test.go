package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/example"
)

// encryptedFolder writes lot one's ciphertext as a folder without bootsim.yaml.
func encryptedFolder(t *testing.T, h *harness) {
	t.Helper()
	for _, f := range example.Files() {
		switch f.Path {
		case "lot-one/bootloader-encrypted.bin":
			h.write(t, "images/bootloader-0x1000.bin", f.Data)
		case "lot-one/partition-table-encrypted.bin":
			h.write(t, "images/partition-table-0x8000.bin", f.Data)
		case "lot-one/otadata-encrypted.bin":
			h.write(t, "images/otadata-0xd000.bin", f.Data)
		case "lot-one/factory-encrypted.bin":
			h.write(t, "images/app-0x10000.bin", f.Data)
		}
	}
	h.write(t, "images/flash_args", []byte("0x1000 bootloader-0x1000.bin\n0x8000 partition-table-0x8000.bin\n0xd000 otadata-0xd000.bin\n0x10000 app-0x10000.bin\n"))
}

// A key that lies beside ciphertext and opens it is taken, and said so; one
// that does not open it is not.
func TestKeyBesideTheSet(t *testing.T) {
	key := example.Key().Bytes()
	h := newHarness("", nil)
	encryptedFolder(t, h)
	require.Equal(t, bootsim.Fail, h.json(t, "images").Verdict, "without the key")

	wrong := key
	wrong[3] ^= 1
	h.write(t, "images/other_key.bin", wrong[:])
	require.Equal(t, bootsim.Fail, h.json(t, "images").Verdict, "with a wrong key")

	h.write(t, "images/flash_encryption_key.bin", key[:])
	r := h.json(t, "images")
	require.Equal(t, bootsim.Pass, r.Verdict)
	require.Equal(t, "factory", r.Lots[0].Scenarios[0].Boots.Label)
	require.Contains(t, r.Lots[0].Assumed, "the key in images/flash_encryption_key.bin is the device's: it opens the bootloader (--key states another)")
}

// What is said of the device counts more than what lies about.
func TestStatedEfusesCountMoreThanKeyFiles(t *testing.T) {
	key := example.Key().Bytes()
	h := newHarness("", nil)
	encryptedFolder(t, h)
	h.write(t, "images/flash_encryption_key.bin", key[:])
	h.write(t, "blank.efuse", make([]byte, 124))
	r := h.json(t, "images", "--efuse", "blank.efuse")
	require.Equal(t, bootsim.Fail, r.Verdict)
	require.Equal(t, "encrypted-but-disabled", r.Findings[0].Rule, "the key beside the set still explains the ciphertext")
}
