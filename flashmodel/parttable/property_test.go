package parttable_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

func drawEntry(t *rapid.T) parttable.Entry {
	return parttable.Entry{
		Label: parttable.Label(rapid.StringMatching(`[a-z_0-9]{0,16}`).Draw(t, "label")),
		Type:  rapid.Byte().Draw(t, "type"), Subtype: rapid.Byte().Draw(t, "subtype"),
		Offset: rapid.Uint32().Draw(t, "offset"), Size: rapid.Uint32().Draw(t, "size"),
		Flags: rapid.Uint32().Draw(t, "flags"),
	}
}

// A table that is written reads back as it was, whatever its rows hold, as long
// as it is not too long.
func TestEncodeDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := &parttable.Table{
			Entries: rapid.SliceOfN(rapid.Custom(drawEntry), 1, 100).Draw(t, "entries"),
			MD5:     rapid.Bool().Draw(t, "md5"),
		}
		o := parttable.Latest()
		o.MD5 = table.MD5
		b, err := table.Encode(o)
		rows := len(table.Entries)
		if table.MD5 {
			rows++
		}
		if rows >= parttable.MaxRows {
			require.ErrorContains(t, err, "longer than max")
			return
		}
		require.NoError(t, err)
		require.Len(t, b, parttable.MaxLength)
		back, err := parttable.Decode(b)
		require.NoError(t, err)
		require.Equal(t, table, back)
		for i, e := range table.Entries {
			require.Equal(t, e, parttable.DecodeRow(b[i*parttable.RowSize:]).Entry)
		}
	})
}

// A flipped bit in the covered rows, or in the digest, is noticed.
func TestDigestNoticesBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := &parttable.Table{Entries: rapid.SliceOfN(rapid.Custom(drawEntry), 1, 5).Draw(t, "entries")}
		b, err := table.Encode(parttable.Latest())
		require.NoError(t, err)
		bit := rapid.IntRange(0, (len(table.Entries)+1)*parttable.RowSize*8-1).Draw(t, "bit")
		// Bytes 2 to 15 of the digest's row mean nothing.
		inRow := bit/8 - len(table.Entries)*parttable.RowSize
		b[bit/8] ^= 1 << (bit % 8)
		_, err = parttable.Decode(b)
		if inRow >= 2 && inRow < 16 {
			require.NoError(t, err)
		} else {
			require.Error(t, err)
		}
	})
}

// drawCSV writes a table that every rule accepts: partitions one behind the
// other, some with their offset and some without.
func drawCSV(t *rapid.T) string {
	var b strings.Builder
	end := 0x9000
	for i := range rapid.IntRange(0, 20).Draw(t, "partitions") {
		kind := rapid.SampledFrom([]string{"app,factory", "app,ota_3", "data,nvs", "data,fat", "0x40,7"}).Draw(t, "kind")
		if strings.HasPrefix(kind, "app") {
			end = (end + 0xFFFF) &^ 0xFFFF
		}
		size := rapid.IntRange(3, 200).Draw(t, "sectors") * 0x1000
		offset := ""
		if rapid.Bool().Draw(t, "explicit") {
			end += rapid.IntRange(0, 3).Draw(t, "gap") * 0x10000
			offset = fmt.Sprintf("0x%x", end)
		}
		flag := rapid.SampledFrom([]string{"", "encrypted", "readonly", "encrypted:readonly"}).Draw(t, "flag")
		fmt.Fprintf(&b, "p%d, %s, %s, %d, %s\n", i, kind, offset, size, flag)
		end += size
	}
	return b.String()
}

// CSV, binary and generated CSV hold the same table.
func TestCSVBinaryCSV(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := parttable.Latest()
		table, warnings, err := parttable.ParseCSV(drawCSV(t), o)
		require.NoError(t, err)
		require.Empty(t, warnings)
		require.NoError(t, table.Verify(o))
		require.Empty(t, table.Overlaps())
		b, err := table.Encode(o)
		require.NoError(t, err)
		decoded, err := parttable.Decode(b)
		require.NoError(t, err)
		again, _, err := parttable.ParseCSV(decoded.CSV(o), o)
		require.NoError(t, err)
		require.Equal(t, table, again)
	})
}

// Partitions that overlap, as Overlaps sees it, do not pass Verify.
func TestOverlapsDoNotVerify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := &parttable.Table{}
		for i := range rapid.IntRange(1, 6).Draw(t, "partitions") {
			table.Entries = append(table.Entries, parttable.Entry{
				Label: parttable.Label(fmt.Sprint("p", i)), Type: 0x40,
				Offset: rapid.Uint32Range(9, 30).Draw(t, "offset") << 12,
				Size:   rapid.Uint32Range(1, 4).Draw(t, "size") << 12,
			})
		}
		err := table.Verify(parttable.Latest())
		if len(table.Overlaps()) > 0 {
			require.ErrorContains(t, err, "overlaps")
		} else {
			require.NoError(t, err)
		}
	})
}
