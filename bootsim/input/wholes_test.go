package input_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// usualParts are the parts of a flash by address.
func usualParts() map[uint32][]byte {
	return map[uint32][]byte{0x1000: boot(), 0x8000: table(twoOTA), 0xd000: firstOTA(), 0x110000: app("1")}
}

// Merged images and dumps, whatever their name, size and start.
func TestFlashContent(t *testing.T) {
	digest := usualParts()
	digest[0] = noise(1, 192)
	farTable := map[uint32][]byte{0x1000: boot(), 0x10000: table("nvs,data,nvs,0x11000,0x4000\nfactory,app,factory,0x20000,1M\n"), 0x20000: app("1")}
	for name, c := range map[string]struct {
		data []byte
		at   uint32
		say  string
	}{
		"merged.bin":        {merged(0, 0, usualParts()), 0, ""},
		"anything.img":      {merged(0, 4<<20, usualParts()), 0, ""},
		"dump_16mb.bin":     {merged(0, 16<<20, usualParts()), 0, ""},
		"cut one short.bin": {merged(0, 0, usualParts())[:0xFFFF], 0, ""},
		"with-digest.bin":   {merged(0, 0, digest), 0, ""},
		"far-table.bin":     {merged(0, 0, farTable), 0, ""},
		"no-bootloader.bin": {merged(0, 0, map[uint32][]byte{0x8000: table(twoOTA), 0x10000: app("1")}), 0, ""},
		"firmware.bin":      {merged(0x1000, 0, usualParts()), 0x1000, "flash content from 0x00001000"},
		"s3-style.bin":      {merged(0, 0, map[uint32][]byte{0: boot(), 0x8000: table(twoOTA), 0x10000: app("1")}), 0, ""},
		"part_0x100000.bin": {merged(0, 0, usualParts()), 0x100000, "flash address taken from its name"},
		"erased.bin":        {erased(1 << 20), 0, ""},
		"factory.dump":      {merged(0, 1<<20, map[uint32][]byte{0x1000: boot(), 0x8000: table(twoOTA)}), 0, ""},
	} {
		f := files{name: c.data}
		for _, path := range []string{name, "."} {
			r := find(t, f, path)
			require.Equal(t, 1, len(r.Lots), name)
			p := r.Lots[0].Contents[0]
			require.Equal(t, fmt.Sprintf("%x %s", c.at, name), fmt.Sprintf("%x %s", p.Address, p.File))
			require.Equal(t, len(c.data), len(p.Data), name)
			require.Contains(t, assumed(r.Lots[0]), c.say, name)
			require.NotEmpty(t, p.Gaps, name)
		}
	}
}

// Gaps are exactly the erased sectors, joined.
func TestGaps(t *testing.T) {
	l := find(t, files{"m.bin": merged(0, 0x200000, map[uint32][]byte{0x1000: boot()[:0x900], 0x8000: table(twoOTA), 0x10000: app("1")})}, "m.bin").Lots[0]
	size := uint32(len(app("1")))
	end := (0x10000 + size + 0xFFF) &^ 0xFFF
	require.Equal(t, []bootsim.Span{{Offset: 0, Size: 0x1000}, {Offset: 0x2000, Size: 0x6000}, {Offset: 0x9000, Size: 0x7000}, {Offset: end, Size: 0x200000 - end}}, l.Contents[0].Gaps)
	// Single files have none: what is 0xFF in them was written.
	l = find(t, idfBuild(), ".").Lots[0]
	for _, p := range l.Contents {
		require.Empty(t, p.Gaps, p.File)
	}
	rapid.Check(t, func(rt *rapid.T) {
		parts := map[uint32][]byte{0x1000: boot(), 0x8000: table(twoOTA)}
		for range rapid.IntRange(0, 5).Draw(rt, "n") {
			at := rapid.Uint32Range(0x9000, 0x80000).Draw(rt, "at")
			parts[at] = rapid.SliceOfN(rapid.ByteRange(0, 0xFE), 1, 9000).Draw(rt, "data")
		}
		start := rapid.SampledFrom([]uint32{0, 0x1000}).Draw(rt, "start")
		data := merged(start, 0x90000, parts)
		r, err := input.Find(files{"m.bin": data}.fs(t), input.Request{Paths: []string{"m.bin"}})
		require.NoError(rt, err)
		p := r.Lots[0].Contents[0]
		require.Equal(rt, start, p.Address)
		inGap := make([]bool, len(data))
		for _, g := range p.Gaps {
			for i := g.Offset; i < g.Offset+g.Size; i++ {
				inGap[i] = true
			}
		}
		for at := 0; at+0x1000 <= len(data); at += 0x1000 {
			sector := bytes.Equal(data[at:at+0x1000], erased(0x1000))
			require.Equal(rt, sector, inGap[at] && inGap[at+0xFFF], "sector 0x%x", at)
		}
	})
}

// An encrypted flash shows no magic; its noise and its erased sectors tell it.
func TestEncryptedDumps(t *testing.T) {
	parts := map[uint32][]byte{}
	for at, b := range usualParts() {
		parts[at] = encrypted(at, b)
	}
	parts[0x1000] = encrypted(0x1000, lot.Bootloader(lot.BootloaderSpec{IDF: "v5.2.2", Size: 0x6000}))
	parts[0x8000] = encrypted(0x8000, append(table(twoOTA), erased(0x400)...))
	parts[0x9000] = append([]byte("plaintext NVS"), make([]byte, 3000)...)
	for name, b := range map[string][]byte{"dump.bin": merged(0, 4<<20, parts), "short.bin": merged(0, 0, parts)[:0x111000], "noise.bin": noise(3, 1<<20)} {
		l := find(t, files{name: b}, name).Lots[0]
		require.Equal(t, uint32(0), l.Contents[0].Address, name)
		require.Equal(t, bootsim.FormRaw, l.Contents[0].Form)
		require.Contains(t, assumed(l), "taken as an encrypted flash", name)
	}
	// A file system image with compressed files is no flash.
	fs := append(append([]byte("littlefs"), make([]byte, 0xff8)...), noise(4, 0x100000-0x1000)...)
	failure[*input.NothingFoundError](t, files{"x/littlefs.bin": fs}, input.Request{Paths: []string{"x"}})
	data := merged(0, 0x100000, map[uint32][]byte{0x1000: noise(5, 0x9000)})
	require.Equal(t, 1, len(find(t, files{"x/a.bin": data}, "x").Lots))
	failure[*input.NothingFoundError](t, files{"x/storage.bin": data}, input.Request{Paths: []string{"x"}})
	failure[*input.NothingFoundError](t, files{"x/a.bin": noise(6, 0x40000)}, input.Request{Paths: []string{"x"}})
}

// A merged image beside the parts that went into it is the same set.
func TestMergedImageBesideItsParts(t *testing.T) {
	parts := files{"s.ino.bin": app("1"), "s.ino.bootloader.bin": boot(), "s.ino.partitions.bin": table(arduino), "boot_app0.bin": firstOTA(),
		"flash_args": []byte("0x1000 s.ino.bootloader.bin\n0x8000 s.ino.partitions.bin\n0xe000 boot_app0.bin\n0x20000 s.ino.bin\n")}
	whole := merged(0, 4<<20, map[uint32][]byte{0x1000: boot(), 0x8000: table(arduino), 0xe000: firstOTA(), 0x20000: app("1")})
	r := find(t, parts.with(files{"out/s.ino.merged.bin": whole}).in("x"), "x")
	require.Equal(t, 1, len(r.Lots))
	require.Equal(t, 4, len(r.Lots[0].Contents))
	require.Contains(t, notes(r), "x/out/s.ino.merged.bin: the same flash content as x/flash_args")
	copy(whole[0x20000+5000:], "changed")
	require.Equal(t, 2, len(find(t, parts.with(files{"out/s.ino.merged.bin": whole}).in("x"), "x").Lots))
}

func hexLine(kind byte, offset uint16, data ...byte) string {
	b := append([]byte{byte(len(data)), byte(offset >> 8), byte(offset), kind}, data...)
	var sum byte
	for _, v := range b {
		sum += v
	}
	return fmt.Sprintf(":%X%02X\r\n", b, -sum)
}

// intelHex spells parts as Intel HEX.
func intelHex(parts map[uint32][]byte) []byte {
	var out strings.Builder
	for at, b := range parts {
		for i := 0; i < len(b); i += 16 {
			a := at + uint32(i)
			if i == 0 || a&0xFFFF == 0 {
				out.WriteString(hexLine(4, 0, byte(a>>24), byte(a>>16)))
			}
			out.WriteString(hexLine(0, uint16(a), b[i:min(i+16, len(b))]...))
		}
	}
	return []byte(out.String() + hexLine(1, 0))
}

// uf2File spells one part as UF2.
func uf2File(family, address uint32, data []byte) []byte {
	var out []byte
	n := (len(data) + 255) / 256
	for i := range n {
		part := data[i*256 : min(i*256+256, len(data))]
		b := make([]byte, 512)
		for j, v := range []uint32{0x0A324655, 0x9E5D5157, 0x2000, address + uint32(i*256), uint32(len(part)), uint32(i), uint32(n), family} {
			binary.LittleEndian.PutUint32(b[4*j:], v)
		}
		copy(b[32:], part)
		binary.LittleEndian.PutUint32(b[508:], 0x0AB16F30)
		out = append(out, b...)
	}
	return out
}

func TestEncodedFiles(t *testing.T) {
	parts := map[uint32][]byte{0x1000: boot(), 0x8000: table(twoOTA), 0x10000: app("1")}
	want := "x: 1000=x.hex(bootloader) 8000=x.hex(partition-table) 10000=x.hex(app)"
	f := files{"x.hex": intelHex(parts)}
	require.Equal(t, want, layout(find(t, f, "x.hex").Lots[0]))
	require.Equal(t, boot(), find(t, f, "x.hex").Lots[0].Contents[0].Data)
	r, err := input.Find(f.fs(t), input.Request{FlashArgs: []string{"write_flash 0x0 x.hex"}})
	require.NoError(t, err)
	require.Equal(t, want[2:], layout(r.Lots[0])[len(r.Lots[0].Name)+1:], "the file's own addresses count, as with esptool")

	u := files{"uf2.bin": uf2File(0x1c5f21b0, 0x1000, merged(0x1000, 0, parts))}
	l := find(t, u.in("x"), "x").Lots[0]
	require.Equal(t, "x: 1000=x/uf2.bin", layout(l))
	require.NotEmpty(t, l.Contents[0].Gaps)

	other := files{"x.uf2": uf2File(0xbfdd4eee, 0x1000, boot())}
	for _, path := range []string{"x.uf2", "."} {
		require.Equal(t, "ESP32-S2", failure[*input.ChipError](t, other, input.Request{Paths: []string{path}}).Chip)
	}
	require.Equal(t, "UF2 family 0x12345678", failure[*input.ChipError](t, files{"x.uf2": uf2File(0x12345678, 0, boot())}, input.Request{Paths: []string{"x.uf2"}}).Chip)
}

// Damaged files are errors where they are named, and told where they are not.
func TestDamagedEncodedFiles(t *testing.T) {
	hex := intelHex(map[uint32][]byte{0x1000: boot()})
	memory := intelHex(map[uint32][]byte{0x3F400000: app("1")})
	damaged := []byte(strings.Replace(string(hex), ":10", ":11", 3))
	damaged = append(hex[:len(hex)/2:len(hex)/2], damaged[len(hex)/2+5:]...)
	u := uf2File(0x1c5f21b0, 0x1000, boot())
	for name, c := range map[string]struct {
		b   []byte
		say string
	}{"damaged.hex": {damaged, "length"}, "cut.hex": {hex[:len(hex)-13], "end-of-file"}, "elf.hex": {memory, "outside of flash"}, "cut.uf2": {u[:len(u)-512], "incomplete"}} {
		e := failure[*input.FileError](t, files{name: c.b}, input.Request{Paths: []string{name}})
		require.Contains(t, e.Error(), c.say)
		require.Equal(t, name, e.File)
		none := failure[*input.NothingFoundError](t, files{name: c.b}.in("x"), input.Request{Paths: []string{"x"}})
		require.Contains(t, none.Error(), c.say)
		require.Equal(t, 1, len(find(t, idfBuild().with(files{name: c.b}), ".").Lots), name)
	}
}

// Headers that are wrong still make the image known for what it is.
func TestDamagedImagesAreRecognised(t *testing.T) {
	bad := lot.Bootloader(lot.BootloaderSpec{Fault: espimage.FaultChecksum})
	l := find(t, files{"1.bin": bad, "2.bin": table(twoOTA), "3.bin": app("1")[:3000]}, ".").Lots[0]
	require.Equal(t, "lot: 1000=1.bin(bootloader) 8000=2.bin(partition-table) 10000=3.bin(app)", layout(l))
}
