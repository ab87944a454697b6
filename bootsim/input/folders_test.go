package input_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// noise is n bytes that no tool would take for anything.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// Folders as the usual tools leave them, without a description.
func TestConventionalNames(t *testing.T) {
	phy := append([]byte("PHYINIT\x00"), make([]byte, 136)...)
	for name, c := range map[string]struct {
		f    files
		want string
	}{
		"ESP-IDF": {idfBuild().in("x/build"), "x:" + at("x/build", " 1000=%/bootloader/bootloader.bin(bootloader) 8000=%/partition_table/partition-table.bin(partition-table)"+
			" d000=%/ota_data_initial.bin(otadata) 10000=%/app.bin(app)")},
		"ESP-IDF make": {files{"build/bootloader/bootloader.bin": boot(), "build/partitions_singleapp.bin": table(twoOTA), "build/hello.bin": app("1"), "build/phy_init_data.bin": phy}.in("x"),
			"x: 1000=x/build/bootloader/bootloader.bin(bootloader) 8000=x/build/partitions_singleapp.bin(partition-table) f000=x/build/phy_init_data.bin(phy_init) 10000=x/build/hello.bin(app)"},
		"PlatformIO": {files{"bootloader.bin": boot(), "partitions.bin": table(arduino), "firmware.bin": app("1"), "firmware.elf": []byte("\x7fELF"), "spiffs.bin": noise(1, 0x150000)}.in("x/.pio/build/esp32dev"),
			"esp32dev:" + at("x/.pio/build/esp32dev", " 1000=%/bootloader.bin(bootloader) 8000=%/partitions.bin(partition-table) 2a0000=%/spiffs.bin(spiffs) 20000=%/firmware.bin(app)")},
		"Arduino": {files{"s.ino.bin": app("1"), "s.ino.bootloader.bin": boot(), "s.ino.partitions.bin": table(arduino), "boot_app0.bin": firstOTA()}.in("x"),
			"x: 1000=x/s.ino.bootloader.bin(bootloader) 8000=x/s.ino.partitions.bin(partition-table) e000=x/boot_app0.bin(otadata) 20000=x/s.ino.bin(app)"},
		"Arduino, old": {files{"bootloader_dio_80m.bin": boot(), "app.bin": app("1"), "partitions_custom.bin": table(arduino), "boot_app0.bin": firstOTA()}.in("x"),
			"x: 1000=x/bootloader_dio_80m.bin(bootloader) 8000=x/partitions_custom.bin(partition-table) e000=x/boot_app0.bin(otadata) 20000=x/app.bin(app)"},
		"names that say nothing": {files{"1.bin": boot(), "2.bin": table(twoOTA), "3.bin": app("1"), "4.bin": firstOTA()}.in("x"),
			"x: 1000=x/1.bin(bootloader) 8000=x/2.bin(partition-table) d000=x/4.bin(otadata) 10000=x/3.bin(app)"},
		"8.3 names": {files{"bootload.bin": boot(), "partitio.bin": table(twoOTA), "app.bin": app("1")}.in("x"),
			"x: 1000=x/bootload.bin(bootloader) 8000=x/partitio.bin(partition-table) 10000=x/app.bin(app)"},
		"names with the partition": {files{"b.bin": boot(), "t.bin": table(twoOTA), "p-factory.bin": app("1"), "p-ota_1.bin": app("2"), "other.bin": app("3"), "storage.bin": noise(2, 5000)}.in("x"),
			"x: 1000=x/b.bin(bootloader) 8000=x/t.bin(partition-table) 310000=x/storage.bin(storage) 10000=x/p-factory.bin(app) 210000=x/p-ota_1.bin(app) 110000=x/other.bin(app)"},
		"names with addresses": {files{"bootloader_0x1000.bin": boot(), "0x9000-partition-table.bin": table(arduino), "app@0x20000.bin": app("1"), "img_0x30000.bin": noise(3, 3000)}.in("x"),
			"x: 1000=x/bootloader_0x1000.bin(bootloader) 9000=x/0x9000-partition-table.bin(partition-table) 30000=x/img_0x30000.bin 20000=x/app@0x20000.bin(app)"},
		"names with bare addresses": {files{"1000-bootloader.bin": boot(), "a000-partitions.bin": table(arduino), "40000-app.bin": app("1")}.in("x"),
			"x: 1000=x/1000-bootloader.bin(bootloader) a000=x/a000-partitions.bin(partition-table) 40000=x/40000-app.bin(app)"},
		"number below any table": {files{"bootloader.bin": boot(), "3000-partitions.bin": table(twoOTA), "a.bin": app("1")}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/3000-partitions.bin(partition-table) 10000=x/a.bin(app)"},
		"name with a range": {files{"boot0x1000_0x7000.bin": boot(), "partitions.bin": table(twoOTA), "a.bin": app("1")}.in("x"),
			"x: 1000=x/boot0x1000_0x7000.bin(bootloader) 8000=x/partitions.bin(partition-table) 10000=x/a.bin(app)"},
		"name with a range elsewhere": {files{"bootloader.bin": boot(), "partitions.bin": table(twoOTA), "dump_0x110000_0x4000.bin": app("1")}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 110000=x/dump_0x110000_0x4000.bin(app)"},
		"factory behind the slots": {files{"bootloader.bin": boot(), "partitions.bin": table("nvs,data,nvs,0x9000,0x4000\nota_0,app,ota_0,0x20000,1M\nfactory,app,factory,0x120000,1M\n"), "a.bin": app("1")}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 120000=x/a.bin(app)"},
		"too large for its partition": {files{"bootloader.bin": boot(), "partitions.bin": table(twoOTA), "a.bin": app("1"), "storage.bin": make([]byte, 0x10001)}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 10000=x/a.bin(app)"},
		"numbers that are no addresses": {files{"2024-bootloader.bin": boot(), "partitions.bin": table(twoOTA), "20240520-app.bin": app("1")}.in("x"),
			"x: 1000=x/2024-bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 10000=x/20240520-app.bin(app)"},
		"blanks and other scripts": {files{"boot loader/bootloader.bin": boot(), "разделы partitions.bin": table(twoOTA), "固件 1.bin": app("1"), "bootloader.bin": boot()}.in("мой проект"),
			"мой проект: 1000=мой проект/bootloader.bin(bootloader) 8000=мой проект/разделы partitions.bin(partition-table) 10000=мой проект/固件 1.bin(app)"},
		"signed and unsigned": {files{"bootloader.bin": boot(), "partition-table.bin": append(table(twoOTA), noise(4, 68)...), "partition-table-unsigned.bin": table(twoOTA), "a.bin": append(app("1"), noise(5, 68)...), "a-unsigned.bin": app("1")}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partition-table.bin(partition-table) 10000=x/a.bin(app)"},
		"equal copies": {files{"bootloader.bin": boot(), "partitions.bin": table(twoOTA), "a.bin": app("1"), "a_flashed.bin": app("1"), "bootloader_flashed.bin": boot()}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 10000=x/a.bin(app)"},
		"damaged, known by name": {files{"bootloader.bin": noise(6, 900), "partitions.bin": table(twoOTA), "a.bin": app("1")}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 10000=x/a.bin(app)"},
		"application under the bootloader's name": {files{"bootloader.bin": app("2"), "partitions.bin": table(twoOTA), "a.bin": app("1")}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 10000=x/a.bin(app)"},
		"key beside": {files{"bootloader.bin": boot(), "partitions.bin": table(twoOTA), "a.bin": app("1"), "flash_encryption_key.bin": []byte("0123456789abcdefghijklmnopqrstuv")}.in("x"),
			"x: 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table) 10000=x/a.bin(app)"},
	} {
		r := find(t, c.f, topOf(c.f))
		require.Equal(t, []string{c.want}, layouts(r), name)
		require.Contains(t, assumed(r.Lots[0]), "taken by name and content", name)
	}
}

func topOf(f files) string {
	for name := range f {
		for i, c := range name {
			if c == '/' {
				return name[:i]
			}
		}
	}
	return "."
}

func TestPartitionTableFromCSV(t *testing.T) {
	f := files{"build/bootloader/bootloader.bin": boot(), "build/a.bin": app("1"), "partitions.csv": []byte(arduino)}.in("x")
	l := find(t, f, "x").Lots[0]
	require.Equal(t, "x: 1000=x/build/bootloader/bootloader.bin(bootloader) 8000=x/partitions.csv(partition-table) 20000=x/build/a.bin(app)", layout(l))
	require.Equal(t, table(arduino), l.Contents[1].Data)
	require.Contains(t, assumed(l), "made from partitions.csv")
	f["x/partitions.csv"] = []byte("nvs,data,nvs,zz,1\n")
	r := find(t, f, "x")
	require.Equal(t, "x: 1000=x/build/bootloader/bootloader.bin(bootloader) 10000=x/build/a.bin(app)", layout(r.Lots[0]))
	require.Contains(t, notes(r), "x/partitions.csv")
}

// Where the table lies: 0x8000; as sdkconfig says; below the first partition
// when the bootloader reaches beyond 0x8000.
func TestTableOffset(t *testing.T) {
	far := "nvs,data,nvs,0x11000,0x4000\notadata,data,ota,0x15000,0x2000\nfactory,app,factory,0x20000,1M\n"
	big := lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", Size: 0x7d20})
	f := files{"bootloader.bin": boot(), "partitions.bin": table(far), "a.bin": app("1"), "ota_data_initial.bin": blankOTA()}.in("x")
	require.Contains(t, layout(find(t, f, "x").Lots[0]), " 8000=x/partitions.bin(partition-table) 15000=x/ota_data_initial.bin(otadata) 20000=x/a.bin(app)")
	f["x/bootloader.bin"] = big
	l := find(t, f, "x").Lots[0]
	require.Contains(t, layout(l), " 10000=x/partitions.bin(partition-table) ")
	require.Contains(t, assumed(l), "reaches beyond 0x00008000")
	require.Zero(t, l.TableOffset, "a guess, which the bootloader may know better")
	f = f.with(files{"x/sdkconfig": []byte("# x\nCONFIG_PARTITION_TABLE_OFFSET=0xF000\n")})
	l = find(t, f, "x").Lots[0]
	require.Contains(t, layout(l), " f000=x/partitions.bin(partition-table) ")
	require.Equal(t, uint32(0xF000), l.TableOffset)
}

// Several applications that fit one place are lots of their own, and say so.
func TestSeveralApplications(t *testing.T) {
	f := files{"bin/bootloader.bin": boot(), "bin/partitions.bin": table(twoOTA), "bin/b.bin": app("2"), "bin/a.bin": app("1")}.in("x")
	r := find(t, f, "x")
	require.Equal(t, []string{"x/a: 1000=x/bin/bootloader.bin(bootloader) 8000=x/bin/partitions.bin(partition-table) 10000=x/bin/a.bin(app)",
		"x/b: 1000=x/bin/bootloader.bin(bootloader) 8000=x/bin/partitions.bin(partition-table) 10000=x/bin/b.bin(app)"}, layouts(r))
	require.Contains(t, assumed(r.Lots[0]), "2 applications could take the same place, 0x00010000: a.bin, b.bin")
}

func TestSeveralSketchesInOneFolder(t *testing.T) {
	f := files{"boot_app0.bin": firstOTA()}
	for _, s := range []string{"one.ino", "two.ino"} {
		f = f.with(files{s + ".bin": app(s), s + ".bootloader.bin": lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", Time: s[:3] + "00:00"}), s + ".partitions.bin": table(arduino)})
	}
	r := find(t, f.in("x"), "x")
	require.Equal(t, 2, len(r.Lots))
	require.Equal(t, " 1000=x/two.ino.bootloader.bin(bootloader) 8000=x/two.ino.partitions.bin(partition-table) e000=x/boot_app0.bin(otadata) 20000=x/two.ino.bin(app)",
		layout(r.Lots[1])[len(r.Lots[1].Name)+1:])
}

// What is missing is said; what is there is checked.
func TestIncompleteSets(t *testing.T) {
	for name, c := range map[string]struct {
		f         files
		want, say string
	}{
		"no application": {files{"bootloader.bin": boot(), "partitions.bin": table(twoOTA)}, " 1000=x/bootloader.bin(bootloader) 8000=x/partitions.bin(partition-table)", "no application found"},
		"no table":       {files{"bootloader.bin": boot(), "a.bin": app("1")}, " 1000=x/bootloader.bin(bootloader) 10000=x/a.bin(app)", "no partition table found"},
		"alone":          {files{"a.bin": app("1")}, " 10000=x/a.bin(app)", "no bootloader, no partition table found"},
		"bootloader":     {files{"bootloader.bin": boot()}, " 1000=x/bootloader.bin(bootloader)", "no partition table, no application found"},
	} {
		l := find(t, c.f.in("x"), "x").Lots[0]
		require.Equal(t, "x:"+c.want, layout(l), name)
		require.Contains(t, assumed(l), c.say, name)
	}
	whole := idfBuild().in("x/build").with(files{"x/old/app.bin": app("0")})
	r := find(t, whole, "x")
	require.Equal(t, 1, len(r.Lots), "a single old application beside a set is none")
	require.Contains(t, notes(r), "x/old/app.bin: left out")
}

// Files that the host encrypted are a set of their own, raw as they are.
func TestEncryptedFiles(t *testing.T) {
	enc := files{"bootloader-encrypted.bin": encrypted(0x1000, boot()), "partition-table-encrypted.bin": encrypted(0x8000, table(twoOTA)),
		"gme-enc-app.bin": encrypted(0x10000, app("1"))}
	layoutOf := " 1000=x/bootloader-encrypted.bin(bootloader) 8000=x/partition-table-encrypted.bin(partition-table) 10000=x/gme-enc-app.bin(app)"
	require.Equal(t, []string{"x:" + layoutOf}, layouts(find(t, enc.in("x"), "x")))

	plain := files{"bootloader.bin": boot(), "partition-table.bin": table(twoOTA), "app.bin": app("1")}
	r := find(t, plain.with(enc).in("x"), "x")
	require.Equal(t, []string{"x: 1000=x/bootloader.bin(bootloader) 8000=x/partition-table.bin(partition-table) 10000=x/app.bin(app)",
		"x/encrypted files:" + layoutOf}, layouts(r))

	// A device half encrypted: no part is there twice.
	half := files{"bootloader.bin": encrypted(0x1000, boot()), "partition-table.bin": table(twoOTA), "app.bin": app("1")}
	require.Equal(t, []string{"x: 1000=x/bootloader.bin(bootloader) 8000=x/partition-table.bin(partition-table) 10000=x/app.bin(app)"}, layouts(find(t, half.in("x"), "x")))
	// An encrypted copy of the application alone is none of the set.
	r = find(t, plain.with(files{"app_enc.bin": encrypted(0x10000, app("1"))}).in("x"), "x")
	require.Equal(t, []string{"x: 1000=x/bootloader.bin(bootloader) 8000=x/partition-table.bin(partition-table) 10000=x/app.bin(app)"}, layouts(r))
	require.Contains(t, notes(r), "app_enc.bin: left out")

	// A table in CSV beside tells where things go.
	ota := enc.with(files{"partitions.csv": []byte(arduino), "otadata_encrypted.bin": encrypted(0xe000, blankOTA())})
	delete(ota, "gme-enc-app.bin")
	ota["fw_encrypted.bin"] = encrypted(0x20000, app("1"))
	l := find(t, ota.in("x"), "x").Lots[0]
	require.Contains(t, layout(l), " e000=x/otadata_encrypted.bin(otadata) 20000=x/fw_encrypted.bin(app)")
	require.Contains(t, assumed(l), "addresses taken from partitions.csv")

	alone := failure[*input.NothingFoundError](t, files{"x/blob.bin": noise(9, 5000)}, input.Request{Paths: []string{"x"}})
	require.Contains(t, alone.Error(), "blob.bin: left out: it is ciphertext, and nothing tells where it goes")
}

// With secure boot V1 the bootloader comes with its digest in front.
func TestBootloaderWithDigest(t *testing.T) {
	digest := merged(0, 0, map[uint32][]byte{0: noise(1, 192), 0x1000: boot()})
	f := files{"bootloader-reflash-digest.bin": digest, "partition-table.bin": table(twoOTA), "a.bin": app("1")}.in("x")
	l := find(t, f, "x").Lots[0]
	require.Equal(t, "x: 0=x/bootloader-reflash-digest.bin(bootloader) 8000=x/partition-table.bin(partition-table) 10000=x/a.bin(app)", layout(l))
	f = f.with(files{"x/bootloader.bin": boot()})
	require.Contains(t, layout(find(t, f, "x").Lots[0]), "x: 1000=x/bootloader.bin(bootloader) ")

	// One that signs and encrypts leaves no room for a table at 0x8000.
	far := "nvs,data,nvs,0x11000,0x4000\nfactory,app,factory,0x20000,1M\n"
	big := merged(0, 0, map[uint32][]byte{0: noise(1, 192), 0x1000: lot.Bootloader(lot.BootloaderSpec{IDF: "v5.1.6", Size: 0x7d20})})
	f = files{"bootloader-reflash-digest.bin": big, "partition-table.bin": table(far), "a.bin": app("1")}.in("x")
	require.Equal(t, "x: 0=x/bootloader-reflash-digest.bin(bootloader) 10000=x/partition-table.bin(partition-table) 20000=x/a.bin(app)", layout(find(t, f, "x").Lots[0]))
}

// Of files that compete for one place the plainest is taken, and the others named.
func TestCompetingFiles(t *testing.T) {
	digest := merged(0, 0, map[uint32][]byte{0: noise(1, 192), 0x1000: boot()})
	other := lot.Bootloader(lot.BootloaderSpec{IDF: "v3.3.6"})
	rest := files{"partition-table.bin": table(twoOTA), "a.bin": app("1")}
	r := find(t, rest.with(files{"d.bin": digest, "my_own_2nd_bootloader.bin": boot()}), ".")
	require.Contains(t, layout(r.Lots[0]), " 1000=my_own_2nd_bootloader.bin(bootloader)")
	r = find(t, rest.with(files{"bl.bin": other, "bootloader.bin": boot(), "t.bin": table(arduino), "tu-unsigned.bin": table(twoOTA)}), ".")
	require.Contains(t, layout(r.Lots[0]), " 1000=bootloader.bin(bootloader) 8000=partition-table.bin(partition-table)")
	require.Contains(t, assumed(r.Lots[0]), "several files could be the bootloader: took bootloader.bin, not bl.bin")
	require.Contains(t, assumed(r.Lots[0]), "several files could be the partition table: took partition-table.bin, not t.bin")
}

func TestFoldersForSeveralChips(t *testing.T) {
	set := func(chip uint16) files {
		id := func(h *espimage.Header) { h.ChipID = chip }
		return files{"bootloader.bin": lot.Bootloader(lot.BootloaderSpec{Header: id}), "partition-table.bin": table(twoOTA), "hello.bin": lot.App(lot.AppSpec{Version: "1", Header: id})}
	}
	esp8266 := append([]byte{0xE9, 1, 0, 0, 0x10, 0, 0x10, 0x40, 0, 0, 0x10, 0x40, 8, 0, 0, 0}, make([]byte, 32)...)
	all := set(0).in("x/esp32").with(set(5).in("x/c3")).with(set(9).in("x/s3")).with(files{"x/8266/boot.bin": esp8266})
	r := find(t, all, "x")
	require.Equal(t, 1, len(r.Lots))
	require.Equal(t, "esp32", r.Lots[0].Name)
	for _, chip := range []string{"x/c3/bootloader.bin: for ESP32-C3", "x/s3/bootloader.bin: for ESP32-S3", "x/8266/boot.bin: for ESP8266"} {
		require.Contains(t, notes(r), chip)
	}
	require.Equal(t, "ESP32-C3", failure[*input.ChipError](t, set(5).in("x"), input.Request{Paths: []string{"x"}}).Chip)
	// An id that no chip has is damage, for a check to explain.
	require.Equal(t, 3, len(find(t, set(0x7777).in("x"), "x").Lots[0].Contents))
}
