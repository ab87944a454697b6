package uf2_test

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/input/uf2"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// options of the test's writer
type options struct {
	family uint32
	chunk  int
	md5    bool
	flags  uint32 // besides
}

func usual() options { return options{family: uf2.FamilyESP32, chunk: 452, md5: true} }

// write is esptool's way to write files: blocks numbered from 0 for each, the
// MD5 right behind the data.
func write(o options, regions ...uf2.Region) []byte {
	var out []byte
	for _, r := range regions {
		blocks := (len(r.Data) + o.chunk - 1) / o.chunk
		for i := range blocks {
			data := r.Data[i*o.chunk : min((i+1)*o.chunk, len(r.Data))]
			out = append(out, block(o, r.Address+uint32(i*o.chunk), data, i, blocks)...)
		}
	}
	return out
}

func block(o options, address uint32, data []byte, number, total int) []byte {
	flags := 0x2000 | o.flags
	if o.md5 {
		flags |= 0x4000
	}
	var b []byte
	for _, v := range []uint32{0x0A324655, 0x9E5D5157, flags, address, uint32(len(data)), uint32(number), uint32(total), o.family} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = append(b, data...)
	if o.md5 {
		sum := md5.Sum(data)
		b = binary.LittleEndian.AppendUint32(b, address)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
		b = append(b, sum[:]...)
	}
	b = append(b, make([]byte, 508-len(b))...)
	return binary.LittleEndian.AppendUint32(b, 0x0AB16F30)
}

// What esptool 4.12 and 5.3.1 wrote is read: one file whole, three by their digests.
func TestRecordedFiles(t *testing.T) {
	got, err := uf2.Parse(refdata.Read(t, "esptool", "merge-uf2-p100.v4.out"), uf2.FamilyESP32)
	require.NoError(t, err)
	require.Equal(t, []uf2.Region{{Address: 0x1000, Data: refdata.Read(t, "espsecure", "p100.bin")}}, got)

	want := []uf2.Region{{Address: 0x1000, Data: refdata.Read(t, "esptool", "bootloader.bin")},
		{Address: 0x8000, Data: refdata.Read(t, "esptool", "table.bin")}, {Address: 0x10000, Data: refdata.Read(t, "esptool", "good.bin")}}
	noMD5 := usual()
	noMD5.md5, noMD5.chunk = false, 476
	small := usual()
	small.chunk = 256
	for id, o := range map[string]options{"uf2": usual(), "uf2-no-md5": noMD5, "uf2-chunk-256": small} {
		file := write(o, want...)
		sum := sha256.Sum256(file)
		require.Equal(t, recorded(t, id), hex.EncodeToString(sum[:]), "the test's writer is esptool's: %s", id)
		require.True(t, uf2.Looks(file))
		got, err := uf2.Parse(file, uf2.FamilyESP32)
		require.NoError(t, err, id)
		require.Equal(t, want, got, id)
	}
}

// recorded returns the digest of what a recorded merge wrote.
func recorded(t *testing.T, id string) string {
	var index struct {
		Merge []struct {
			ID string
			V5 struct {
				Sum string `json:"out_sha256"`
			}
		} `json:"merge_bin"`
	}
	refdata.JSON(t, &index, "esptool", "index.json")
	for _, run := range index.Merge {
		if run.ID == id {
			return run.V5.Sum
		}
	}
	t.Fatalf("no recorded run %s", id)
	return ""
}

func bytesOf(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestOtherBlocksArePassedOver(t *testing.T) {
	mine := uf2.Region{Address: 0x1000, Data: bytesOf(1000)}
	other, notMain, container, none := usual(), usual(), usual(), usual()
	other.family, notMain.flags, container.flags = 0xbfdd4eee, 1, 0x1000
	file := append(write(other, uf2.Region{Address: 0x1000, Data: bytesOf(500)}), write(usual(), mine)...)
	file = append(file, write(notMain, uf2.Region{Address: 0x1000, Data: bytesOf(10)})...)
	file = append(file, write(container, uf2.Region{Address: 0, Data: bytesOf(10)})...)
	got, err := uf2.Parse(file, uf2.FamilyESP32)
	require.NoError(t, err)
	require.Equal(t, []uf2.Region{mine}, got)

	_, err = uf2.Parse(write(other, mine), uf2.FamilyESP32)
	var family *uf2.FamilyError
	require.ErrorAs(t, err, &family)
	require.Equal(t, []uint32{0xbfdd4eee}, family.Families)

	none.family, none.flags = 12345, 0x2000 // family flag taken back below
	file = write(none, mine)
	for at := 0; at < len(file); at += uf2.BlockSize {
		binary.LittleEndian.PutUint32(file[at+8:], 0x4000)
	}
	got, err = uf2.Parse(file, uf2.FamilyESP32)
	require.NoError(t, err, "blocks without family are for everyone")
	require.Equal(t, []uf2.Region{mine}, got)
}

func TestErrors(t *testing.T) {
	whole := write(usual(), uf2.Region{Address: 0x1000, Data: bytesOf(2000)})
	change := func(at int, v byte) []byte {
		b := append([]byte(nil), whole...)
		b[at] ^= v
		return b
	}
	for name, c := range map[string]struct {
		file []byte
		say  string
	}{
		"empty":         {nil, "cut"},
		"cut":           {whole[:700], "cut"},
		"block missing": {append(append([]byte(nil), whole[:512]...), whole[1024:]...), "incomplete"},
		"one of the second file missing": {append(write(usual(), uf2.Region{Address: 0, Data: bytesOf(800)}),
			write(usual(), uf2.Region{Address: 0x1000, Data: bytesOf(800)})[:512]...), "incomplete"},
		"last missing":   {whole[:len(whole)-512], "incomplete"},
		"first mark":     {change(512, 1), "marks"},
		"second mark":    {change(516, 1), "marks"},
		"last mark":      {change(1023, 1), "marks"},
		"data damaged":   {change(600, 1), "MD5"},
		"too much data":  {change(512+17, 0xFF), "bytes of data"},
		"no data":        {block(usual(), 0, nil, 0, 1), "bytes of data"},
		"number":         {block(usual(), 0, []byte{1}, 1, 1), "block 1 of 1"},
		"past 32 bits":   {block(usual(), 0xFFFFFFFF, []byte{1, 2}, 0, 1), "32-bit"},
		"overlap":        {append(block(usual(), 0x1000, bytesOf(20), 0, 1), block(usual(), 0x1010, bytesOf(20), 0, 1)...), "overlap"},
		"two contents":   {append(block(usual(), 0x1000, []byte{1}, 0, 1), block(usual(), 0x1000, []byte{2}, 0, 1)...), "overlap"},
		"nothing for us": {block(options{family: uf2.FamilyESP32, flags: 1}, 0, []byte{1}, 0, 1), "main flash"},
	} {
		_, err := uf2.Parse(c.file, uf2.FamilyESP32)
		var bad *uf2.Error
		require.ErrorAs(t, err, &bad, name)
		require.Contains(t, bad.Reason, c.say, name)
	}
}

// Blocks may come in any order, and again.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := usual()
		o.chunk = rapid.IntRange(1, 452).Draw(t, "chunk")
		o.md5 = rapid.Bool().Draw(t, "md5")
		var want []uf2.Region
		at := rapid.Uint32Range(0, 1<<20).Draw(t, "start")
		for range rapid.IntRange(1, 3).Draw(t, "n") {
			data := rapid.SliceOfN(rapid.Byte(), 1, 2000).Draw(t, "data")
			want = append(want, uf2.Region{Address: at, Data: data})
			at += uint32(len(data)) + rapid.Uint32Range(1, 1<<16).Draw(t, "gap")
		}
		file := write(o, want...)
		blocks := len(file) / uf2.BlockSize
		order := rapid.Permutation(seq(blocks)).Draw(t, "order")
		order = append(order, rapid.SliceOfN(rapid.IntRange(0, blocks-1), 0, 3).Draw(t, "again")...)
		var mixed []byte
		for _, i := range order {
			mixed = append(mixed, file[i*uf2.BlockSize:(i+1)*uf2.BlockSize]...)
		}
		got, err := uf2.Parse(mixed, uf2.FamilyESP32)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func FuzzParse(f *testing.F) {
	f.Add(write(usual(), uf2.Region{Address: 0x1000, Data: bytesOf(600)}))
	f.Add(block(options{family: 1, chunk: 10}, 0xFFFFFFF0, bytesOf(10), 0, 1))
	f.Fuzz(func(t *testing.T, file []byte) {
		uf2.Looks(file)
		regions, err := uf2.Parse(file, uf2.FamilyESP32)
		end, total := uint64(0), 0
		for i, r := range regions {
			require.NotEmpty(t, r.Data)
			require.True(t, i == 0 || uint64(r.Address) > end, "regions are apart and in order")
			end, total = uint64(r.Address)+uint64(len(r.Data)), total+len(r.Data)
		}
		require.LessOrEqual(t, total, len(file))
		require.True(t, err == nil || len(regions) == 0)
	})
}
