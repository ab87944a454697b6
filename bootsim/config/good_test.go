package config

import (
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// good loads a configuration of testdata/good.
func good(t *testing.T, name string) *Plan {
	t.Helper()
	plan, err := load(t, testdata(t, "good")[name])
	require.NoError(t, err)
	return plan
}

// where lists the places of a lot's files.
func where(l bootsim.Lot) map[string]uint32 {
	out := map[string]uint32{}
	for _, p := range l.Contents {
		out[p.File] = p.Address
	}
	return out
}

func worldKey(t *testing.T) crypt.Key {
	key, err := crypt.ParseKey(refdata.Read(t, "espefuse", "k1.bin"))
	require.NoError(t, err)
	return key
}

func TestForumLotOne(t *testing.T) {
	lot := good(t, "forum").Lots[0]
	require.Equal(t, "lot-one", lot.Name)
	require.Equal(t, "set/bootsim.yaml", lot.Source)
	require.Equal(t, uint32(4<<20), lot.FlashSize)
	require.True(t, lot.FlashSizeGiven)
	require.Equal(t, efuse.Revision{Major: 1}, *lot.Revision)
	require.Nil(t, lot.ROM)
	require.True(t, lot.Key.Equal(worldKey(t)))
	require.Equal(t, bootsim.BootloaderOptions{IDF: "v3.1", LogLevel: "debug"}, lot.Bootloader)
	require.Equal(t, &bootsim.Expectation{Slot: "factory", Version: "1.2.3"}, lot.Expect)
	require.Equal(t, map[string]uint32{
		"set/bootloader.bin": 0x1000, "set/partitions-encrypted.bin": 0x8000, "set/app.bin": 0x10000,
	}, where(lot), "the CSV only names partitions: ciphertext lies at its offset")
	require.Equal(t, "app", lot.Contents[2].Role)
	require.Equal(t, bootsim.FormRaw, lot.Contents[2].Form)
}

// The key of Secure Boot goes into BLOCK2 as its scheme asks.
func TestSecureBootKeys(t *testing.T) {
	lots := good(t, "secure-boot").Lots
	burnt, derived, signed := lots[0], lots[1], lots[2]
	require.True(t, burnt.Efuses.HardwareBootKey().Equal(worldKey(t)))
	require.True(t, burnt.Efuses.KeyReadProtected(2) && burnt.Efuses.AbsDone0())
	require.Contains(t, burnt.Assumed, "the Secure Boot key file is what eFuse BLOCK2 holds")

	require.Nil(t, derived.Efuses, "nothing is said of eFuses")
	require.Equal(t, &bootsim.BootKey{File: "set/keys/ec.pem", Derived: true, Data: refdata.Read(t, "espsecure", "test-key-ec-a.digest.bin")}, derived.BootKey)

	require.Equal(t, refdata.Read(t, "espsecure", "test-key-rsa-a.sbv2digest.bin"), signed.Efuses.Cells(2))
	require.True(t, signed.Efuses.AbsDone1() && !signed.Efuses.KeyReadProtected(2))
}

// Fields alone describe a chip of the lot's revision that has the lot's key.
func TestFieldsAlone(t *testing.T) {
	lot := good(t, "forum").Lots[0]
	s := lot.Efuses
	require.True(t, s.FlashEncryption())
	require.Equal(t, crypt.FullConfig, s.CryptConfig())
	require.Equal(t, efuse.Revision{Major: 1}, s.Revision(false))
	require.True(t, s.HardwareFlashKey().Equal(worldKey(t)))
	require.Contains(t, lot.Assumed, `eFuses that "fields" does not name are blank`)
	require.Contains(t, lot.Assumed, "the key file is the key in eFuse BLOCK1")
}

func TestForumLotTwo(t *testing.T) {
	lot := good(t, "forum").Lots[1]
	require.Equal(t, uint32(8<<20), lot.FlashSize)
	require.Equal(t, efuse.Revision{Major: 3, Minor: 1}, *lot.Revision)
	require.Equal(t, map[string]uint32{"set/bootloader.bin": 0x1000, "set/two-slots.csv": 0x8000, "set/app.bin": 0x10000}, where(lot))
	table := lot.Contents[2]
	require.Equal(t, "partition-table", table.Role)
	require.Equal(t, bootsim.FormEncrypted, table.Form)
	require.Equal(t, binaryTable(t, twoSlots, 0x8000), table.Data, "a CSV is flashed as gen_esp32part makes it")
	require.Equal(t, bootsim.FormEncrypted, lot.Contents[0].Form)
	require.False(t, lot.Bootloader.Fielded)
}

func TestForumRelease(t *testing.T) {
	releases := good(t, "forum").Releases
	require.Len(t, releases, 1)
	require.Equal(t, "2.0", releases[0].Name, "text stays as it is written, number or not")
	require.Equal(t, "set/bootsim.yaml", releases[0].Source)
	a := releases[0].Artifacts
	require.Len(t, a, 3)
	require.Equal(t, []string{"lot-one"}, a[0].Lots)
	require.Equal(t, []string{"ota_0"}, a[0].Slots)
	require.True(t, a[0].Encrypted)
	require.Equal(t, "2.0", a[0].Version)
	require.Equal(t, "set/app-0x60000.bin", a[0].File)
	require.Contains(t, string(a[0].Data), "app-0x60000.bin")
	require.Equal(t, []string{"ota_1"}, a[2].Slots)
}

// A version without a file stands for the bootloader in the field.
func TestFieldedBootloader(t *testing.T) {
	lot := good(t, "minimal").Lots[0]
	require.Equal(t, bootsim.BootloaderOptions{IDF: "v4.4", Fielded: true}, lot.Bootloader)
	require.Equal(t, map[string]uint32{"set/partitions.bin": 0x8000}, where(lot))
	require.Nil(t, lot.Efuses)
}

// Outputs are kept off everything that was read.
func TestFilesRead(t *testing.T) {
	require.Equal(t, []string{
		"set/app-0x10000.bin", "set/app-0x1d0000.bin", "set/app-0x60000.bin", "set/app.bin", "set/bootloader.bin", "set/efuse.bin",
		"set/keys/flash_key.bin", "set/partitions-encrypted.bin", "set/partitions.csv", "set/two-slots.csv", "set/bootsim.yaml",
	}, good(t, "forum").Files)
}

func TestTableOutOfADump(t *testing.T) {
	lot := good(t, "json").Lots[0]
	require.Equal(t, uint32(0x60000), where(lot)["set/app.bin"])
	require.False(t, lot.Bootloader.Fielded)
}

func TestTableOutOfCiphertext(t *testing.T) {
	plan := good(t, "own-table")
	lot := plan.Lots[0]
	require.False(t, plan.Releases[0].Artifacts[0].Encrypted)
	require.Nil(t, plan.Releases[0].Artifacts[0].Lots)
	require.Equal(t, map[string]uint32{"set/bootloader.bin": 0x1000, "set/partitions-encrypted.bin": 0x8000, "set/app.bin": 0x60000}, where(lot))
	require.Equal(t, emu.ROM2016, *lot.ROM)
	yes, no := true, false
	require.Equal(t, bootsim.BootloaderOptions{IDF: "v3.3.1", LogLevel: "verbose", Rollback: &yes, AntiRollback: &no, FactoryReset: &no}, lot.Bootloader)
	require.Equal(t, "bootloader", lot.Contents[2].Role)
	require.Equal(t, bootsim.FormEncrypted, lot.Contents[2].Form)
}

func TestTableOffset(t *testing.T) {
	lot := good(t, "offset").Lots[0]
	require.Equal(t, uint32(0x9000), lot.TableOffset)
	require.Equal(t, uint32(0x9000), where(lot)["set/partitions-9000.csv"])
	require.Equal(t, uint32(0x20000), where(lot)["set/app.bin"])
}

// Every form in which espefuse hands eFuses around describes the same chip.
func TestDumps(t *testing.T) {
	lots := good(t, "dumps").Lots
	for _, lot := range lots[1:4] {
		require.True(t, lots[0].Efuses.Equal(lot.Efuses), lot.Name)
	}
	require.True(t, lots[0].Efuses.FlashEncryption())
	more := lots[4].Efuses
	require.Equal(t, uint8(7), more.FlashCryptCnt())
	require.True(t, more.AbsDone0())
	require.False(t, more.JTAGDisable())
	require.True(t, more.HardwareFlashKey().Equal(worldKey(t)), "the dump tells the key, whatever file is given")
}

// Lots come from another configuration, whose paths are relative to that one.
func TestLotsFrom(t *testing.T) {
	plan := good(t, "release")
	require.Len(t, plan.Lots, 1)
	require.Equal(t, "set/lots/lots.yaml", plan.Lots[0].Source)
	require.True(t, plan.Lots[0].Key.Equal(worldKey(t)))
	require.Equal(t, map[string]uint32{"set/partitions.csv": 0x8000}, where(plan.Lots[0]))
	for _, file := range []string{"set/lots/lots.yaml", "set/key.bin", "set/partitions.csv", "set/app.bundle", "set/bootsim.yaml"} {
		require.Contains(t, plan.Files, file)
	}
}

func TestBuild(t *testing.T) {
	r := good(t, "release").Releases[0]
	require.Len(t, r.Build, 2)
	require.Equal(t, "set/app.bin", r.Build[0].File)
	require.False(t, r.Build[0].Plaintext)
	require.Equal(t, bootsim.Source{Plaintext: true, Artifact: bootsim.Artifact{File: "set/app-0x60000.bin", Data: r.Build[1].Data,
		Lots: []string{"lot-one"}, Slots: []string{"ota_0"}, Version: "2.0"}}, r.Build[1])
}

// Every lot takes its images out of a bundle.
func TestBundle(t *testing.T) {
	want := []bootsim.Artifact{
		{File: "set/app.bundle", Data: []byte("for 0x60000"), Lots: []string{"lot-one"}, Slots: []string{"ota_0"}, Encrypted: true, Version: "2.0"},
		{File: "set/app.bundle", Data: []byte("plaintext"), Lots: []string{"lot-two"}, Slots: []string{"ota_0"}},
		{File: "set/app.bundle", Data: []byte("plaintext"), Lots: []string{"lot-two"}, Slots: []string{"ota_1"}},
	}
	require.Equal(t, want, good(t, "bundle").Releases[0].Artifacts)
	require.Equal(t, want[:1], good(t, "release").Releases[0].Artifacts, "lots that are not named are passed over")
}

// The lots alone can be read when the files of the releases are gone or spoilt.
func TestLotsAlone(t *testing.T) {
	fs := world(t)
	text := "version: 1\nlots: [{name: a, partition_table: partitions.csv}]\nreleases: [{name: r, artifacts: [{file: gone.bin}, {bundle: app-damaged.bundle}]}]\n"
	require.NoError(t, afero.WriteFile(fs, "set/bootsim.yaml", []byte(text), 0o644))
	plan, err := Lots(fs, "set/bootsim.yaml")
	require.NoError(t, err)
	require.Len(t, plan.Lots, 1)
	require.Nil(t, plan.Releases)
	require.Equal(t, []string{"set/partitions.csv", "set/bootsim.yaml"}, plan.Files)
	_, err = Load(fs, "set/bootsim.yaml")
	require.ErrorContains(t, err, "gone.bin")
	text = "version: 1\nlots_from: lots/lots.yaml\nreleases: none\n"
	require.NoError(t, afero.WriteFile(fs, "set/bootsim.yaml", []byte(text), 0o644))
	plan, err = Lots(fs, "set/bootsim.yaml")
	require.NoError(t, err)
	require.Equal(t, "lot-one", plan.Lots[0].Name)
}

// Nothing in flash tells the crystal; a lot states it.
func TestCrystal(t *testing.T) {
	require.Equal(t, 26, good(t, "own-table").Lots[0].Crystal)
	require.Zero(t, good(t, "forum").Lots[0].Crystal)
}
