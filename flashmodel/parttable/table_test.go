package parttable_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// forumCSV is the table of the thread that asks why a pre-encrypted device does
// not start (forum-thread.txt), and forumRows is what its bootloader logged.
const forumCSV = "# Espressif ESP32 Partition Table\n" +
	"# Name,\t\tType,\t\tSubType,\tOffset,\t\tSize,\tFlags\n" +
	"nvs,data,nvs,0x9000,16K,\n" +
	"otadata,data,ota,0xd000,8K,\n" +
	"factory,app,factory,0x10000,320K,\n" +
	"ota_0,app,ota_0,,1984K,\n" +
	"sys,data,spiffs,,320K,\n" +
	"users,data,spiffs,,704K,\n" +
	"rules,data,spiffs,,704K,\n"

func forumRows() []parttable.Entry {
	row := func(name string, typ, subtype uint8, offset, size uint32) parttable.Entry {
		return parttable.Entry{Label: parttable.Label(name), Type: typ, Subtype: subtype, Offset: offset, Size: size}
	}
	return []parttable.Entry{
		row("nvs", 0x01, 0x02, 0x00009000, 0x00004000),
		row("otadata", 0x01, 0x00, 0x0000d000, 0x00002000),
		row("factory", 0x00, 0x00, 0x00010000, 0x00050000),
		row("ota_0", 0x00, 0x10, 0x00060000, 0x001f0000),
		row("sys", 0x01, 0x82, 0x00250000, 0x00050000),
		row("users", 0x01, 0x82, 0x002a0000, 0x000b0000),
		row("rules", 0x01, 0x82, 0x00350000, 0x000b0000),
	}
}

// Every release makes of the thread's CSV the rows that the thread's device
// printed.
func TestForumTable(t *testing.T) {
	for _, version := range []string{"v3.1.0", "3.3", "4.4", "5.5", "6.0"} {
		v, err := parttable.ParseVersion(version)
		require.NoError(t, err)
		o, err := parttable.Defaults(v)
		require.NoError(t, err)
		o.FlashSize = 4 << 20
		table, warnings, err := parttable.ParseCSV(forumCSV, o)
		require.NoError(t, err)
		require.Empty(t, warnings)
		require.Equal(t, forumRows(), table.Entries, version)
		b, err := table.Encode(o)
		require.NoError(t, err)
		back, err := parttable.Decode(b)
		require.NoError(t, err)
		require.Equal(t, table, back)
	}
}

func TestFinding(t *testing.T) {
	table := &parttable.Table{Entries: forumRows()}
	e, ok := table.Find("users")
	require.True(t, ok)
	require.Equal(t, uint32(0x2a0000), e.Offset)
	_, ok = table.Find("user")
	require.False(t, ok)
	factory, ok := table.Factory()
	require.True(t, ok)
	require.Equal(t, "factory", factory.Name())
	data, ok := table.OTAData()
	require.True(t, ok)
	require.Equal(t, uint32(0xd000), data.Offset)
	_, ok = table.Test()
	require.False(t, ok)
	require.Len(t, table.Apps(), 2)
	require.Equal(t, forumRows()[3:4], table.OTASlots())
	require.Empty(t, table.Overlaps())
}

func slotRow(slot int, offset uint32) parttable.Entry {
	return parttable.Entry{Type: parttable.TypeApp, Subtype: uint8(parttable.SubtypeOTA0 + slot), Offset: offset, Size: 0x10000}
}

// Bootloader and application count slots differently when rows have a gap or
// occur twice (spec 2.2, 2.6).
func TestCountingSlots(t *testing.T) {
	gap := &parttable.Table{Entries: []parttable.Entry{slotRow(0, 0x10000), slotRow(2, 0x20000)}}
	require.Equal(t, []parttable.Entry{slotRow(0, 0x10000), {}}, gap.OTASlots(), "ota_2 is out of reach")
	require.Equal(t, 2, gap.OTARows())
	require.Equal(t, 1, gap.ConsecutiveOTA())

	twice := &parttable.Table{Entries: []parttable.Entry{slotRow(0, 0x10000), slotRow(0, 0x20000), slotRow(1, 0x30000)}}
	require.Equal(t, []parttable.Entry{slotRow(0, 0x20000), slotRow(1, 0x30000), {}}, twice.OTASlots(), "the last row counts")
	require.Equal(t, 2, twice.ConsecutiveOTA())

	many := &parttable.Table{}
	for i := range 20 {
		many.Entries = append(many.Entries, slotRow(i%16, uint32(i+1)<<16))
	}
	require.Len(t, many.OTASlots(), 16)
	require.Equal(t, 20, many.OTARows())
	require.Equal(t, 16, many.ConsecutiveOTA())
	require.Zero(t, (&parttable.Table{}).ConsecutiveOTA())
}

// Partitions overlap if they share a byte, even where offset and size wrap for
// a bootloader.
func TestOverlaps(t *testing.T) {
	span := func(offset, size uint32) parttable.Entry { return parttable.Entry{Offset: offset, Size: size} }
	for _, c := range []struct {
		a, b parttable.Entry
		want int
	}{
		{span(0x1000, 0x1000), span(0x2000, 0x1000), 0},
		{span(0x1000, 0x1001), span(0x2000, 0x1000), 1},
		{span(0x2000, 0x1000), span(0x1000, 0x1001), 1},
		{span(0x1000, 0x1000), span(0x1000, 0x1000), 1},
		{span(0x1000, 0), span(0x1000, 0x1000), 0},
		{span(0x1800, 0), span(0x1000, 0x1000), 0},
		{span(0x1000, 0x1000), span(0x1800, 0), 0},
		{span(0xFFFFF000, 0x2000), span(0, 0x1000), 0},
		{span(0x1000, 0xFFFFFFFF), span(0xFFFFF000, 0x1000), 1},
	} {
		table := &parttable.Table{Entries: []parttable.Entry{c.a, c.b}}
		require.Len(t, table.Overlaps(), c.want, "%x %x", c.a, c.b)
	}
}

// Rows are told apart by the bytes a bootloader looks at (spec 2.4).
func TestRowKinds(t *testing.T) {
	for _, c := range []struct {
		row  []byte
		want parttable.RowKind
	}{
		{[]byte{0xAA, 0x50, 1, 2}, parttable.RowEntry},
		{[]byte{0xEB, 0xEB, 0, 0}, parttable.RowMD5},
		{[]byte{0xFF, 0xFF, 0xFF, 0xFF, 0x12}, parttable.RowEnd},
		{[]byte{0xFF, 0xFF, 0xFF, 0x00}, parttable.RowOther},
		{[]byte{0xFF, 0xFF, 0x00, 0xFF}, parttable.RowOther},
		{[]byte{0x50, 0xAA, 1, 2}, parttable.RowOther},
		{make([]byte, 32), parttable.RowOther},
		{nil, parttable.RowEnd},
	} {
		require.Equal(t, c.want, parttable.DecodeRow(c.row).Kind, "% x", c.row)
	}
}

func TestVersions(t *testing.T) {
	for text, want := range map[string]string{"v4.4.8": "v4.4.8", "5.5": "v5.5", "v3.1": "v3.1"} {
		v, err := parttable.ParseVersion(text)
		require.NoError(t, err)
		require.Equal(t, want, v.String())
		_, err = parttable.ProfileFor(v)
		require.NoError(t, err)
	}
	for _, text := range []string{"", "5", "5.5.5.5", "v", "a.b", "5.-1", "v3.1-rc1", "99999.1"} {
		_, err := parttable.ParseVersion(text)
		var version *parttable.VersionError
		require.ErrorAs(t, err, &version, text)
	}
	for _, text := range []string{"3.0", "6.1", "7.0", "2.9"} {
		v, err := parttable.ParseVersion(text)
		require.NoError(t, err)
		_, err = parttable.Defaults(v)
		require.ErrorContains(t, err, "not modelled", text)
	}
}
