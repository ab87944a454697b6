package efuse

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Format is a form in which tools hand eFuses around.
type Format uint8

// The forms that ParseDump knows.
const (
	FormatJoint   Format = iota // `dump --format joint`: 124 bytes, or 100 under 3/4 coding
	FormatSplit                 // `dump --format split`: one file a block
	FormatVirtual               // `--virt --path-efuse-file`: 288 bytes of registers
	FormatJSON                  // `summary --format json`
	FormatSummary               // `summary` as text
	FormatConsole               // `dump` as text
)

// String describes the form.
func (f Format) String() string {
	switch f {
	case FormatJoint:
		return "joint eFuse dump"
	case FormatSplit:
		return "split eFuse dump"
	case FormatVirtual:
		return "virtual eFuse file"
	case FormatJSON:
		return "JSON eFuse summary"
	case FormatSummary:
		return "eFuse summary"
	}
	return "eFuse console dump"
}

// Dump is what a file told about a chip's eFuses. A dump shows what software
// can read, so a protected key is not in it: it is then zero in Set, and Hidden
// tells so. Fill it in with Set.PlaceFlashKey or Set.PlaceData.
type Dump struct {
	Set    *Set
	Format Format
	// Hidden tells, by block, what could not be known because it was
	// read-protected, or because the file has nothing on that block. Of BLOCK0
	// that concerns FLASH_CRYPT_CONFIG, CODING_SCHEME, KEY_STATUS and
	// BLK3_PART_RESERVE alone.
	Hidden [BlockCount]bool
	// Missing names the fields on which a summary is silent, because it was
	// filtered or written by an old tool. They count as zero.
	Missing []string
	// APBRevision is the third bit of the chip revision, which is no eFuse, if
	// APBKnown: a summary with WAFER_VERSION_MAJOR gives it away.
	APBRevision, APBKnown bool
}

// FormatError tells that a file is none that ParseDump can read, or contradicts
// itself.
type FormatError struct {
	What   string // the form it was taken for
	Offset int    // byte or line, 0 when it concerns the whole file
	Reason string
}

// Error says what is wrong and what to give instead.
func (e *FormatError) Error() string {
	if e.Offset != 0 {
		return fmt.Sprintf("%s, at %d: %s", e.What, e.Offset, e.Reason)
	}
	return fmt.Sprintf("%s: %s", e.What, e.Reason)
}

// maxText is the largest text taken for a summary, in bytes. Real ones have
// some 20 KiB.
const maxText = 256 << 10

// ParseDump recognises a file by its content and reads it: binary dumps and
// virtual eFuse files of espefuse, its summaries as JSON and as text (of v2.8 to
// v5), and the hexadecimal output of `dump`. *FormatError otherwise.
func ParseDump(b []byte) (*Dump, error) {
	if len(b) == 0 {
		return nil, &FormatError{What: "eFuse dump", Reason: "the file is empty"}
	}
	if len(b) > maxText {
		return nil, &FormatError{What: "eFuse dump", Reason: "the file is larger than 256 KiB: give what `espefuse dump` or `espefuse summary` wrote"}
	}
	text, ok := asText(b)
	if !ok {
		return parseBinary(b)
	}
	if start := jsonStart(text); start >= 0 {
		return parseJSON(text[start:])
	}
	if d, err := parseConsole(text); d != nil || err != nil {
		return d, err
	}
	return parseSummary(text)
}

func parseBinary(b []byte) (*Dump, error) {
	switch len(b) {
	case Block0Size + 3*BlockSize, Block0Size + 3*24:
		return parseJoint(b)
	case virtualSize:
		return parseVirtual(b)
	case Block0Size, BlockSize, 24:
		return nil, &FormatError{What: "eFuse dump", Reason: fmt.Sprintf(
			"%d bytes are one block of a split dump: give the files of all four blocks", len(b))}
	}
	return nil, &FormatError{What: "eFuse dump", Reason: fmt.Sprintf(
		"%d bytes are no form of dump: expected 124 bytes (100 under 3/4 coding) of `espefuse dump --format joint`, "+
			"288 of a virtual eFuse file, or the text or JSON of `espefuse summary`", len(b))}
}

// asText returns text as UTF-8, without byte order mark and carriage returns,
// or false for binary data. Redirecting in PowerShell makes UTF-16 of it.
func asText(b []byte) ([]byte, bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		b = fromUTF16(b[2:], 0)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		b = fromUTF16(b[2:], 1)
	}
	b = bytes.TrimPrefix(b, []byte{0xEF, 0xBB, 0xBF})
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x1B || c == 0x7F {
			return nil, false
		}
	}
	return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), utf8.Valid(b)
}

// fromUTF16 decodes UTF-16 whose low byte comes at index low of each pair.
func fromUTF16(b []byte, low int) []byte {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i+low]) | uint16(b[2*i+1-low])<<8
	}
	return []byte(string(utf16.Decode(units)))
}

// jsonStart returns where a JSON object starts: at the top, or at the start of
// a line below the tool's banner; -1 for none.
func jsonStart(text []byte) int {
	if t := bytes.TrimLeft(text, " \t\n"); len(t) > 0 && t[0] == '{' {
		return len(text) - len(t)
	}
	if i := bytes.Index(text, []byte("\n{")); i >= 0 {
		return i + 1
	}
	return -1
}
