package efuse

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// jsonField is one entry of `espefuse summary --format json`. raw_value exists
// since v4.8 or so.
type jsonField struct {
	Value    any     `json:"value"`
	Raw      *string `json:"raw_value"`
	Readable *bool   `json:"readable"`
	Block    *int    `json:"block"`
	Word     *int    `json:"word"`
	Pos      *int    `json:"pos"`
	BitLen   *int    `json:"bit_len"`
}

// parseJSON reads a JSON summary; lines of the tool may follow the object.
func parseJSON(text []byte) (*Dump, error) {
	a := newAssembler(FormatJSON)
	entries := map[string]json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&entries); err != nil {
		return nil, a.fail(int(decoder.InputOffset()), "not JSON as espefuse writes it: %v", err)
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		f, ok := a.index[name]
		if !ok {
			if foreign(name) {
				return nil, a.fail(0, "%s is an eFuse of another chip than the ESP32", clip(name))
			}
			continue
		}
		var entry jsonField
		if err := json.Unmarshal(entries[name], &entry); err != nil {
			return nil, a.fail(0, "%s is not an entry as espefuse writes it: %v", f.Name, err)
		}
		if err := a.addJSON(f, entry); err != nil {
			return nil, err
		}
	}
	return a.dump()
}

func (a *assembler) addJSON(f Field, e jsonField) error {
	if err := a.checkPlace(f, e); err != nil {
		return err
	}
	if e.Readable != nil && !*e.Readable {
		return a.hide(f, 0)
	}
	if e.Raw == nil {
		return a.addMeaning(f, e.Value)
	}
	if f.Kind == Bytes {
		value, ok := hexBytes(trimHexPrefix(*e.Raw))
		if !ok || !f.WholeBlock() && len(value) != f.Len/8 {
			return a.fail(0, "raw_value of %s is not %d hexadecimal bytes", f.Name, f.Len/8)
		}
		return a.put(f, value, 0)
	}
	v, ok := rawNumber(*e.Raw)
	if !ok {
		return a.fail(0, "raw_value of %s is not a number", f.Name)
	}
	return a.number(f, v, 0)
}

// checkPlace compares where a field lies with where it lies on an ESP32: other
// chips have fields of the same names.
func (a *assembler) checkPlace(f Field, e jsonField) error {
	if f.Derived || e.Block == nil || e.Word == nil || e.Pos == nil {
		return nil
	}
	if *e.Block != f.Block || *e.Word != f.Bit/32 || *e.Pos != f.Bit%32 {
		return a.fail(0, "%s lies at block %d, word %d, bit %d instead of block %d, word %d, bit %d: this is the summary of another chip",
			f.Name, *e.Block, *e.Word, *e.Pos, f.Block, f.Bit/32, f.Bit%32)
	}
	if e.BitLen != nil && *e.BitLen != f.Len && !(f.WholeBlock() && *e.BitLen == 192) {
		return a.fail(0, "%s has %d bits instead of %d: this is the summary of another chip", f.Name, *e.BitLen, f.Len)
	}
	return nil
}

// foreign tells whether a name belongs to the ESP32's successors alone.
func foreign(name string) bool {
	return slices.Contains([]string{"SPI_BOOT_CRYPT_CNT", "BLOCK_KEY0", "BLOCK_USR_DATA", "KEY_PURPOSE_0", "XTS_KEY_LENGTH_256"}, name)
}
