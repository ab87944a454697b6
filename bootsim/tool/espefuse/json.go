package espefuse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/bootsim/bootsim/emu/efuse"
)

// jsonSummary is the summary as JSON, without a line feed at the end.
func (s *session) jsonSummary(names []string) string {
	entries := map[string]any{}
	for _, f := range s.chip.fields {
		if len(names) == 0 || slices.Contains(names, f.Name) {
			entries[f.Name] = s.jsonEntry(f)
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	_ = encoder.Encode(entries) // of these types nothing can fail
	return ascii(strings.TrimSuffix(out.String(), "\n"))
}

func (s *session) jsonEntry(f efuse.Field) map[string]any {
	entry := map[string]any{
		"name": f.Name, "value": s.chip.value(f), "raw_value": s.rawText(f),
		"readable": s.chip.shown.Readable(f), "writeable": s.chip.shown.Writeable(f),
		"description": s.chip.describe(f), "category": f.Category, "block": f.Block,
		"word": f.Bit / 32, "pos": f.Bit % 32,
		"efuse_type": s.chip.typeText(f), "bit_len": s.chip.shown.FieldLen(f),
	}
	if f.Derived {
		entry["word"], entry["pos"] = nil, nil
	}
	return entry
}

// rawText is a field's bits in hexadecimal; of bytes the first comes first.
func (s *session) rawText(f efuse.Field) string {
	v := s.chip.bits(f)
	if f.Kind == efuse.Bytes {
		return fmt.Sprintf("0x%x", v.bytes())
	}
	return fmt.Sprintf("0x%0*x", (v.n+3)/4, v.int())
}

// ascii escapes what is not ASCII, as the reference's JSON does.
func ascii(text string) string {
	var out strings.Builder
	for _, r := range text {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, "\\u%04x", unit)
		}
	}
	return out.String()
}
