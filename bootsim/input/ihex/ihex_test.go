package ihex_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/input/ihex"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// record spells one record.
func record(kind byte, offset uint16, data ...byte) string {
	b := append([]byte{byte(len(data)), byte(offset >> 8), byte(offset), kind}, data...)
	var sum byte
	for _, v := range b {
		sum += v
	}
	return strings.ToUpper(fmt.Sprintf(":%x%02x\n", b, -sum))
}

// write is esptool's way to write regions: records of 16 bytes, cut at 64 KiB,
// a type 04 record at the start and at each 64 KiB.
func write(regions []ihex.Region) []byte {
	var out strings.Builder
	high := int64(-1)
	for _, r := range regions {
		for at := 0; at < len(r.Data); {
			address := r.Address + uint32(at)
			if int64(address>>16) != high {
				high = int64(address >> 16)
				out.WriteString(record(4, 0, byte(high>>8), byte(high)))
			}
			n := min(16, len(r.Data)-at, int(0x10000-address&0xFFFF))
			out.WriteString(record(0, uint16(address), r.Data[at:at+n]...))
			at += n
		}
	}
	out.WriteString(":00000001FF\n")
	return []byte(out.String())
}

// What esptool 4.12 and 5.3.1 wrote is read: one file whole, one by its digest.
func TestRecordedFiles(t *testing.T) {
	text := refdata.Read(t, "esptool", "merge-hex-p100.v4.out")
	got, err := ihex.Parse(text)
	require.NoError(t, err)
	require.Equal(t, []ihex.Region{{Address: 0x1FFF0, Data: refdata.Read(t, "espsecure", "p100.bin")}}, got)
	require.True(t, ihex.Looks(text))

	want := []ihex.Region{{Address: 0x1000, Data: refdata.Read(t, "esptool", "bootloader.bin")},
		{Address: 0x8000, Data: refdata.Read(t, "esptool", "table.bin")}, {Address: 0x10000, Data: refdata.Read(t, "esptool", "good.bin")}}
	text = bytes.ReplaceAll(write(want), []byte("\n"), []byte(lineEnd(t)))
	sum := sha256.Sum256(text)
	require.Equal(t, recorded(t, "hex"), hex.EncodeToString(sum[:]), "the test's writer is esptool's")
	got, err = ihex.Parse(text)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// lineEnd is how the recorded file ends its lines.
func lineEnd(t *testing.T) string {
	if bytes.Contains(refdata.Read(t, "esptool", "merge-hex-p100.v4.out"), []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
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

func TestAddresses(t *testing.T) {
	end := record(1, 0)
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"no base":                      {record(0, 0x1000, 1, 2) + end, "1000:0102"},
		"joined":                       {record(0, 0x1000, 1) + record(0, 0x1001, 2) + end, "1000:0102"},
		"out of order":                 {record(0, 0x1001, 2) + record(0, 0x1000, 1) + end, "1000:0102"},
		"segment":                      {record(2, 0, 0x10, 0x00) + record(0, 0x20, 7) + end, "10020:07"},
		"segment wraps":                {record(2, 0, 0x10, 0x00) + record(0, 0xFFFF, 7, 8) + end, "10000:08 1ffff:07"},
		"linear":                       {record(4, 0, 0x00, 0x21) + record(0, 0xFFFF, 7, 8) + end, "21ffff:0708"},
		"linear after segment":         {record(2, 0, 0x10, 0) + record(4, 0, 0, 1) + record(0, 0xFFFF, 7, 8) + end, "1ffff:0708"},
		"start addresses are passed":   {record(3, 0, 0, 0, 0, 0) + record(5, 0, 0, 0, 0, 0) + record(0, 0, 1) + end, "0:01"},
		"blank lines, no last newline": {"\n" + record(0, 0, 1) + "\r\n\n" + strings.TrimSpace(end), "0:01"},
		"lower case":                   {strings.ToLower(record(0, 0xABCD, 0xEF)) + end, "abcd:ef"},
		"nothing":                      {end, ""},
	} {
		got, err := ihex.Parse([]byte(c.text))
		require.NoError(t, err, name)
		var spelt []string
		for _, r := range got {
			spelt = append(spelt, fmt.Sprintf("%x:%x", r.Address, r.Data))
		}
		require.Equal(t, c.want, strings.Join(spelt, " "), name)
	}
}

func TestErrors(t *testing.T) {
	good, end := record(0, 0x10, 1, 2), record(1, 0)
	for name, c := range map[string]struct {
		text string
		line int
		say  string
	}{
		"checksum":        {good + good[:len(good)-2] + "0\n" + end, 2, "checksum"},
		"cut line":        {good[:8] + "\n" + end, 1, "length"},
		"odd digits":      {":0\n", 1, "hexadecimal"},
		"not hexadecimal": {":zz000001FF\n", 1, "hexadecimal"},
		"no colon":        {"00000001FF\n", 1, "colon"},
		"overlap":         {good + record(0, 0x11, 9) + end, 3, "overlap"},
		"no end":          {good, 1, "end-of-file"},
		"empty":           {"", 0, "end-of-file"},
		"data behind end": {end + good, 2, "end-of-file"},
		"unknown type":    {record(6, 0) + end, 1, "type 06"},
		"wrong length":    {record(4, 0, 1) + end, 1, "type 04"},
		"past 32 bits":    {record(4, 0, 0xFF, 0xFF) + record(0, 0xFFFF, 1, 2) + end, 3, "32-bit"},
	} {
		_, err := ihex.Parse([]byte(c.text))
		var bad *ihex.Error
		require.ErrorAs(t, err, &bad, name)
		require.Equal(t, c.line, bad.Line, name)
		require.Contains(t, bad.Reason, c.say, name)
	}
}

// Regions of any place and size come back from their text.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []ihex.Region
		at := rapid.Uint32Range(0, 1<<20).Draw(t, "start")
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			data := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "data")
			want = append(want, ihex.Region{Address: at, Data: data})
			at += uint32(len(data)) + rapid.Uint32Range(1, 1<<17).Draw(t, "gap")
		}
		got, err := ihex.Parse(write(want))
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func FuzzParse(f *testing.F) {
	f.Add(write([]ihex.Region{{Address: 0xFFF8, Data: []byte("0123456789abcdef0123")}}))
	f.Add([]byte(record(2, 0, 0xFF, 0xFF) + record(0, 0xFFFF, 1, 2, 3) + record(1, 0)))
	f.Fuzz(func(t *testing.T, text []byte) {
		ihex.Looks(text)
		regions, err := ihex.Parse(text)
		total, end := 0, uint64(0)
		for i, r := range regions {
			require.NotEmpty(t, r.Data)
			require.True(t, i == 0 || uint64(r.Address) > end, "regions are apart and in order")
			end = uint64(r.Address) + uint64(len(r.Data))
			total += len(r.Data)
		}
		require.LessOrEqual(t, total, len(text)/2)
		require.True(t, err == nil || len(regions) == 0)
	})
}
