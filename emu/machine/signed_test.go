package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
)

// trustingDevice has Secure Boot V2 enabled by a factory, which hid nothing.
func trustingDevice(tb testing.TB) *emu.Device {
	tb.Helper()
	d := signedDevice(tb, lot.BootloaderSpec{IDF: "v4.4.8", SecureBoot: "v2"})
	digest := signing.DigestV2(signing.RSA("a"))
	require.NoError(tb, d.Efuses.PlaceData(2, digest[:]))
	done, err := efuse.Lookup("ABS_DONE_1")
	require.NoError(tb, err)
	require.NoError(tb, d.Efuses.BurnField(done, 1))
	return d
}

// A digest that is hidden reads as zeros, for the ROM as well: no key has that one
// (spec 1.5).
func TestHiddenDigestTrustsNobody(t *testing.T) {
	d := trustingDevice(t)
	require.Equal(t, emu.EndApp, signedMachine().Boot(d.Fork()).End)
	require.NoError(t, d.Efuses.Burn(0, []uint32{1 << (16 + efuse.RdDisBlock2)}))
	require.True(t, d.Efuses.KeyReadProtected(2))
	out := signedMachine().Boot(d)
	require.Equal(t, emu.EndROM, out.End)
	require.Contains(t, texts(machine.Course{Boots: []emu.Outcome{out}}), "Sig block 0 signed with untrusted key")
}

// What lies between an app and its signature is signed, too (spec 3.5).
func TestPaddingOfAnAppIsSigned(t *testing.T) {
	const app, size, sector = 0x10000, 30 << 10, 32 << 10
	d := trustingDevice(t)
	require.NoError(t, d.Flash.Place(app, signing.V2(signing.RSA("a"), lot.App(lot.AppSpec{Version: "1", Size: size}))))
	require.Equal(t, emu.EndApp, signedMachine().Boot(d.Fork()).End)
	for _, at := range []uint32{app + size, app + sector - 1} {
		d := d.Fork()
		poke(t, d, at)
		out := signedMachine().Boot(d)
		require.NotEqual(t, emu.EndApp, out.End, "0x%08x", at)
		require.Contains(t, texts(machine.Course{Boots: []emu.Outcome{out}}), "Sig block 0 invalid: Image digest does not match")
	}
}
