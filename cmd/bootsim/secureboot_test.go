package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/faults"
)

// signedFolder writes a set with Secure Boot as a folder of files.
func signedFolder(t *testing.T, h *harness, scheme int) {
	t.Helper()
	args := ""
	for _, p := range faults.Signed(scheme, false).Contents {
		h.write(t, "images/"+p.File, p.Data)
		args += fmt.Sprintf("0x%x %s\n", p.Address, p.File)
	}
	h.write(t, "images/flash_args", []byte(args))
}

// With the key on the command line the digest of Secure Boot V1 is checked; a
// wrong key is a cause of its own, and what is no key a mistake.
func TestSecureBootKey(t *testing.T) {
	h := newHarness("", nil)
	signedFolder(t, h, 1)
	key := faults.BootKey().Bytes()
	h.write(t, "key.bin", key[:])
	device := []string{"images", "--chip-revision", "v1.0"}
	r := h.json(t, append(device, "--secure-boot-key", "key.bin")...)
	require.Equal(t, bootsim.Pass, r.Verdict)
	require.Contains(t, r.Lots[0].Assumed, "Secure Boot V1 on with the given key: ABS_DONE_0 is burnt (--efuse states otherwise)")

	key[0] ^= 1
	h.write(t, "other.bin", key[:])
	r = h.json(t, append(device, "--secure-boot-key", "other.bin")...)
	require.Equal(t, bootsim.Fail, r.Verdict)
	require.Equal(t, "secure-boot-digest-mismatch", r.Findings[0].Rule)

	h.write(t, "short.bin", key[:7])
	require.Equal(t, 2, h.call("check", "images", "--secure-boot-key", "short.bin"))
	require.Contains(t, h.err.String(), "it has 7 bytes")
	require.Equal(t, 3, h.call("check", "images", "--secure-boot-key", "nowhere.bin"))
}
