package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
)

// Files that the first post's commands name.
const (
	idfProjects   = "C:/msys32/home/Davide/esp/"
	bootloaderBin = idfProjects + "Avior_ESP32_WiFi/build/bootloader/bootloader.bin"
	tableBin      = idfProjects + "Avior_ESP32_WiFi/build/my_partition_table.bin"
	appBin        = idfProjects + "Avior_ESP32_WiFi/build/Avior_ESP32_WiFi_v2.bin"
	factoryBin    = idfProjects + "Avior_ESP32_WiFi_OTAfactory/build/Avior_ESP32_WiFi_OTAfactory.bin"
)

// workshop is a folder with what the post's author built, and an environment
// that names the files of a simulated chip.
type workshop struct {
	*harness
	t *testing.T
}

func newWorkshop(t *testing.T) workshop {
	w := workshop{newHarness("", map[string]string{"BOOTSIM_FLASH_FILE": "flash.bin", "BOOTSIM_FLASH_FILE_SIZE": "4MB",
		"BOOTSIM_EFUSE_FILE": "efuse.bin", "BOOTSIM_KEY_FILE": ""}), t}
	for i, name := range []string{bootloaderBin, tableBin, appBin, factoryBin} {
		w.write(t, name, lot.Filler(uint32(i), 0x2000+uint32(i)*0x400))
	}
	return w
}

// types is what a user types after a prompt, with an answer in case it is asked
// for.
func (w workshop) types(line string) int {
	w.out.Reset()
	w.err.Reset()
	w.stdin = strings.NewReader("BURN\n")
	return w.called(strings.Fields(line))
}

func (w workshop) must(line string) {
	w.t.Helper()
	require.Zero(w.t, w.types(line), "%s\n%s%s", line, w.out, w.err)
}

func (w workshop) file(name string) []byte {
	w.t.Helper()
	b, err := afero.ReadFile(w.fs, name)
	require.NoError(w.t, err)
	return b
}

func (w workshop) fuses() *efuse.Set {
	w.t.Helper()
	d, err := efuse.ParseDump(w.file("efuse.bin"))
	require.NoError(w.t, err)
	return d.Set
}

const (
	postedBurn  = "espefuse.py --port COM17 burn_key flash_encryption AVIOR_encryption_key.bin"
	postedWrite = "esptool.py --chip esp32 --port COM17 --baud 460800 --before default_reset --after hard_reset write_flash -z " +
		"--flash_mode dio --flash_freq 40m --flash_size detect 0x1000 bootloader-encrypted.bin 0x8000 my_partition_table-encrypted.bin " +
		"0x10000 Avior_ESP32_WiFi_OTAfactory-encrypted.bin  0x60000 Avior_ESP32_WiFi_v2-encrypted.bin"
	postedCount = "espefuse.py --port COM17 burn_efuse FLASH_CRYPT_CNT"
)

func (w workshop) encryptAsPosted() {
	w.t.Helper()
	w.must("espsecure.py generate_flash_encryption_key My_encryption_key.bin")
	for _, rest := range []string{
		"0x1000 -o bootloader-encrypted.bin " + bootloaderBin,
		"0x8000 -o my_partition_table-encrypted.bin " + tableBin,
		"0x60000 -o Avior_ESP32_WiFi_v2-encrypted.bin " + appBin,
		"0x10000 -o Avior_ESP32_WiFi_OTAfactory-encrypted.bin " + factoryBin,
	} {
		w.must("espsecure.py encrypt_flash_data --keyfile My_encryption_key.bin --address " + rest)
	}
}

// The first post's commands work as they were typed, once the environment names
// the chip's files, and both tools see the same eFuses.
func TestThreadCommandsAsTyped(t *testing.T) {
	w := newWorkshop(t)
	w.must("esptool.py --chip esp32 --port COM17 erase_flash")
	require.Contains(t, w.out.String(), "Note: efuse.bin does not exist yet: the chip's eFuses are blank")
	w.encryptAsPosted()

	require.Equal(t, exitUsage, w.types(postedBurn), "the key bears another name, as in the post")
	require.Contains(t, w.err.String(), "'AVIOR_encryption_key.bin': No such file or directory")
	w.write(t, "AVIOR_encryption_key.bin", w.file("My_encryption_key.bin"))
	w.must(postedBurn)
	require.Len(t, w.file("efuse.bin"), 288)
	w.must(postedWrite)
	require.Zero(t, w.fuses().FlashCryptCnt())
	w.must(postedCount)
	require.Contains(t, w.out.String(), "Later releases want the value: burn-efuse FLASH_CRYPT_CNT 0x1")
	require.Equal(t, uint8(1), w.fuses().FlashCryptCnt())

	flash := w.file("flash.bin")
	require.Len(t, flash, 4<<20)
	for addr, name := range map[int]string{0x1000: "bootloader-encrypted.bin", 0x8000: "my_partition_table-encrypted.bin",
		0x10000: "Avior_ESP32_WiFi_OTAfactory-encrypted.bin", 0x60000: "Avior_ESP32_WiFi_v2-encrypted.bin"} {
		ct := w.file(name)
		require.Equal(t, ct, flash[addr:addr+len(ct)], name)
	}
}

// What espefuse burns into the file decides what esptool's encryption does: the
// same as espsecure's under that FLASH_CRYPT_CONFIG.
func TestToolsShareTheEfuseFile(t *testing.T) {
	w := newWorkshop(t)
	w.encryptAsPosted()
	w.must("espefuse.py --port COM17 burn_key --no-protect-key flash_encryption My_encryption_key.bin")
	w.must(postedCount)
	w.must("espefuse --port COM17 burn-efuse FLASH_CRYPT_CONFIG 0xF")
	w.must("esptool.py --port COM17 write_flash --encrypt 0x10000 " + factoryBin)
	ct := w.file("Avior_ESP32_WiFi_OTAfactory-encrypted.bin")
	flash := w.file("flash.bin")
	require.Equal(t, ct, flash[0x10000:0x10000+len(ct)])

	w.must("espefuse.py --port COM17 burn_efuse DISABLE_DL_ENCRYPT 1")
	require.Equal(t, exitUsage, w.types("esptool.py --port COM17 write_flash --encrypt 0x20000 "+appBin))
	require.True(t, bytes.Equal(flash, w.file("flash.bin")), "refused, so nothing is written")
}

// The variable serves esptool with summaries too; espefuse must not make a
// virtual chip of one.
func TestEspefuseLeavesOtherFilesAlone(t *testing.T) {
	for _, content := range []string{"BLOCK0 ...", strings.Repeat("x", 5000)} {
		w := newWorkshop(t)
		w.write(t, "efuse.bin", []byte(content))
		require.Equal(t, exitUsage, w.types(postedCount))
		require.Contains(t, w.err.String(), fmt.Sprintf("efuse.bin has %d bytes and a virtual eFuse file (--path-efuse-file, or BOOTSIM_EFUSE_FILE) 288", len(content)))
		require.Equal(t, content, string(w.file("efuse.bin")))
	}
	w := newWorkshop(t)
	require.Equal(t, exitUsage, w.types("espefuse.py --port COM17 --path-efuse-file other.bin summary"), "a file alone is no chip at COM17")
	w.must("espefuse.py --port COM17 --path-efuse-file other.bin --virt burn_bit BLOCK3 5")
	require.NotZero(t, w.file("other.bin")[287-0x78])
}
