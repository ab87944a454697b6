package input_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// idfBuild are the files of an ESP-IDF build folder.
func idfBuild() files {
	return files{"bootloader/bootloader.bin": boot(), "partition_table/partition-table.bin": table(twoOTA),
		"ota_data_initial.bin": blankOTA(), "app.bin": app("1")}
}

const idfLayout = " 1000=%/bootloader/bootloader.bin(bootloader) 8000=%/partition_table/partition-table.bin(partition-table)" +
	" d000=%/ota_data_initial.bin(otadata) 10000=%/app.bin(app)"

const flasherArgs = `{
    "write_flash_args" : [ "--flash_mode", "dio", "--flash_size", "4MB", "--flash_freq", "40m" ],
    "flash_settings" : { "flash_mode": "dio", "flash_size": "4MB", "flash_freq": "40m" },
    "flash_files" : { "0x10000" : "app.bin", "0x1000" : "bootloader/bootloader.bin",
        "0x8000" : "partition_table/partition-table.bin", "0xd000" : "ota_data_initial.bin" },
    "bootloader" : { "offset" : "0x1000", "file" : "bootloader/bootloader.bin", "encrypted" : "true" },
    "app" : { "offset" : "0x10000", "file" : "app.bin", "encrypted" : "true" },
    "partition-table" : { "offset" : "0x8000", "file" : "partition_table/partition-table.bin", "encrypted" : "true" },
    "otadata" : { "offset" : "0xd000", "file" : "ota_data_initial.bin", "encrypted" : "true" },
    "extra_esptool_args" : { "after" : "no_reset", "before" : "default_reset", "stub" : true, "chip" : "esp32" }
}`

// The spellings of flasher_args.json from v3.1 to v6.0, and hand-written ones.
func TestFlasherArgs(t *testing.T) {
	v31 := `{ "write_flash_args" : [ "--flash_mode", "dio", "--flash_size", "detect", "--flash_freq", "40m" ],
	 "flash_files" : { "0x1000" : "bootloader/bootloader.bin", "0x8000" : "partition_table/partition-table.bin", "0xd000":"ota_data_initial.bin", "0x10000" : "app.bin", "" : "" },
	 "bootloader" : { "offset" : "0x1000", "file" : "bootloader/bootloader.bin" }, "app" : { "offset" : "0x10000", "file" : "app.bin" },
	 "otadata" : { "offset" : "0xd000", "file" : "ota_data_initial.bin" }, "phy" : { "offset" : "", "file" : "" },
	 "partition_table" : { "offset" : "0x8000", "file" : "partition_table/partition-table.bin" } }`
	v60 := `{ "write_flash_args" : [ "--flash-mode", "dio", "--flash-size", "keep", "--flash-freq", "40m" ],
	 "flash_files" : { "0x1000" : "bootloader/bootloader.bin", "0x8000" : "partition_table/partition-table.bin", "0xd000":"ota_data_initial.bin", "0x10000" : "app.bin" },
	 "bootloader" : { "offset" : "0x1000", "file" : "bootloader/bootloader.bin", "encrypted" : true }, "app" : { "offset" : "0x10000", "file" : "app.bin", "encrypted" : false },
	 "otadata" : { "offset" : "0xd000", "file" : "ota_data_initial.bin", "encrypted" : "false" },
	 "partition-table" : { "offset" : "0x8000", "file" : "partition_table/partition-table.bin" }, "extra_esptool_args" : { "chip" : "esp32" } }`
	entriesOnly := `{ "write_flash_args" : [],
	 "bootloader" : { "offset" : 4096, "file" : "bootloader/bootloader.bin" }, "app" : { "offset" : "65536", "file" : "app.bin" },
	 "otadata" : { "offset" : "0xD000", "file" : "ota_data_initial.bin" }, "partition-table" : { "offset" : "0x8000", "file" : "partition_table/partition-table.bin" } }`
	for name, text := range map[string]string{"v5": flasherArgs, "v3.1": v31, "v6.0": v60, "entries only": entriesOnly, "BOM": "\uFEFF" + flasherArgs} {
		f := idfBuild().with(files{"flasher_args.json": []byte(text)}).in("prj/build")
		for _, path := range []string{"prj", "prj/build", "prj/build/flasher_args.json"} {
			r := find(t, f, path)
			require.Equal(t, 1, len(r.Lots), name)
			r.Lots[0].Name = ""
			require.Equal(t, ":"+at("prj/build", idfLayout), layout(r.Lots[0]), name)
			require.Equal(t, uint32(0x8000), r.Lots[0].TableOffset)
		}
		require.Equal(t, "prj", find(t, f, "prj").Lots[0].Name)
		require.Equal(t, "prj", find(t, f, "prj/build").Lots[0].Name)
	}
}

// at fills a folder into a layout.
func at(dir, layout string) string {
	out := ""
	for _, c := range layout {
		if c == '%' {
			out += dir
			continue
		}
		out += string(c)
	}
	return out
}

// esptool writes --flash_size and the like into the bootloader's header, and
// into no other file's.
func TestFlashSettingsChangeTheBootloaderHeader(t *testing.T) {
	wide := `{ "write_flash_args" : [ "--flash_mode", "qio", "--flash_size", "8MB", "--flash_freq", "80m" ],
	 "flash_files" : { "0x1000" : "bootloader/bootloader.bin", "0x8000" : "partition_table/partition-table.bin", "0x10000" : "app.bin" } }`
	f := idfBuild().with(files{"flasher_args.json": []byte(wide)})
	l := find(t, f, ".").Lots[0]
	im, err := espimage.Parse(l.Contents[0].Data)
	require.NoError(t, err)
	require.True(t, im.ChecksumOK() && im.HashOK())
	size, known := im.FlashSize()
	require.True(t, known)
	require.Equal(t, uint32(8<<20), size)
	require.Equal(t, []byte{0, 0x3F}, l.Contents[0].Data[2:4])
	require.Equal(t, f["app.bin"], l.Contents[2].Data)
	require.Contains(t, assumed(l), "bytes 2 and 3 become 00 3f, not 02 20")
	require.Equal(t, boot(), f["bootloader/bootloader.bin"], "the file stays as it is")
	for args, want := range map[string][]byte{"-ff 80m": {2, 0x2F}, "-fm dout": {3, 0x20}, "-fs 16MB": {2, 0x40}, "-fs keep -ff keep -fm keep": {2, 0x20}, "-ff 26m -fs 3MB": {2, 0x21}} {
		r, err := input.Find(f.fs(t), input.Request{FlashArgs: []string{"write_flash " + args + " 0x1000 bootloader/bootloader.bin 0x10000 app.bin"}})
		require.NoError(t, err)
		require.Equal(t, want, r.Lots[0].Contents[0].Data[2:4], args)
	}
}

// --flash_size detect writes the size of the chip: as stated, else at least
// what the table needs.
func TestFlashSizeDetect(t *testing.T) {
	small := lot.Bootloader(lot.BootloaderSpec{FlashSize: 2 << 20})
	f := files{"b.bin": small, "t.bin": table(twoOTA), "a.bin": app("1")}
	for _, c := range []struct {
		stated, want uint32
		say          string
	}{{0, 4 << 20, "taken as 4 MB, which the partition table needs, not the 2 MB"}, {16 << 20, 16 << 20, ""}} {
		r, err := input.Find(f.fs(t), input.Request{FlashSize: c.stated,
			FlashArgs: []string{"esptool.py write_flash --flash_size detect 0x1000 b.bin 0x8000 t.bin 0x10000 a.bin"}})
		require.NoError(t, err)
		h, err := espimage.DecodeHeader(r.Lots[0].Contents[0].Data)
		require.NoError(t, err)
		size, _ := h.FlashSize()
		require.Equal(t, c.want, size)
		require.Contains(t, assumed(r.Lots[0]), c.say)
	}
	f["b.bin"] = boot()
	r, err := input.Find(f.fs(t), input.Request{FlashArgs: []string{"write_flash -fs detect 0x1000 b.bin 0x8000 t.bin 0x10000 a.bin"}})
	require.NoError(t, err)
	require.Equal(t, boot(), r.Lots[0].Contents[0].Data)
	require.Contains(t, assumed(r.Lots[0]), "the 4 MB that it says already")
}

// Secure boot builds leave the bootloader out of what they flash.
func TestBootloaderLeftOutOfTheList(t *testing.T) {
	listed := `{ "flash_files" : { "0x8000" : "partition_table/partition-table.bin", "0xd000" : "ota_data_initial.bin", "0x10000" : "app.bin" },
	  "app" : { "offset" : "0x10000", "file" : "app.bin" }, "otadata" : { "offset" : "0xd000", "file" : "ota_data_initial.bin" },
	  "partition-table" : { "offset" : "0x8000", "file" : "partition_table/partition-table.bin" }%s }`
	entry := `, "bootloader" : { "offset" : "0x1000", "file" : "bl/boot.bin" }`
	r := find(t, files{"bl/boot.bin": boot(), "partition_table/partition-table.bin": table(twoOTA), "app.bin": app("1"),
		"flasher_args.json": []byte(listed[:len(listed)-4] + entry + "}")}, ".")
	require.Contains(t, layout(r.Lots[0]), " 1000=bl/boot.bin(bootloader) 8000=")
	entry = `, "bootloader" : { "offset" : "0x1000", "file" : "bootloader/bootloader.bin" }`
	for _, text := range []string{at("", listed[:len(listed)-4]) + " }", listed[:len(listed)-4] + entry + "}"} {
		for _, path := range []string{"b", "b/flasher_args.json"} {
			r := find(t, idfBuild().with(files{"flasher_args.json": []byte(text)}).in("b"), path)
			require.Equal(t, []string{"b:" + at("b", idfLayout)}, layouts(r))
			require.Contains(t, assumed(r.Lots[0]), "does not flash the bootloader along")
		}
	}
	args := "--flash_size 4MB\n0x8000 partition_table/partition-table.bin\n0x10000 app.bin\n"
	r = find(t, idfBuild().with(files{"flash_project_args": []byte(args)}).in("b"), "b")
	require.Contains(t, layout(r.Lots[0]), "1000=b/bootloader/bootloader.bin(bootloader)")
}

// A list for files that are under other names now is not used, but what it
// tells of the table's offset is.
func TestStaleFlasherArgs(t *testing.T) {
	csv := "nvs,data,nvs,0xd000,0x4000\notadata,data,ota,0x11000,0x2000\napp0,app,ota_0,0x20000,1M\n"
	stale := `{ "flash_files" : { "0x1000" : "bootloader/bootloader.bin", "0xc000" : "partition_table/partition-table.bin", "0x20000" : "prj.bin" },
	  "partition-table" : { "offset" : "0xc000", "file" : "partition_table/partition-table.bin" } }`
	f := files{"bootloader.bin": boot(), "partitions.bin": table(csv), "firmware.bin": app("1"),
		"flasher_args.json": []byte(stale)}.in("p/.pio/build/esp32dev")
	r := find(t, f, "p")
	dir := "p/.pio/build/esp32dev/"
	require.Equal(t, []string{"esp32dev: 1000=" + dir + "bootloader.bin(bootloader) c000=" + dir + "partitions.bin(partition-table) 20000=" + dir + "firmware.bin(app)"}, layouts(r))
	require.Equal(t, uint32(0xc000), r.Lots[0].TableOffset)
	require.Contains(t, notes(r), "names partition_table/partition-table.bin, prj.bin, not there")
}

// Files that only an application misses do not spoil a list.
func TestMissingDataFiles(t *testing.T) {
	text := `{ "flash_files" : { "0x1000" : "bootloader/bootloader.bin", "0x8000" : "partition_table/partition-table.bin",
	  "0xd000" : "ota_data_initial.bin", "0x10000" : "app.bin", "0x310000" : "fs.bin" } }`
	f := idfBuild().with(files{"flasher_args.json": []byte(text)})
	delete(f, "ota_data_initial.bin")
	r := find(t, f, ".")
	require.Equal(t, 3, len(r.Lots[0].Contents))
	require.Contains(t, assumed(r.Lots[0]), "fs.bin (0x00310000), named by flasher_args.json, is not there")
	require.Contains(t, assumed(r.Lots[0]), "OTA data taken as erased")
}

func TestFlasherArgsForOtherChips(t *testing.T) {
	text := `{ "flash_files" : { "0x0" : "bootloader.bin" }, "extra_esptool_args" : { "chip" : "esp32s3" } }`
	f := files{"flasher_args.json": []byte(text)}
	for _, path := range []string{".", "flasher_args.json"} {
		e := failure[*input.ChipError](t, f, input.Request{Paths: []string{path}})
		require.Equal(t, "ESP32-S3", e.Chip)
	}
	// An older list does not say; the images do.
	other := lot.Bootloader(lot.BootloaderSpec{Header: func(h *espimage.Header) { h.ChipID = 5 }})
	f = files{"bootloader.bin": other, "flasher_args.json": []byte(`{ "flash_files" : { "0x1000" : "bootloader.bin", "0x10000" : "gone.bin" } }`)}
	require.Equal(t, "ESP32-C3", failure[*input.ChipError](t, f, input.Request{Paths: []string{"."}}).Chip)
}

func TestDescriptionsThatCannotBeRead(t *testing.T) {
	for name, text := range map[string]string{
		"flasher_args.json":  `{ "flash_files" : { "0x1000" : 7 } }`,
		"flasher_args.json ": `{ "flash_files" : { "zz" : "a.bin" } }`,
		"manifest.json":      `{ "builds" : [ { "chipFamily" : "ESP32", "parts" : [ { "path" : "a.bin", "offset" : "x" } ] } ] }`,
		"manifest2.json":     `{ "builds" : [] }`,
		"manifest3.json":     `{ "builds" : [ { "parts" : [ { "offset" : 1 } ] } ] }`,
		"flash_args":         "0x1000",
		"other.json":         `{ "a" : 1 }`,
		"bad.json":           `{ "a" `,
	} {
		f := files{name: []byte(text), "app.bin": app("1")}
		if name != "flasher_args.json " {
			e := failure[*input.FileError](t, f, input.Request{Paths: []string{name}})
			require.Equal(t, name, e.File)
		}
		require.Equal(t, 1, len(find(t, f, ".").Lots), "the files are found all the same")
	}
}

func TestArgumentFilesOfFolders(t *testing.T) {
	all := "--flash_mode dio --flash_freq 40m --flash_size 4MB\n0x1000 bootloader/bootloader.bin\n0x8000 partition_table/partition-table.bin\n0xd000 ota_data_initial.bin\n0x10000 app.bin\n"
	for _, name := range []string{"flash_args", "flash_project_args", "download.config", "flash_args.txt"} {
		text := all
		if name == "download.config" {
			text = "--flash_mode dio --flash_freq 40m --flash_size 4MB 0x1000 bootloader/bootloader.bin 0x8000 partition_table/partition-table.bin 0xd000 ota_data_initial.bin 0x10000 app.bin"
		}
		f := idfBuild().with(files{name: []byte(text), "app-flash_args": []byte("0x10000 app.bin")}).in("b")
		for _, path := range []string{"b", "b/" + name} {
			l := find(t, f, path).Lots[0]
			require.Equal(t, 4, len(l.Contents))
			require.Contains(t, layout(l), " 10000=b/app.bin", name)
			require.Equal(t, uint32(0x8000), l.TableOffset)
		}
	}
	pieces := idfBuild().with(files{"flash_bootloader_args": []byte("--flash_mode dio\n0x1000 bootloader/bootloader.bin"),
		"flash_app_args": []byte("0x10000 app.bin"), "flash_partition_table_args": []byte("0x8000 partition_table/partition-table.bin")}).in("b")
	require.Equal(t, 3, len(find(t, pieces, "b").Lots[0].Contents))
}

// The encrypted_ files tell the flasher to encrypt; they count when named.
func TestEncryptedArgumentFile(t *testing.T) {
	text := "--flash_mode dio --flash_freq 40m --flash_size 4MB --encrypt\n0x1000 bootloader/bootloader.bin\n0x8000 partition_table/partition-table.bin\n0x10000 app.bin\n"
	f := idfBuild().with(files{"encrypted_flash_args": []byte(text), "flasher_args.json": []byte(flasherArgs)}).in("b")
	require.Equal(t, "b: 1000=b/bootloader/bootloader.bin(bootloader)! 8000=b/partition_table/partition-table.bin(partition-table)! 10000=b/app.bin!",
		layout(find(t, f, "b/encrypted_flash_args").Lots[0]))
	require.Equal(t, "b:"+at("b", idfLayout), layout(find(t, f, "b").Lots[0]))
	plain := files{"flash_args": []byte(strings.Replace(text, "--encrypt", "", 1))}
	require.NotContains(t, layout(find(t, f.with(plain.in("b")).with(files{"b/flasher_args.json": []byte("{}")}), "b").Lots[0]), "!")
	some := "--flash_size 4MB\n0x310000 app.bin\n--encrypt-files\n0x1000 bootloader/bootloader.bin\n0x10000 app.bin\n"
	f = idfBuild().with(files{"encrypted_flash_args": []byte(some)})
	require.Equal(t, "b: 310000=app.bin 1000=bootloader/bootloader.bin(bootloader)! 10000=app.bin!",
		"b"+layout(find(t, f, "encrypted_flash_args").Lots[0])[len("encrypted_flash_args"):])
}
