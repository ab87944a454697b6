package machine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// signedTable makes room for a signed bootloader.
const signedTable = "factory,app,factory,0x10000,128K,\n"

// signedDevice is a device whose bootloader has Secure Boot compiled in, with a
// signed app, and nothing burnt.
func signedDevice(tb testing.TB, boot lot.BootloaderSpec) *emu.Device {
	tb.Helper()
	flash, err := flashmodel.New(1 << 20)
	require.NoError(tb, err)
	boot.FlashSize = 1 << 20
	app := lot.App(lot.AppSpec{Version: "1", Size: 32 << 10})
	d := &emu.Device{Flash: flash, ROM: emu.ROM2016, Cause: emu.ResetPowerOn}
	rev := efuse.Revision{Major: 1}
	if boot.SecureBoot == "v2" {
		d.ROM, d.APBRevision, rev.Major = emu.ROM2019, true, 3
		require.NoError(tb, flash.Place(0x1000, signing.V2(signing.RSA("a"), lot.Bootloader(boot))))
		app = signing.V2(signing.RSA("a"), app)
	} else {
		boot.AppKey = signing.PublicV1(signing.EC("a"))
		require.NoError(tb, flash.Place(0x1000, lot.Bootloader(boot)))
		app = signing.AppV1(signing.EC("a"), app)
	}
	require.NoError(tb, flash.Place(0xF000, lot.Table(signedTable)))
	require.NoError(tb, flash.Place(0x10000, app))
	d.Efuses = lot.Chip(lot.ChipSpec{Revision: rev})
	return d
}

func signedMachine() *machine.Machine { return machine.New(machine.Options{TableOffset: 0xF000}) }

// texts is a console without time.
func texts(c machine.Course) string {
	var b strings.Builder
	for _, out := range c.Boots {
		for _, l := range out.Log {
			b.WriteString(l.String() + "\n")
		}
	}
	return b.String()
}

// inOrder requires lines to come one after the other.
func inOrder(tb testing.TB, console string, lines ...string) {
	tb.Helper()
	rest := console
	for _, l := range lines {
		_, after, ok := strings.Cut(rest, l)
		require.True(tb, ok, "%q is missing, or comes too early:\n%s", l, console)
		rest = after
	}
}

// burnt is where in the order of all operations a bit of BLOCK0 was burnt.
func burnt(tb testing.TB, j *flashmodel.Journal, word, bit int) int {
	tb.Helper()
	at := slices.IndexFunc(j.Ops(), func(op flashmodel.Op) bool {
		return op.Kind == flashmodel.OpBurn && op.Addr == 0 && op.Data[4*word+bit/8]>>(bit%8)&1 == 1
	})
	require.GreaterOrEqual(tb, at, 0, "bit %d of word %d was never burnt", bit, word)
	return at
}

// The first boot with Secure Boot V1 writes a digest that the ROM accepts and
// burns ABS_DONE_0: before flash encryption until v3.2, after it since.
func TestFirstBootEnablesV1(t *testing.T) {
	for _, idf := range []string{"v3.1.1", "v3.2.5", "v3.3.6", "v4.0.4", "v4.1.4", "v4.2.5", "v4.3.7", "v4.4.8", "v5.1.7", "v5.5.5", "v6.0.2"} {
		for _, encrypts := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s encrypts %v", idf, encrypts), func(t *testing.T) {
				d := signedDevice(t, lot.BootloaderSpec{IDF: idf, SecureBoot: "v1", FlashEncryption: encrypts})
				var j flashmodel.Journal
				d.Attach(&j)
				c := machine.Run(signedMachine(), d, 5)
				require.Equal(t, emu.EndApp, c.Last().End, texts(c))
				require.True(t, d.Efuses.AbsDone0())
				require.True(t, d.Efuses.KeyReadProtected(2) && d.Efuses.KeyWriteProtected(2))
				require.Equal(t, encrypts, d.Efuses.FlashEncryption())
				require.Equal(t, emu.EndApp, signedMachine().Boot(d).End, "and again")
				inOrder(t, texts(c), "Generating new secure boot key...", "Generating secure boot digest...", "Digest generation complete.",
					"blowing secure boot efuse...", "secure boot is now enabled for bootloader image")
				if encrypts {
					early := strings.HasPrefix(idf, "v3.1") || strings.HasPrefix(idf, "v3.2")
					require.Equal(t, early, burnt(t, &j, 6, 4) < burnt(t, &j, 0, 20), "ABS_DONE_0 before FLASH_CRYPT_CNT")
				}
			})
		}
	}
}

// The first boot with Secure Boot V2 burns the digest of the bootloader's key,
// readable, and ABS_DONE_1. RD_DIS is locked only once flash encryption has
// hidden its key.
func TestFirstBootEnablesV2(t *testing.T) {
	for _, idf := range []string{"v4.1", "v4.1.4", "v4.2.5", "v4.3.7", "v4.4.8", "v5.0.9", "v5.1.7", "v5.4", "v5.5.5", "v6.0.2"} {
		for _, encrypts := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s encrypts %v", idf, encrypts), func(t *testing.T) {
				d := signedDevice(t, lot.BootloaderSpec{IDF: idf, SecureBoot: "v2", FlashEncryption: encrypts})
				m := machine.New(machine.Options{TableOffset: 0xF000})
				var j flashmodel.Journal
				d.Attach(&j)
				c := machine.Run(m, d, 5)
				require.Equal(t, emu.EndApp, c.Last().End, texts(c))
				require.True(t, d.Efuses.AbsDone1())
				digest := signing.DigestV2(signing.RSA("a"))
				require.Equal(t, digest[:], d.Efuses.Cells(2))
				require.True(t, d.Efuses.KeyWriteProtected(2) && !d.Efuses.KeyReadProtected(2))
				require.True(t, d.Efuses.WriteProtected(efuse.WrDisRdDis))
				require.Equal(t, encrypts, d.Efuses.KeyReadProtected(1))
				again := signedMachine().Boot(d)
				require.Equal(t, emu.EndApp, again.End, "and again")
				inOrder(t, texts(machine.Course{Boots: []emu.Outcome{again}}), "secure boot v2 enabled", "secure boot verification succeeded",
					"load:0x3fff00", " len:0x", "entry 0x", "Verifying with RSA-PSS...", "enabling secure boot v2...", "secure boot v2 is already enabled")
			})
		}
	}
}

// The lines of a first boot of v4.4 with Secure Boot V2, as an ESP32-S3 showed
// the ones that it shares with the ESP32.
func TestFirstBootV2SaysWhatItDoes(t *testing.T) {
	d := signedDevice(t, lot.BootloaderSpec{IDF: "v4.4.8", SecureBoot: "v2"})
	out := signedMachine().Boot(d)
	inOrder(t, texts(machine.Course{Boots: []emu.Outcome{out}}),
		"I (*) secure_boot_v2: Secure boot V2 is not enabled yet and eFuse digest keys are not set", "I (*) secure_boot_v2: Verifying with RSA-PSS...",
		"I (*) secure_boot_v2: Signature verified successfully!", "I (*) boot: Loaded app from partition at offset 0x10000",
		"I (*) secure_boot_v2: enabling secure boot v2...", "I (*) efuse: Batch mode of writing fields is enabled",
		"I (*) esp_image: segment 0: paddr=00001020", "I (*) esp_image: Verifying image signature...",
		"I (*) secure_boot_v2: Secure boot digests absent, generating..",
		"I (*) secure_boot_v2: Digests successfully calculated, 1 valid signatures (image offset 0x1000)",
		"I (*) secure_boot_v2: 1 signature block(s) found appended to the bootloader.", "I (*) secure_boot_v2: Burning public key hash to eFuse",
		"I (*) efuse: Writing EFUSE_BLK_KEY1 with purpose 3",
		"I (*) secure_boot_v2: Digests successfully calculated, 1 valid signatures (image offset 0x10000)",
		"I (*) secure_boot_v2: 1 signature block(s) found appended to the app.", "I (*) secure_boot_v2: Application key(0) matches with bootloader key(0).",
		"I (*) secure_boot_v2: blowing secure boot efuse...", "I (*) secure_boot: Disable JTAG...", "I (*) secure_boot: Disable ROM BASIC interpreter fallback...",
		"I (*) secure_boot: Prevent read disabling of additional efuses...", "I (*) efuse: BURN BLOCK2", "I (*) efuse: BURN BLOCK0",
		"I (*) efuse: Batch mode. Prepared fields are committed", "I (*) secure_boot_v2: Secure boot permanently enabled")
}

// errCut is the loss of power.
var errCut = errors.New("power cut")

// cut loses power before an operation is carried out.
type cut int

func (n cut) Intercept(op flashmodel.Op, before, after []byte) error {
	if op.Seq < int(n) {
		return nil
	}
	copy(after, before)
	return errCut
}

// A first boot without flash encryption may lose power at any moment: the next
// ones finish what it began. Until v3.2 one moment is lost: the key is burnt and
// unprotected, and Secure Boot stays off for good.
func TestPowerLossWhileEnabling(t *testing.T) {
	for scheme, versions := range map[string][]string{"v1": {"v3.2.5", "v3.3.6", "v4.1.4", "v4.4.8", "v5.5.5"}, "v2": {"v4.1.4", "v4.3.7", "v4.4.8", "v5.5.5"}} {
		for _, idf := range versions {
			fresh, m := signedDevice(t, lot.BootloaderSpec{IDF: idf, SecureBoot: scheme}), signedMachine()
			for n := 0; ; n++ {
				d := fresh.Fork()
				d.Attach(&flashmodel.Journal{Interceptor: cut(n)})
				if m.Boot(d).End != emu.EndUnknown {
					require.Greater(t, n, 1, "%s: the first boot did nothing", idf)
					break // it came through
				}
				d = d.Fork()
				d.Cause = emu.ResetPowerOn
				c := machine.Run(m, d, 5)
				require.Equal(t, emu.EndApp, c.Last().End, "%s, cut before operation %d:\n%s", idf, n, texts(c))
				lost := idf == "v3.2.5" && n == 1
				require.Equal(t, !lost, d.Efuses.AbsDone0() || d.Efuses.AbsDone1(), "%s, cut before operation %d", idf, n)
			}
		}
	}
}

// What the chip draws is an input: the same entropy gives the same device.
func TestEntropyIsAnInput(t *testing.T) {
	fresh, m := signedDevice(t, lot.BootloaderSpec{IDF: "v4.0.4", SecureBoot: "v1"}), signedMachine()
	rapid.Check(t, func(rt *rapid.T) {
		boot := func(entropy string) *emu.Device {
			d := fresh.Fork()
			d.Entropy = entropy
			require.Equal(rt, emu.EndApp, m.Boot(d).End)
			return d
		}
		text := rapid.String().Draw(rt, "entropy")
		a, b, other := boot(text), boot(text), boot(text+"!")
		require.Equal(rt, a.Flash.Sum(), b.Flash.Sum())
		require.True(rt, a.Efuses.Equal(b.Efuses))
		require.NotEqual(rt, a.Flash.Sum(), other.Flash.Sum())
		require.False(rt, a.Efuses.HardwareBootKey().Equal(other.Efuses.HardwareBootKey()))
	})
}

// romCase is a device that a ROM's secure boot refuses.
type romCase struct {
	name  string
	spoil func(d *emu.Device)
	lines []string
}

// enabled is a device after its first boot, which goes on as the case wants.
func enabled(tb testing.TB, scheme string) *emu.Device {
	d := signedDevice(tb, lot.BootloaderSpec{IDF: "v4.4.8", SecureBoot: scheme})
	require.Equal(tb, emu.EndApp, signedMachine().Boot(d).End)
	return d
}

// poke inverts a byte of flash.
func poke(tb testing.TB, d *emu.Device, at uint32) {
	var b [1]byte
	d.Flash.Read(at, b[:])
	require.NoError(tb, d.Flash.Place(at, []byte{^b[0]}))
}

// The two ROMs refuse a digest of Secure Boot V1 each in its way (spec 1.5).
func TestROMsRefuseDigests(t *testing.T) {
	d := enabled(t, "v1")
	poke(t, d, 0x80)
	old := signedMachine().Boot(d)
	require.Equal(t, emu.EndROM, old.End)
	inOrder(t, texts(machine.Course{Boots: []emu.Outcome{old}}), "load:0x40080400", "secure boot check fail\nets_main.c 371 \n")
	require.Equal(t, emu.ResetRTCWDT, old.NextCause)

	d.ROM = emu.ROM2019
	late := machine.Run(signedMachine(), d, 5)
	require.True(t, late.Looping())
	require.Equal(t, emu.ResetSoftware, late.Last().NextCause)
	inOrder(t, texts(late), "Secure boot check fail", "rst:0x3 (SW_RESET)", "Secure boot check fail")
	require.NotContains(t, texts(late), "ets_main.c", "it resets at once")

	d.ROM = emu.ROM2016
	basic := signedDevice(t, lot.BootloaderSpec{IDF: "v4.4.8"})
	f, err := efuse.Lookup("ABS_DONE_0")
	require.NoError(t, err)
	require.NoError(t, basic.Efuses.BurnField(f, 1))
	inOrder(t, texts(machine.Course{Boots: []emu.Outcome{signedMachine().Boot(basic)}}), "secure boot check fail", "Falling back to built-in command interpreter.")
}

// The digest is checked with the key as the coding scheme has it, and through
// the cache.
func TestROMReadsKeyAndDigestAsHardwareDoes(t *testing.T) {
	short, err := crypt.ParseKey(lot.Filler(9, 24))
	require.NoError(t, err)
	fe, err := crypt.ParseKey(lot.Filler(7, 32))
	require.NoError(t, err)
	for _, encrypted := range []bool{false, true} {
		boot := secureboot.V1Padded(lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", FlashSize: 1 << 20, FlashEncryption: encrypted}), false)
		chip := lot.ChipSpec{Revision: efuse.Revision{Major: 1}}
		if encrypted {
			chip = lot.Encrypting(chip.Revision, shortened(t, fe))
		}
		chip.BootKey, chip.ProtectBoot = &short, true
		chip.Fields = map[string]uint64{"CODING_SCHEME": 1, "ABS_DONE_0": 1}
		d := signedDevice(t, lot.BootloaderSpec{IDF: "v4.4.8"})
		d.Efuses = lot.Chip(chip)
		place := func(at uint32, b []byte) {
			if encrypted {
				b = lot.Encrypt(shortened(t, fe), crypt.FullConfig, at, b)
			}
			require.NoError(t, d.Flash.Place(at, b))
		}
		place(0, signing.Digest(short, signing.IV("x"), boot))
		place(0x1000, boot)
		place(0xF000, lot.Table(signedTable))
		place(0x10000, lot.App(lot.AppSpec{Version: "1", Size: 32 << 10}))
		out := signedMachine().Boot(d)
		require.Equal(t, emu.EndApp, out.End, texts(machine.Course{Boots: []emu.Outcome{out}}))
	}
}

func shortened(tb testing.TB, k crypt.Key) crypt.Key {
	raw := k.Bytes()
	short, err := crypt.ParseKey(raw[:24])
	require.NoError(tb, err)
	return short
}

// Every line with which the ROM of 2019 refuses Secure Boot V2 (spec 1.5).
func TestROMRefusesSignatures(t *testing.T) {
	d := enabled(t, "v2")
	size := signatureAt(t, d)
	for _, c := range []romCase{
		{"magic", func(d *emu.Device) { poke(t, d, size) },
			[]string{"No signature block magic byte found at signature sector (found 0x18 not 0xe7). Image not V2 signed?"}},
		{"crc", func(d *emu.Device) { poke(t, d, size+700) }, []string{"Sig block 0 invalid: Stored CRC 0x"}},
		{"digest", func(d *emu.Device) { poke(t, d, size-1) }, []string{"Sig block 0 invalid: Image digest does not match"}},
		{"key", func(d *emu.Device) { other := signing.DigestV2(signing.RSA("b")); _ = d.Efuses.PlaceData(2, other[:]) },
			[]string{"Sig block 0 signed with untrusted key"}},
		{"hidden", func(d *emu.Device) { _ = d.Efuses.PlaceData(2, make([]byte, 32)) }, []string{"Sig block 0 signed with untrusted key"}},
		{"segment", func(d *emu.Device) { poke(t, d, 0x1018) }, []string{"Invalid image block, can't verify.", "ets_secure_boot_v2.c 74 "}},
		{"size", func(d *emu.Device) { require.NoError(t, d.Flash.Place(0x101C, []byte{0, 0, 1, 0})) },
			[]string{"Bootloader is too large for 48KB staging area.", "ets_secure_boot_v2.c 74 "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := d.Fork()
			c.spoil(d)
			out := signedMachine().Boot(d)
			require.Equal(t, emu.EndROM, out.End)
			require.Equal(t, emu.ResetRTCWDT, out.NextCause, "it spins until the watchdog bites")
			lines := append([]string{"mode:2, clock div:2", "secure boot v2 enabled"}, c.lines...)
			if len(c.lines) == 1 {
				lines = append(lines, "secure boot verification failed")
			}
			inOrder(t, texts(machine.Course{Boots: []emu.Outcome{out}}), lines...)
		})
	}
}

// signatureAt is the address of the bootloader's signature sector.
func signatureAt(tb testing.TB, d *emu.Device) uint32 {
	b := make([]byte, secureboot.ROMV2Span)
	d.Flash.Read(0x1000, b)
	signed, fail := secureboot.StageV2(b)
	require.Nil(tb, fail)
	return 0x1000 + signed
}

// With both bits burnt V2 counts; the ROM of 2016 ignores ABS_DONE_1.
func TestWhichSchemeTheROMTakes(t *testing.T) {
	d := enabled(t, "v2")
	f, err := efuse.Lookup("ABS_DONE_0")
	require.NoError(t, err)
	require.NoError(t, d.Efuses.BurnField(f, 1))
	require.Equal(t, emu.EndApp, signedMachine().Boot(d).End, "no digest lies at 0x0")

	plain := device(t, "v4.4.8")
	f, err = efuse.Lookup("ABS_DONE_1")
	require.NoError(t, err)
	require.NoError(t, plain.Efuses.BurnField(f, 1))
	require.Equal(t, emu.EndROM, machine.New(machine.Options{}).Boot(plain.Fork()).End)
	plain.ROM = emu.ROM2016
	require.Equal(t, emu.EndApp, machine.New(machine.Options{}).Boot(plain).End)
}

// A digest that somebody else burnt must be one: a block that is protected and
// blank keeps Secure Boot V2 off. Of the coding schemes only 3/4 and Repeat do.
func TestFirstBootV2JudgesTheBlock(t *testing.T) {
	for name, c := range map[string]struct {
		burn    []uint32 // into BLOCK0
		refusal string   // empty: Secure Boot is enabled
	}{
		"nothing":                    {nil, ""},
		"BLOCK2 blank and protected": {[]uint32{1 << 8}, "2 eFuse block is empty, aborting..."},
		"coding scheme 3/4":          {[]uint32{6: 1}, "coding scheme"},
		"coding scheme Repeat":       {[]uint32{6: 2}, "coding scheme"},
		"coding scheme 3":            {[]uint32{6: 3}, ""},
	} {
		d := signedDevice(t, lot.BootloaderSpec{IDF: "v4.4.8", SecureBoot: "v2"})
		require.NoError(t, d.Efuses.Burn(0, c.burn))
		run := machine.Run(signedMachine(), d, 3)
		require.Equal(t, c.refusal == "", d.Efuses.AbsDone1(), "%s\n%s", name, texts(run))
		require.Contains(t, texts(run), c.refusal, name)
	}
}
