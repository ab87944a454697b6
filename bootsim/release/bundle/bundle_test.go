package bundle_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

func entriesGen(t *rapid.T) []bundle.Entry {
	images := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 9000), 1, 4).Draw(t, "images")
	text := func(n int, label string) string {
		return rapid.StringMatching(fmt.Sprintf(`[a-z0-9_.-]{0,%d}`, n)).Draw(t, label)
	}
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) bundle.Entry {
		e := bundle.Entry{Lot: rapid.Uint32Range(0, 3).Draw(t, "lot"), Address: rapid.Uint32Range(0, 20).Draw(t, "address") << 16,
			Label: "s" + text(bundle.LabelSize-1, "label"), Version: text(bundle.VersionSize, "version"), Data: rapid.SampledFrom(images).Draw(t, "image")}
		if rapid.Bool().Draw(t, "encrypted") {
			e.Encrypted, e.Config, e.Key = true, rapid.Uint8Range(0, 15).Draw(t, "config"), rapid.Uint32().Draw(t, "key")
		}
		return e
	}), 1, 12, func(e bundle.Entry) [2]uint32 { return [2]uint32{e.Lot, e.Address} }).Draw(t, "entries")
}

// What is written is read back, at aligned places, each image once.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := entriesGen(t)
		file, err := bundle.Encode(in)
		require.NoError(t, err)
		require.Zero(t, len(file)%bundle.Align)
		out, err := bundle.Decode(file)
		require.NoError(t, err)
		require.Len(t, out.Entries, len(in))
		different, sizes := map[string]bool{}, map[int]bool{}
		for i, e := range out.Entries {
			require.Zero(t, e.Offset%bundle.Align)
			require.Equal(t, in[i].Data, file[e.Offset:int(e.Offset)+len(e.Data)])
			different[string(e.Data)], sizes[len(e.Data)] = true, true
			e.Offset, e.Sum = 0, [32]byte{}
			require.True(t, equal(in[i], e), "%+v %+v", in[i], e)
		}
		require.Equal(t, len(different), out.Images)
		require.Equal(t, len(sizes) == 1, out.Stride != 0)
		require.Equal(t, byAddress(in), out.ByAddress)
	})
}

func equal(a, b bundle.Entry) bool {
	same := bytes.Equal(a.Data, b.Data)
	a.Data, b.Data = nil, nil
	return same && fmt.Sprint(a) == fmt.Sprint(b)
}

func byAddress(in []bundle.Entry) bool {
	for _, a := range in {
		for _, b := range in {
			if a.Address == b.Address && !bytes.Equal(a.Data, b.Data) {
				return false
			}
		}
	}
	return true
}

// reader is what a device does with a stream, from docs/bundle.md alone: it
// keeps the last entry that fits and compares the CRC before it trusts it.
func reader(stream []byte, lot, address uint32) ([]byte, bool) {
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(stream[at:]) }
	half := func(at int) int { return int(binary.LittleEndian.Uint16(stream[at:])) }
	if string(stream[:8]) != "BSBUNDLE" || half(8) != 1 {
		return nil, false
	}
	head, size, count := half(10), half(12), half(14)
	sum := crc32.NewIEEE()
	sum.Write(stream[:60])
	sum.Write(make([]byte, 4))
	sum.Write(stream[64 : head+count*size])
	found := -1
	for at := head; at < head+count*size; at += size {
		if word(at+4) == address && (word(16)&1 != 0 || word(at) == lot) {
			found = at
		}
	}
	if sum.Sum32() != word(60) || found < 0 {
		return nil, false
	}
	return stream[word(found+24) : word(found+24)+word(found+28)], true
}

// A reader that knows only the documented offsets finds every image, and none
// for a slot that is not there.
func TestDocumentedReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := entriesGen(t)
		file, err := bundle.Encode(in)
		require.NoError(t, err)
		for _, e := range in {
			got, ok := reader(file, e.Lot, e.Address)
			require.True(t, ok)
			require.Equal(t, e.Data, got)
		}
		_, ok := reader(file, 0, 0xFF0000)
		require.False(t, ok)
	})
}

// The thread's own way: the images of one lot's slots, all of one size, are
// found by counting.
func TestCountedImages(t *testing.T) {
	var in []bundle.Entry
	for i := range 4 {
		in = append(in, bundle.Entry{Lot: 1, Address: uint32(i) << 16, Label: fmt.Sprintf("ota_%d", i), Data: bytes.Repeat([]byte{byte(i)}, 5000)})
	}
	file, err := bundle.Encode(in)
	require.NoError(t, err)
	b, err := bundle.Decode(file)
	require.NoError(t, err)
	require.Equal(t, uint32(8192), b.Stride)
	for i, e := range in {
		at := int(b.First) + i*int(b.Stride)
		require.Equal(t, e.Data, file[at:at+len(e.Data)])
	}
}

// Every bit of a bundle matters.
func TestEveryByteIsChecked(t *testing.T) {
	file, err := bundle.Encode([]bundle.Entry{
		{Lot: 1, Address: 0x10000, Label: "ota_0", Data: []byte("one"), Version: "2.0"},
		{Lot: 1, Address: 0x20000, Label: "ota_1", Data: []byte("another"), Encrypted: true, Config: 0xF, Key: 7},
	})
	require.NoError(t, err)
	for i := range file {
		bad := slices.Clone(file)
		bad[i] ^= 1 << (i % 8)
		_, err := bundle.Decode(bad)
		var format *bundle.FormatError
		require.ErrorAs(t, err, &format, "byte %d", i)
		switch {
		case i >= 64 && i < 64+2*128:
			require.Contains(t, format.Reason, "CRC of header and entries", "byte %d", i)
		case i >= 4096 && i < 4096+3 || i >= 8192 && i < 8192+7:
			require.Contains(t, format.Reason, "SHA-256 of the image", "byte %d", i)
		}
	}
	for _, n := range []int{0, 1, 63, 64, 100, 4096, len(file) - 4096, len(file) - 1} {
		_, err := bundle.Decode(file[:n])
		require.Error(t, err, "%d bytes", n)
	}
	_, err = bundle.Decode(append(slices.Clone(file), make([]byte, 4096)...))
	require.Error(t, err)
}

// A header whose CRC is right still has to hold together.
func TestHostileHeaders(t *testing.T) {
	file, err := bundle.Encode([]bundle.Entry{{Lot: 1, Address: 0x10000, Label: "a", Data: make([]byte, 9000)}, {Lot: 2, Address: 0x10000, Label: "b", Data: make([]byte, 100)}})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		at   int
		word uint32
	}{
		"reserved in the header": {36, 1}, "unknown flag": {16, 3}, "address flag": {16, 1}, "number of images": {20, 7}, "first": {24, 0}, "stride": {28, 4096},
		"offset past the end": {64 + 24, 1 << 31}, "offset inside the header": {64 + 24, 0}, "size past the end": {64 + 28, 0xFFFFFFFF}, "no size": {64 + 28, 0},
		"offset off by a sector": {64 + 24, 8192}, "same slot twice": {64, 2}, "reserved in an entry": {64 + 104, 1}, "config without encryption": {64 + 68, 5},
		"no label": {64 + 8, 0}, "bytes behind a label": {64 + 12, 0x41000000}, "gap": {64 + 68, 1 << 16},
	} {
		bad := slices.Clone(file)
		binary.LittleEndian.PutUint32(bad[c.at:], c.word)
		binary.LittleEndian.PutUint32(bad[60:], 0)
		binary.LittleEndian.PutUint32(bad[60:], crc32.ChecksumIEEE(bad[:64+2*128]))
		_, err := bundle.Decode(bad)
		require.Error(t, err, name)
	}
}

func TestLimits(t *testing.T) {
	one := bundle.Entry{Label: "ota_0", Data: []byte{1}}
	many := make([]bundle.Entry, bundle.MaxEntries+1)
	var large []bundle.Entry
	for i := range many {
		many[i] = one
		many[i].Lot = uint32(i)
	}
	for i := range 5 {
		e := one
		e.Lot, e.Data = uint32(i), append(make([]byte, bundle.MaxImage-1), byte(i))
		large = append(large, e)
	}
	_, err := bundle.Encode(many[:bundle.MaxEntries])
	require.NoError(t, err)
	for name, entries := range map[string][]bundle.Entry{
		"none": nil, "too many": many, "too large together": large, "same slot twice": {one, one}, "no image": {{Label: "a"}},
		"image too large": {{Label: "a", Data: make([]byte, bundle.MaxImage+1)}}, "no label": {{Data: []byte{1}}}, "long label": {{Label: "12345678901234567", Data: []byte{1}}},
		"zero in version": {{Label: "a", Version: "1\x00", Data: []byte{1}}}, "key without encryption": {{Label: "a", Key: 1, Data: []byte{1}}},
	} {
		_, err := bundle.Encode(entries)
		var limit *bundle.LimitError
		require.ErrorAs(t, err, &limit, name)
	}
}

// 256 entries that share 16 MB are hashed once, and overlapping images do not
// make a reader hash them all.
func TestSharedAndOverlappingImages(t *testing.T) {
	entries := make([]bundle.Entry, bundle.MaxEntries)
	big := make([]byte, bundle.MaxImage)
	for i := range entries {
		entries[i] = bundle.Entry{Lot: uint32(i), Label: "a", Data: big}
	}
	file, err := bundle.Encode(entries)
	require.NoError(t, err)
	b, err := bundle.Decode(file)
	require.NoError(t, err)
	require.Equal(t, 1, b.Images)
	for i := range entries {
		at := 64 + i*128
		binary.LittleEndian.PutUint32(file[at+28:], uint32(bundle.MaxImage-i))
	}
	binary.LittleEndian.PutUint32(file[60:], 0)
	binary.LittleEndian.PutUint32(file[60:], crc32.ChecksumIEEE(file[:64+256*128]))
	_, err = bundle.Decode(file)
	require.Error(t, err)
}

// Ciphertext is shared exactly where the address does not reach the key.
func TestSharingFollowsTheCipher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := crypt.KeyFromBlock([32]byte{1, 2, 3})
		plain := bytes.Repeat([]byte("an app image, all of it"), 64)[:1024]
		config := crypt.Config(rapid.Uint8Range(0, 15).Draw(t, "config"))
		var in []bundle.Entry
		for i, addr := range []uint32{0x10000, 0x1D0000, 0x10000 + 1<<24, 0x10000} {
			data := make([]byte, len(plain))
			require.NoError(t, crypt.New(k, config).Encrypt(addr, data, plain))
			in = append(in, bundle.Entry{Lot: uint32(i), Address: addr, Label: "a", Data: data, Encrypted: true, Config: uint8(config)})
		}
		file, err := bundle.Encode(in)
		require.NoError(t, err)
		b, err := bundle.Decode(file)
		require.NoError(t, err)
		want := 2 // 0x10000 with its alias, and 0x1d0000
		if config == 0 {
			want = 1
		}
		require.Equal(t, want, b.Images)
	})
}

func FuzzDecode(f *testing.F) {
	file, _ := bundle.Encode([]bundle.Entry{{Lot: 1, Address: 0x10000, Label: "ota_0", Data: []byte("image"), Version: "2.0"}})
	f.Add(file)
	f.Add(file[:64])
	f.Fuzz(func(t *testing.T, b []byte) {
		// The CRC would keep a fuzzer out; set it where there is room.
		if len(b) >= bundle.HeaderSize {
			end := min(len(b), bundle.HeaderSize+int(binary.LittleEndian.Uint16(b[14:]))*bundle.EntrySize)
			b = bytes.Clone(b)
			clear(b[60:64])
			binary.LittleEndian.PutUint32(b[60:], crc32.ChecksumIEEE(b[:end]))
		}
		got, err := bundle.Decode(b)
		if err != nil {
			return
		}
		again, err := bundle.Encode(got.Entries)
		require.NoError(t, err)
		require.Equal(t, b, again)
	})
}
