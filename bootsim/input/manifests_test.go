package input_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

func webFiles() files {
	return files{"fw/bootloader.bin": boot(), "fw/partitions.bin": table(arduino), "fw/boot_app0.bin": firstOTA(), "fw/app.bin": app("1")}
}

const webLayout = "1000=%/fw/bootloader.bin(bootloader) 8000=%/fw/partitions.bin(partition-table) e000=%/fw/boot_app0.bin(otadata) 20000=%/fw/app.bin"

// The spellings of manifests that sites have: numbers, strings, a byte order
// mark, queries, another folder, whole addresses.
func TestManifestSpellings(t *testing.T) {
	numbers := `{"name":"x","version":"1","new_install_prompt_erase":true,"builds":[{"chipFamily":"ESP32","parts":[
	  {"path":"fw/bootloader.bin","offset":4096},{"path":"fw/partitions.bin","offset":32768},{"path":"fw/boot_app0.bin","offset":57344},{"path":"fw/app.bin","offset":131072}]}]}`
	strings := `{"builds":[{"chipFamily":"ESP32","parts":[
	  {"path":"fw/bootloader.bin","offset":"0x1000"},{"path":"fw/partitions.bin","offset":"0x8000"},{"path":"fw/boot_app0.bin","offset":"57344"},{"path":"fw/app.bin","offset":"0x20000"}]}]}`
	queries := `{"builds":[{"chipFamily":"ESP32","parts":[
	  {"path":"fw/bootloader.bin?v=1.22","offset":4096},{"path":"./fw/partitions.bin?x","offset":32768},{"path":"/fw/boot_app0.bin","offset":57344},{"path":"https://example.org/releases/fw/app.bin?raw=true","offset":131072}]}]}`
	for name, c := range map[string]struct{ file, text string }{
		"numbers": {"manifest.json", numbers}, "strings": {"web-strings.json", strings}, "BOM": {"manifest.json", "\uFEFF" + numbers},
		"queries": {"manifest_x.json", queries}, "in another folder": {"manifests/x/manifest.json", numbers},
	} {
		r := find(t, webFiles().with(files{c.file: []byte(c.text)}).in("site"), "site")
		require.Equal(t, 1, len(r.Lots), "%s: %v", name, layouts(r))
		require.Contains(t, layout(r.Lots[0]), at("site", webLayout), name)
		require.Zero(t, r.Lots[0].TableOffset, "a manifest does not know what the bootloader was built for")
		require.Equal(t, "site/"+c.file, r.Lots[0].Source)
	}
	r, err := input.Find(webFiles().fs(t), input.Request{Paths: []string{"-"}, Stdin: stringsReader("\uFEFF" + numbers)})
	require.NoError(t, err)
	require.Contains(t, layout(r.Lots[0]), " 1000=fw/bootloader.bin(bootloader) 8000=fw/partitions.bin")
	require.Contains(t, layout(find(t, webFiles().with(files{"m/n.json": []byte(numbers)}).in("site"), "site/m/n.json").Lots[0]), at("site", webLayout))
}

func stringsReader(s string) io.Reader { return strings.NewReader(s) }

func TestManifestBuilds(t *testing.T) {
	text := `{"builds":[{"chipFamily":"ESP32-C3","parts":[{"path":"c3.bin","offset":0}]},
	 {"chipFamily":"ESP32","parts":[{"path":"fw/bootloader.bin","offset":4096},{"path":"fw/partitions.bin","offset":32768},{"path":"fw/app.bin","offset":131072}]},
	 {"chipFamily":"ESP8266","parts":[{"path":"8266.bin","offset":0}]}]}`
	f := webFiles().with(files{"manifest.json": []byte(text), "c3.bin": app("c3")})
	r := find(t, f, ".")
	require.Equal(t, 1, len(r.Lots))
	require.Contains(t, notes(r), "manifest.json: for ESP32-C3: left out")
	require.Contains(t, notes(r), "manifest.json: for ESP8266: left out")

	only := `{"builds":[{"chipFamily":"ESP32-S2","parts":[{"path":"fw/app.bin","offset":0}]}]}`
	e := failure[*input.ChipError](t, files{"manifest.json": []byte(only), "fw/app.bin": app("1")}, input.Request{Paths: []string{"."}})
	require.Equal(t, input.ChipError{File: "manifest.json", Chip: "ESP32-S2"}, *e)
}

// Every manifest of a folder is a set; one that names a file that is not there
// makes a lot without it, which says so.
func TestSeveralManifests(t *testing.T) {
	one := `{"builds":[{"chipFamily":"ESP32","parts":[{"path":"fw/bootloader.bin","offset":4096},{"path":"fw/partitions.bin","offset":32768},{"path":"fw/%s.bin","offset":131072}]}]}`
	with := func(app string) []byte { return []byte(at(app, replaceS(one))) }
	f := webFiles().with(files{"fw/b.bin": app("2"), "manifest.json": with("app"), "manifest_b.json": with("b"),
		"manifest_c.json": with("gone"), "manifest_d.json": []byte(`"builds": [`)}).in("web")
	r := find(t, f, "web")
	require.Equal(t, 3, len(r.Lots))
	require.Equal(t, "web/manifest", r.Lots[0].Name)
	require.Contains(t, layout(r.Lots[1]), "web/manifest_b: 1000=web/fw/bootloader.bin(bootloader) 8000=web/fw/partitions.bin(partition-table) 20000=web/fw/b.bin")
	require.Equal(t, "web/manifest_c: 1000=web/fw/bootloader.bin(bootloader) 8000=web/fw/partitions.bin(partition-table)", layout(r.Lots[2]))
	require.Contains(t, assumed(r.Lots[2]), "fw/gone.bin (0x00020000), named by manifest_c.json, is not there")
	require.Contains(t, notes(r), "web/manifest_d.json: not used")
}

func replaceS(s string) string {
	out := ""
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+1 < len(s) && s[i+1] == 's' {
			out += "%"
			i++
			continue
		}
		out += string(s[i])
	}
	return out
}

// ESPHome's factory images: one merged file; the OTA image beside it is part of it.
func TestManifestOfMergedImage(t *testing.T) {
	whole := merged(0, 0, map[uint32][]byte{0x1000: boot(), 0x8000: table(arduino), 0xe000: firstOTA(), 0x20000: app("1")})
	f := files{"manifest.json": []byte(`{"builds":[{"chipFamily":"ESP32","parts":[{"path":"firmware.factory.bin","offset":0}]}]}`),
		"firmware.factory.bin": whole, "firmware.ota.bin": app("1")}.in("x")
	r := find(t, f, "x")
	require.Equal(t, []string{"x: 0=x/firmware.factory.bin"}, layouts(r))
	require.NotEmpty(t, r.Lots[0].Contents[0].Gaps)
	require.Zero(t, r.Lots[0].Contents[0].Gaps[0].Offset)
}

func TestScripts(t *testing.T) {
	f := files{"bootloader.bin": boot(), "bin/partitions.bin": table(arduino), "boot_app0.bin": firstOTA(), "bin/app.bin": app("1"), "bin/fs.bin": erased(4096)}
	sh := "#!/bin/bash\nPORT=$1\nD=$(dirname \"$0\")\nesptool.py --chip esp32 -p $PORT write_flash -z --flash_mode dio \\\n  0x1000 $D/bootloader.bin \\\n  0x8000 bin/partitions.bin 0xe000 ./boot_app0.bin 0x20000 \"bin/app.bin\"\n"
	bat := "@echo off\r\nset app=.\\bin\\app.bin\r\nset /p ComPort=\"COM: \"\r\n::esptool.py write_flash 0x0 old.bin\r\nesptool.exe --port COM%ComPort% write_flash -z --flash_size detect 0xe000 boot_app0.bin 0x1000 .\\bootloader.bin 0x20000 %app% 0x8000 .\\bin\\partitions.bin\r\n"
	parts := "esptool write_flash 0x1000 bootloader.bin 0x8000 bin/partitions.bin\n\nesptool write_flash 0xe000 boot_app0.bin"
	for name, scripts := range map[string]files{
		"sh":          {"flash.sh": []byte(sh)},
		"bat":         {"flash_esp32.bat": []byte(bat)},
		"two scripts": {"1_app.cmd": []byte("esptool write_flash 0x20000 bin/app.bin"), "2_boot.cmd": []byte(parts)},
		"an update besides, encrypted by the flasher": {"flash.sh": []byte(sh), "update.sh": []byte("esptool write_flash 0xe000 boot_app0.bin\n" +
			"esptool write_flash --encrypt 0x1000 bootloader.bin 0x20000 bin/app.bin 0x8000 bin/partitions.bin")},
		"another that misses files": {"flash.sh": []byte(sh), "old.sh": []byte("esptool write_flash 0x1000 bootloader.bin 0x10000 gone.bin")},
		"erased first":              {"flash.sh": []byte("esptool write_flash 0x310000 bin/fs.bin\nesptool --chip esp32 erase_flash\n" + sh)},
	} {
		r := find(t, f.with(scripts).in("x"), "x")
		require.Equal(t, 1, len(r.Lots), "%s: %v", name, layouts(r))
		got := map[uint32]string{}
		for _, p := range r.Lots[0].Contents {
			got[p.Address] = p.File
		}
		require.Equal(t, map[uint32]string{0x1000: "x/bootloader.bin", 0x8000: "x/bin/partitions.bin", 0xe000: "x/boot_app0.bin", 0x20000: "x/bin/app.bin"}, got, name)
	}
}

// Several ways to flash are several sets; scripts for other chips are none.
func TestScriptsWithAlternatives(t *testing.T) {
	f := files{"bootloader.bin": boot(), "partitions.bin": table(arduino), "a.bin": app("1"), "b.bin": app("2"),
		"flash.sh": []byte("esptool --chip esp32 write_flash 0x1000 bootloader.bin 0x8000 partitions.bin 0x20000 a.bin\n" +
			"esptool --chip esp32 write_flash 0x1000 bootloader.bin 0x8000 partitions.bin 0x20000 b.bin\n" +
			"esptool --chip esp32s3 write_flash 0x0 bootloader.bin 0x8000 partitions.bin 0x20000 b.bin\n")}.in("x")
	r := find(t, f, "x")
	require.Equal(t, []string{"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 20000=x/a.bin",
		"x (2): 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 20000=x/b.bin"}, layouts(r))
	require.Contains(t, notes(r), "ESP32-S3")
}

// A script beside folders of firmware is meant to be run in one of them.
func TestScriptForFoldersBelow(t *testing.T) {
	set := files{"bootloader/bootloader.bin": boot(), "p.bin": table(twoOTA), "app.bin": app("1")}
	f := set.in("fw/one").with(files{"fw/flash.sh": []byte("esptool.py write_flash 0x1000 bootloader/bootloader.bin 0x10000 app.bin 0x8000 p.bin")})
	require.Equal(t, []string{"one: 1000=fw/one/bootloader/bootloader.bin(bootloader) 10000=fw/one/app.bin 8000=fw/one/p.bin"}, layouts(find(t, f, "fw")))
}

// A set that is wholly for another chip is refused, a single wrong image kept.
func TestChipsOfImages(t *testing.T) {
	s3boot := lot.Bootloader(lot.BootloaderSpec{Header: func(h *espimage.Header) { h.ChipID = 9 }})
	s3app := lot.App(lot.AppSpec{Version: "1", Header: func(h *espimage.Header) { h.ChipID = 9 }})
	args := []string{"0x1000 b.bin 0x8000 t.bin 0x10000 a.bin"}
	all := files{"b.bin": s3boot, "t.bin": table(twoOTA), "a.bin": s3app}
	require.Equal(t, "ESP32-S3", failure[*input.ChipError](t, all, input.Request{FlashArgs: args}).Chip)
	r, err := input.Find(all.with(files{"b.bin": boot()}).fs(t), input.Request{FlashArgs: args})
	require.NoError(t, err)
	require.Equal(t, 3, len(r.Lots[0].Contents))
	r, err = input.Find(all.fs(t), input.Request{FlashArgs: []string{"esptool --chip esp32 write_flash " + args[0]}})
	require.NoError(t, err, "the user says that it is an ESP32: a mistake for a check to find")
	require.Equal(t, 3, len(r.Lots[0].Contents))

	mix := files{"bootloader.bin": boot(), "partitions.bin": table(twoOTA), "firmware.bin": s3app}
	require.Equal(t, 3, len(find(t, mix, ".").Lots[0].Contents), "the only application is for another chip")
	two := mix.with(files{"app-esp32.bin": app("1")})
	r = find(t, two, ".")
	require.Contains(t, layout(r.Lots[0]), "10000=app-esp32.bin(app)")
	require.Contains(t, notes(r), "firmware.bin: an image for ESP32-S3: left out")
}
