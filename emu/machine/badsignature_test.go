package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
)

// Where a signature does not fit, the bootloader compares the image's own hash
// and says what of the two is wrong. A machine that remembers says the same as a
// boot without memory, the hashes that it prints included.
func TestBadSignaturesAreToldFromBadImages(t *testing.T) {
	const appAt = 0x10000
	length := uint32(len(lot.App(lot.AppSpec{Version: "1", Size: 32 << 10})))
	for _, scheme := range []string{"v1", "v2"} {
		for _, c := range []struct {
			at   uint32
			want string
		}{
			{length + 8, "image valid, signature bad"}, // r of the signature, or padding before it
			{length - 5, "image corrupted on flash"},   // its hash
		} {
			d := signedDevice(t, lot.BootloaderSpec{IDF: "v5.1.6", SecureBoot: scheme, LogLevel: "verbose"})
			if scheme == "v2" {
				digest := signing.DigestV2(signing.RSA("a"))
				require.NoError(t, d.Efuses.Burn(2, wordsOf(digest[:])))
			}
			m, fresh := signedMachine(), signedMachine()
			m.Boot(d.Fork()) // remembers the image as it was
			var b [1]byte
			d.Flash.Read(appAt+c.at, b[:])
			require.NoError(t, d.Flash.Place(appAt+c.at, []byte{b[0] ^ 0x10}))
			p, err := m.Profile(d)
			require.NoError(t, err)
			for _, m := range []*machine.Machine{fresh, m, fresh, m} {
				got := m.Boot(d.Fork())
				require.Equal(t, emu.EndReset, got.End)
				require.Contains(t, got.Log, emu.Line{Stage: emu.StageBootloader, Level: 'W', Tag: "esp_image", Text: c.want}, "%s, 0x%x", scheme, c.at)
				alone := bootloader.Boot(d.Fork(), &p)
				require.Equal(t, alone.Log, got.Log[len(got.Log)-len(alone.Log):], "%s, 0x%x", scheme, c.at)
			}
		}
	}
}

// wordsOf is bytes as the eFuse controller takes them.
func wordsOf(b []byte) []uint32 {
	w := make([]uint32, efuse.BlockSize/4)
	for i, x := range b {
		w[i/4] |= uint32(x) << (i % 4 * 8)
	}
	return w
}
