package efuse_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/stretchr/testify/require"
)

// Files that are no eFuses, or contradict themselves, are refused with the place
// and the reason.
func TestParseRefuses(t *testing.T) {
	joint := stateFile(t, "fe-dev-visible.dump")
	coded := stateFile(t, "coding34-visible.dump")
	text := string(stateFile(t, "fe-dev-visible.v5.txt"))
	object := string(stateFile(t, "fe-dev-visible.v5.json"))
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":               {nil, "empty"},
		"huge":                {make([]byte, 1<<20), "larger than"},
		"truncated":           {joint[:123], "123 bytes are no form of dump"},
		"one block":           {joint[:28], "one block of a split dump"},
		"erased":              {bytes.Repeat([]byte{0xFF}, 400), "400 bytes are no form"},
		"3/4 in 124 bytes":    {append(coded[:28:28], make([]byte, 96)...), "do not go with CODING_SCHEME 1 (3/4)"},
		"none in 100 bytes":   {append(joint[:28:28], make([]byte, 72)...), "do not go with CODING_SCHEME 0 (NONE)"},
		"prose":               {[]byte("hello\n"), "no eFuse field of an ESP32 found"},
		"empty object":        {[]byte("{}"), "no eFuse field of an ESP32 found"},
		"no object":           {[]byte("{nope"), "not JSON"},
		"cut object":          {[]byte(object[:len(object)/2]), "not JSON"},
		"entry of other kind": {[]byte(`{"ABS_DONE_0": [1]}`), "ABS_DONE_0 is not an entry"},
		"no value":            {[]byte(`{"ABS_DONE_0": {}}`), "none that espefuse shows"},
		"raw no number":       {[]byte(`{"ABS_DONE_0": {"raw_value": "yes"}}`), "not a number"},
		"too large":           {[]byte(`{"ABS_DONE_0": {"raw_value": "0x2"}}`), "too large for the 1 bits"},
		"short key":           {[]byte(`{"BLOCK1": {"raw_value": "0x00"}}`), "has 1 bytes, not 32 or 24"},
		"other chip's places": {[]byte(strings.Replace(object, `"pos": 20`, `"pos": 18`, 1)), "another chip"},
		"other chip, JSON":    {[]byte(`{"KEY_PURPOSE_0": {"value": 1}}`), "another chip"},
		"other chip, text":    {[]byte("SPI_BOOT_CRYPT_CNT (BLOCK0)      x    = Disable R/W (0b000)\n"), "another chip"},
		"other chip's block":  {[]byte("MAC (BLOCK1)      x    = 00:00:00:00:00:00 (CRC 0x00 OK) R/W\n"), "another chip"},
		"hidden count":        {[]byte(strings.Replace(text, "= 1 R/W (0b0000001)", "= ? -/W (0b0000000)", 1)), "cannot be read-protected"},
		"hidden, but RD_DIS":  {[]byte(strings.Replace(text, "= 15 R/W (0xf)", "= ? -/W (0x0)", 1)), "RD_DIS contradicts"},
		"edited":              {[]byte(strings.Replace(text, "= 0 R/W (0x00000000)", "= 1 R/W (0x00000001)", 1)), "contradicts another field of BLOCK3"},
		"edited scheme":       {[]byte(strings.Replace(text, "(0b00)\nCONSOLE", "(0b01)\nCONSOLE", 1)), "does not go with CODING_SCHEME 1"},
		"no raw value":        {[]byte("FLASH_CRYPT_CNT (BLOCK0)     x    = 1 R/W\n"), "no raw value"},
		"console words":       {[]byte("BLOCK0          (      ) [0 ] dump: 0000000 00\n"), "words of eight"},
		"console, 6 words":    {[]byte("BLOCK0          (      ) [0 ] dump:" + strings.Repeat(" 00000000", 6)), "BLOCK0 has 24 bytes"},
		"console, no BLOCK0":  {[]byte("BLOCK1          (      ) [1 ] dump:" + strings.Repeat(" 00000000", 8)), "BLOCK0 has 0 bytes"},
	} {
		d, err := efuse.ParseDump(c.file)
		require.Nil(t, d, name)
		var format *efuse.FormatError
		require.ErrorAs(t, err, &format, name)
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), "08 2e 1b", "a key in an error")
	}
}

// What a terminal or a shell makes of the tools' output is read all the same.
func TestParseThroughShells(t *testing.T) {
	want := parse(t, stateFile(t, "coding34-visible.virt")).Set
	text := string(stateFile(t, "coding34-visible.v5.txt"))
	object := string(stateFile(t, "coding34-visible.v5.json"))
	banner := "espefuse v5.3.1\n\n=== Run \"summary\" command ===\n"
	for name, file := range map[string][]byte{
		"CRLF":              []byte(strings.ReplaceAll(text, "\n", "\r\n")),
		"UTF-8 mark":        append([]byte{0xEF, 0xBB, 0xBF}, text...),
		"UTF-16 LE":         utf16Bytes(text, 0),
		"UTF-16 BE":         utf16Bytes(text, 1),
		"JSON from stdout":  []byte(banner + object + "\n\n"),
		"JSON, UTF-16":      utf16Bytes(object, 0),
		"coloured":          []byte(strings.ReplaceAll(text, "R/W", "\x1b[1mR/W\x1b[0m")),
		"read error marked": []byte(strings.ReplaceAll(text, "(BLOCK1)", "(BLOCK1)[error]")),
	} {
		require.True(t, parse(t, file).Set.Equal(want), name)
	}
}

func utf16Bytes(text string, low int) []byte {
	out := make([]byte, 2)
	out[low], out[1-low] = 0xFF, 0xFE
	for _, u := range utf16.Encode([]rune(text)) {
		pair := make([]byte, 2)
		pair[low], pair[1-low] = byte(u), byte(u>>8)
		out = append(out, pair...)
	}
	return out
}

// A summary of some fields says which are missing, and what it does not show is
// unknown rather than zero.
func TestFilteredSummary(t *testing.T) {
	for _, file := range []string{
		"FLASH_CRYPT_CNT (BLOCK0)     x    = 7 R/W (0b0000111)\nBLOCK1 (BLOCK1)   x\n   = " + strings.Repeat("?? ", 24) + "-/- \n",
		`{"FLASH_CRYPT_CNT": {"raw_value": "0x07", "readable": true}, "BLOCK1": {"value": "??", "readable": false}}`,
	} {
		d := parse(t, []byte(file))
		require.Equal(t, uint8(7), d.Set.FlashCryptCnt())
		require.True(t, d.Set.KeyReadProtected(1), "a hidden key tells RD_DIS")
		require.Equal(t, [efuse.BlockCount]bool{1: true, 2: true, 3: true}, d.Hidden)
		require.Contains(t, d.Missing, "WR_DIS")
		require.Contains(t, d.Missing, "BLOCK2")
		require.NotContains(t, d.Missing, "FLASH_CRYPT_CNT")
		require.NotContains(t, d.Missing, "BLOCK1")
	}
	d := parse(t, []byte("BLOCK1 (BLOCK1)   x\n   = "+strings.Repeat("01 ", 24)+"R/W \n"))
	require.Equal(t, efuse.Coding34, d.Set.CodingScheme(), "by the length of the block")
}

// WAFER_VERSION_MAJOR gives away the revision bit that is no eFuse, when two
// values of it would differ.
func TestRevisionBitOfSummary(t *testing.T) {
	d := parse(t, stateFile(t, "rev3.v5.json"))
	require.True(t, d.APBKnown)
	require.True(t, d.APBRevision)
	require.Equal(t, uint8(3), d.Set.Revision(d.APBRevision).Major)
	require.False(t, parse(t, stateFile(t, "blank.v5.json")).APBKnown)
	require.False(t, parse(t, stateFile(t, "rev3.virt")).APBKnown, "no such register in the file")
	text := strings.Replace(string(stateFile(t, "rev3.v5.txt")), "= 3 R/W (0b011)", "= 2 R/W (0b010)", 1)
	d = parse(t, []byte(text))
	require.True(t, d.APBKnown)
	require.False(t, d.APBRevision)
}

func TestSplitDump(t *testing.T) {
	joint := stateFile(t, "coding34-visible.dump")
	blocks := [efuse.BlockCount][]byte{joint[:28], joint[28:52], joint[52:76], joint[76:]}
	d, err := efuse.ParseSplit(blocks)
	require.NoError(t, err)
	require.Equal(t, efuse.FormatSplit, d.Format)
	require.True(t, d.Set.Equal(parse(t, joint).Set))
	blocks[1] = nil
	d, err = efuse.ParseSplit(blocks)
	require.NoError(t, err)
	require.Equal(t, [efuse.BlockCount]bool{1: true}, d.Hidden)
	for _, wrong := range [][efuse.BlockCount][]byte{{}, {joint[:24]}, {joint[:28], joint[:32]}, {joint[:28], {}}} {
		_, err = efuse.ParseSplit(wrong)
		var format *efuse.FormatError
		require.ErrorAs(t, err, &format, fmt.Sprint(len(wrong[0]), len(wrong[1])))
	}
}

func TestLookup(t *testing.T) {
	for name, want := range map[string]string{
		"ENCRYPT_CONFIG": "FLASH_CRYPT_CONFIG", "DISABLE_JTAG": "JTAG_DISABLE", "MAC_FACTORY": "MAC",
		"BLK2": "BLOCK2", "secure_boot_v2": "BLOCK2", "flash_encryption": "BLOCK1", "ENCRYPT_FLASH_KEY": "BLOCK1",
		"MAC_CUSTOM_VER": "MAC_VERSION", "SDIO_FORCE": "XPD_SDIO_FORCE",
	} {
		require.Equal(t, want, lookup(t, name).Name, name)
	}
	names := map[string]string{}
	for _, f := range efuse.Fields() {
		for _, name := range f.Names() {
			require.Empty(t, names[name], "%s is two fields", name)
			names[name] = f.Name
		}
	}
	_, err := efuse.Lookup(strings.Repeat("x", 1<<20))
	require.Less(t, len(err.Error()), 200)
}

// The largest input of the worst kinds takes no noticeable time or memory.
func TestHostileInputIsCheap(t *testing.T) {
	const size = 256 << 10
	for name, line := range map[string]string{
		"fields":  "FLASH_CRYPT_CNT (BLOCK0) x = 1 R/W (0b1)\n",
		"hidden":  "BLOCK1 = ?? -/-\n",
		"unknown": "FLASH_CRYPT_CTN (BLOCK0) x = 1 R/W (0b1)\n",
		"console": "BLOCK0 () [0 ] dump: 00000000 00000000 00000000 00000000 00000000 00000000 00000000\n",
		"equals":  "MAC" + strings.Repeat(" = R/W", 40) + "\n",
		"braces":  strings.Repeat(`{"a":`, 50) + "\n",
		"escapes": "\x1b[1;2;3m\x1b[",
		"keys":    "",
	} {
		text := strings.Repeat(line, size/max(1, len(line)))
		if name == "keys" {
			var b strings.Builder
			for i := 0; b.Len() < size-20; i++ {
				fmt.Fprintf(&b, `,"K%d":1`, i)
			}
			text = "{" + b.String()[1:] + "}"
		}
		start := time.Now()
		_, _ = efuse.ParseDump([]byte(text))
		require.Less(t, time.Since(start), 2*time.Second, name)
	}
}
