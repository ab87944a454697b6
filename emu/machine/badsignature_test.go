package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// An application whose signature is bad is told from one whose hash is: the
// bootloader hashes it a second time, without what was signed along.
func TestBadSignaturesAreNoCorruption(t *testing.T) {
	app := lot.App(lot.AppSpec{Version: "1", Size: 32 << 10})
	for scheme, signature := range map[string]uint32{
		"v1": uint32(len(app)) + espimage.SignatureV1Size - 1, "v2": uint32(len(app)+0xFFF)&^0xFFF + 900,
	} {
		for at, want := range map[uint32]string{signature: "image valid, signature bad", uint32(len(app)) - 1: "image corrupted on flash"} {
			d := signedDevice(t, lot.BootloaderSpec{IDF: "v5.1.6", SecureBoot: scheme})
			var b [1]byte
			d.Flash.Read(0x10000+at, b[:])
			require.NoError(t, d.Flash.Place(0x10000+at, []byte{b[0] ^ 1}))
			c := texts(machine.Run(signedMachine(), d, 5))
			inOrder(t, c, "Secure boot signature verification failed", "Calculating simple hash", want)
		}
	}
}
