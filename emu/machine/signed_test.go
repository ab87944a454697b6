package machine_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
	"github.com/bootsim/bootsim/flashmodel"
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

// A table that begins within the bootloader's signature sector, where only an offset
// inside a sector can be, would be erased with it: the device is not encrypted. Later
// versions count the signature when they look at the image's length.
func TestSignatureSectorMustEndBeforeTheTable(t *testing.T) {
	const large, long = "too large to fit Secure Boot V2 signature sector", "doesn't fit in partition length"
	for idf, refusal := range map[string]string{"v4.1.4": large, "v4.3.7": large, "v4.4.8": long, "v5.1.7": long} {
		d := trustingDevice(t)
		boot := signing.V2(signing.RSA("a"), lot.Bootloader(lot.BootloaderSpec{IDF: idf, SecureBoot: "v2", FlashEncryption: true, FlashSize: 1 << 20}))
		require.NoError(t, d.Flash.Place(0x1000, boot))
		behind := signatureAt(t, d) + flashmodel.SectorSize
		for at, overlaps := range map[uint32]bool{behind - 0x800: true, behind: false} {
			d := d.Fork()
			require.NoError(t, d.Flash.Place(at, lot.Table(signedTable)))
			out := machine.New(machine.Options{TableOffset: at}).Boot(d)
			console := texts(machine.Course{Boots: []emu.Outcome{out}})
			require.Equal(t, overlaps, strings.Contains(console, refusal), "%s\n%s", idf, console)
			require.Equal(t, !overlaps, d.Efuses.FlashEncryption(), idf)
		}
	}
}
