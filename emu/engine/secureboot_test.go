package engine_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// Bootloaders with Secure Boot are larger than others, and have their partition
// table further up.
const (
	signedTable = 0x10000
	signedApp   = 0x20000
	signedRows  = "nvs,data,nvs,0x11000,16K,\nfactory,app,factory,0x20000,256K,\n"
)

// signedBinaries are the bootloaders of a scheme in the folder secureboot of the
// bootloaders at hand.
func signedBinaries(t *testing.T, scheme string) []string {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		t.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	files, err := filepath.Glob(filepath.Join(dir, "secureboot", scheme+"-*.bin"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

// signer is the key whose public half a bootloader of V1 has in it: its owner
// published it.
func signer(t *testing.T, bin string) *ecdsa.PrivateKey {
	raw, err := os.ReadFile(strings.TrimSuffix(bin, ".bin") + ".pem")
	require.NoError(t, err)
	block, _ := pem.Decode(raw)
	require.NotNil(t, block)
	key, err := x509.ParseECPrivateKey(block.Bytes)
	require.NoError(t, err)
	return key
}

// padded is a bootloader up to the end of its sector: the digest covers whole
// blocks, and what lies behind a file under flash encryption is noise.
func padded(t *testing.T, bin string) []byte {
	image, err := os.ReadFile(bin)
	require.NoError(t, err)
	return secureboot.PadV2(image)
}

// covered is what the ROM makes the digest of.
func covered(t *testing.T, image []byte) []byte {
	im, err := espimage.Parse(image)
	require.NoError(t, err)
	return image[:secureboot.V1Covered(im.ChecksumOffset)]
}

// placed is a device with these contents, encrypted where there is a key.
func placed(t *testing.T, fuses *efuse.Set, key *crypt.Key, parts map[uint32][]byte) *emu.Device {
	flash, err := flashmodel.New(4 << 20)
	require.NoError(t, err)
	for addr, b := range parts {
		if key != nil {
			b = lot.Encrypt(*key, crypt.FullConfig, addr, b)
		}
		require.NoError(t, flash.Place(addr, b))
	}
	return &emu.Device{Flash: flash, Efuses: fuses, ROM: emu.ROM2019, APBRevision: true, Cause: emu.ResetPowerOn}
}

// both boots a device with both engines and requires the same end, the same
// application and the same lines of the levels that a release has.
func both(t *testing.T, d *emu.Device, name string) (emu.Outcome, esp32.Result) {
	t.Helper()
	var last esp32.Result
	twin := d.Fork()
	out := (&engine.Engine{Observe: func(_ *esp32.Machine, r *esp32.Result) {
		if r != nil {
			last = *r
		}
	}}).Boot(d)
	model := machine.New(machine.Options{TableOffset: signedTable}).Boot(twin)
	require.Equal(t, model.End, out.End, "%s: %s%s", name, text(out.Log), out.NotModelled)
	require.Equal(t, model.App, out.App, name)
	require.Equal(t, released(model.Log), released(out.Log), name)
	return out, last
}

func released(log []emu.Line) string {
	var out []emu.Line
	for _, l := range log {
		if l.Level != 'D' && l.Level != 'V' {
			out = append(out, l)
		}
	}
	return text(out)
}

// V1: the ROM compares the digest, and the bootloader verifies the signature of
// the application in software, ECDSA on P-256, under flash encryption.
func TestSecureBootV1(t *testing.T) {
	boot, err := crypt.ParseKey(lot.Filler(3, 32))
	require.NoError(t, err)
	key, err := crypt.ParseKey(lot.Filler(7, 32))
	require.NoError(t, err)
	for _, bin := range signedBinaries(t, "v1") {
		image := padded(t, bin)
		own := signer(t, bin)
		chip := lot.Encrypting(efuse.Revision{Major: 1}, key)
		chip.BootKey, chip.ProtectBoot = &boot, true
		chip.Fields = map[string]uint64{"ABS_DONE_0": 1}
		with := func(app []byte) *emu.Device {
			return placed(t, lot.Chip(chip), &key, map[uint32][]byte{
				0: signing.Digest(boot, signing.IV("engine"), covered(t, image))[:192], 0x1000: image, signedTable: lot.Table(signedRows), signedApp: app,
			})
		}
		good := signing.AppV1(own, app("1.0"))
		start := time.Now()
		out, r := both(t, with(good), "good")
		require.NotNil(t, out.App, text(out.Log))
		require.Equal(t, "factory", out.App.Label)
		fmt.Printf("%s: %d instructions, both engines in %v\n", filepath.Base(bin), r.Steps, time.Since(start).Round(time.Millisecond))
		end := len(good) - espimage.SignatureV1Size
		for name, at := range map[string]int{"version": end, "r": end + 5, "r's last": end + 35, "s": end + 40, "s's last": end + 67, "body": end - 40, "hash": end - 1} {
			bad := bytes.Clone(good)
			bad[at] ^= 1
			out, r := both(t, with(bad), name)
			require.Nil(t, out.App, name)
			fmt.Printf("  %s flipped: %d instructions\n", name, r.Steps)
		}
		other, _ := both(t, with(signing.AppV1(signing.EC("another"), app("1.0"))), "another key")
		require.Nil(t, other.App)
	}
}

// The first boot of V1 makes digest, key and ciphertext itself; from then on the
// ROM's model accepts what it left.
func TestSecureBootV1FirstBoot(t *testing.T) {
	for _, bin := range signedBinaries(t, "v1") {
		image := padded(t, bin)
		good := signing.AppV1(signer(t, bin), app("1.0"))
		d := placed(t, lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 1}}), nil, map[uint32][]byte{
			0x1000: image, signedTable: lot.Table(signedRows), signedApp: good,
		})
		var steps uint64
		var out emu.Outcome
		e := &engine.Engine{Observe: func(_ *esp32.Machine, r *esp32.Result) {
			if r != nil {
				steps = r.Steps
			}
		}}
		start := time.Now()
		for boot := 1; boot <= 4; boot++ {
			out = e.Boot(d)
			fmt.Printf("%s: boot %d: %d instructions, %v\n", filepath.Base(bin), boot, steps, time.Since(start).Round(time.Millisecond))
			if out.End != emu.EndReset {
				break
			}
			d.Cause = out.NextCause
		}
		require.NotNil(t, out.App, "%s%s", text(out.Log), out.NotModelled)
		require.True(t, d.Efuses.AbsDone0())
		require.NotEmpty(t, d.Efuses.Cells(2))
		var raw [192]byte
		d.Cached().Read(0, raw[:])
		sector, _ := secureboot.DecodeV1Sector(raw[:])
		key := crypt.KeyFromBlock([crypt.KeySize]byte(d.Efuses.Cells(2)))
		require.NoError(t, secureboot.VerifyV1Bootloader(key, sector, covered(t, image)))
		// What the ROM now guards: one bit of the second stage.
		var b [1]byte
		d.Flash.Read(0x3000, b[:])
		b[0] ^= 1
		require.NoError(t, d.Flash.Place(0x3000, b[:]))
		require.Equal(t, emu.EndROM, e.Boot(d).End)
	}
}

// V2: the bootloader has the ROM verify the application.
func TestSecureBootV2(t *testing.T) {
	digest := signing.DigestV2(signing.RSA("a"))
	for _, bin := range signedBinaries(t, "v2") {
		raw, err := os.ReadFile(bin)
		require.NoError(t, err)
		image := signing.V2(signing.RSA("a"), withTableAt(t, raw, signedTable))
		with := func(app []byte) *emu.Device {
			chip := lot.ChipSpec{Revision: efuse.Revision{Major: 3}, BootDigest: &digest, Fields: map[string]uint64{"ABS_DONE_1": 1}}
			return placed(t, lot.Chip(chip), nil, map[uint32][]byte{0x1000: image, signedTable: lot.Table(signedRows), signedApp: app})
		}
		good := signing.V2(signing.RSA("a"), app("1.0"))
		start := time.Now()
		out, r := both(t, with(good), "good")
		require.NotNil(t, out.App, text(out.Log))
		require.Equal(t, "factory", out.App.Label)
		fmt.Printf("%s: %d instructions, both engines in %v\n", filepath.Base(bin), r.Steps, time.Since(start).Round(time.Millisecond))
		end := len(good) - secureboot.SectorSize
		for name, at := range map[string]int{"magic": end, "version": end + 1, "digest": end + 4, "modulus": end + 40, "signature": end + 900, "crc": end + 1197, "padding": end - 1} {
			bad := bytes.Clone(good)
			bad[at] ^= 1
			out, _ := both(t, with(bad), name)
			require.Nil(t, out.App, name)
		}
		other, _ := both(t, with(signing.V2(signing.RSA("b"), app("1.0"))), "another key")
		require.Nil(t, other.App)
		require.Contains(t, text(other.Log), "signed with untrusted key")
	}
}

// withTableAt is a bootloader that looks for its partition table elsewhere than
// at 0x8000: test images of the tools were built larger than their place.
func withTableAt(t *testing.T, image []byte, at uint32) []byte {
	im, err := espimage.Parse(image)
	require.NoError(t, err)
	spec := espimage.Spec{Header: im.Header}
	for _, s := range im.Segments {
		data := bytes.Clone(image[s.DataOffset : s.DataOffset+s.Length])
		// Literals stand before the function that uses them: the first is that of
		// the table's loader.
		for i := 0; s.LoadAddr == loaderCode && i+4 <= len(data); i += 4 {
			if binary.LittleEndian.Uint32(data[i:]) == 0x8000 {
				binary.LittleEndian.PutUint32(data[i:], at)
				break
			}
		}
		spec.Segments = append(spec.Segments, espimage.Data{LoadAddr: s.LoadAddr, Bytes: data})
	}
	return espimage.Build(spec)
}

// loaderCode is where the code begins that stays while an application is loaded.
const loaderCode = 0x40078000
