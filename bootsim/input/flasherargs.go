package input

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// flasherEntry is a named file of flasher_args.json.
type flasherEntry struct {
	Offset json.RawMessage // "0x1000", or a number in hand-written files
	File   string
}

func (e flasherEntry) address() (uint32, error) {
	return parseOffset(strings.Trim(string(e.Offset), `"`))
}

// parseFlasherArgs reads ESP-IDF's flasher_args.json (v3.1 to v6.0). What
// "flash_files" lists is written; the named entries give roles, and complete a
// list that leaves the bootloader out as secure boot builds do.
//
// "encrypted": "true" marks what "idf.py encrypted-flash" makes the chip
// encrypt. Plain "idf.py flash" and the factory write these files as they are,
// and the first boot encrypts them, so they count as raw here; the
// encrypted_flash_args file next to it describes the other way.
func parseFlasherArgs(text string) (*description, error) {
	fields, err := objectOf(text)
	if err != nil {
		return nil, err
	}
	d := &description{kind: "flasher_args.json", build: true}
	var files map[string]string
	if raw, ok := fields["flash_files"]; ok {
		if err := json.Unmarshal(raw, &files); err != nil {
			return nil, fmt.Errorf("flash_files: expected addresses with file names: %w", err)
		}
	}
	entries, err := flasherEntries(fields)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 && len(entries) == 0 {
		return nil, fmt.Errorf("lists no files to flash")
	}
	if err := d.setFiles(files, entries); err != nil {
		return nil, err
	}
	d.setFlasherOptions(fields)
	return d, nil
}

// objectOf decodes the top level of a JSON object.
func objectOf(text string) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(strings.TrimPrefix(text, "\uFEFF")), &fields); err != nil {
		return nil, fmt.Errorf("not valid JSON: %w", err)
	}
	return fields, nil
}

// isFlasherArgs tells flasher_args.json from other JSON by its fields.
func isFlasherArgs(fields map[string]json.RawMessage) bool {
	_, files := fields["flash_files"]
	_, args := fields["write_flash_args"]
	return files || args
}

// flasherEntries returns the named entries: the fields with offset and file.
func flasherEntries(fields map[string]json.RawMessage) (map[string]flasherEntry, error) {
	entries := map[string]flasherEntry{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		raw := fields[name]
		if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
			continue
		}
		var e flasherEntry
		if json.Unmarshal(raw, &e) != nil || e.File == "" || len(e.Offset) <= len(`""`) {
			continue
		}
		if _, err := e.address(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		entries[name] = e
	}
	return entries, nil
}

// parseOffset reads an address in a string, "0x1000" or decimal.
func parseOffset(s string) (uint32, error) {
	v, err := strconv.ParseUint(strings.ToLower(strings.TrimSpace(s)), 0, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is no flash address", clip(s))
	}
	return uint32(v), nil
}

// setFiles fills in the writes, by address. Entries with neither address nor
// file stand for options that are off (v3.1).
func (d *description) setFiles(files map[string]string, entries map[string]flasherEntry) error {
	for _, offset := range slices.Sorted(maps.Keys(files)) {
		file := files[offset]
		if strings.TrimSpace(offset) == "" || file == "" {
			continue
		}
		address, err := parseOffset(offset)
		if err != nil {
			return fmt.Errorf("flash_files: %w", err)
		}
		d.writes = append(d.writes, write{address: address, file: file})
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		d.addEntry(roleOfEntry(name), entries[name], len(files) == 0)
	}
	slices.SortFunc(d.writes, func(a, b write) int {
		return cmp.Or(cmp.Compare(a.address, b.address), cmp.Compare(a.file, b.file))
	})
	return nil
}

// addEntry gives a listed file its role. An entry that is not listed is added
// when nothing is listed at all, or when it is the bootloader.
func (d *description) addEntry(role string, e flasherEntry, all bool) {
	address, _ := e.address() // read without error before
	for i := range d.writes {
		if d.writes[i].address == address && d.writes[i].file == e.File {
			d.writes[i].role = role
			return
		}
	}
	if !all && role != roleBootloader {
		return
	}
	d.writes = append(d.writes, write{address: address, file: e.File, role: role})
	if !all {
		d.assumed = append(d.assumed, "flasher_args.json does not flash the bootloader along, as secure boot builds do not; taken as flashed before, from "+e.File)
	}
}

// roleOfEntry spells a role as bootsim does: v3 and v4.0 have partition_table.
func roleOfEntry(name string) string {
	if strings.ReplaceAll(name, "_", "-") == roleTable {
		return roleTable
	}
	return name
}

// setFlasherOptions reads the chip and the flash settings.
func (d *description) setFlasherOptions(fields map[string]json.RawMessage) {
	var extra struct{ Chip string }
	_ = json.Unmarshal(fields["extra_esptool_args"], &extra) // older files have none
	d.chip = strings.ToLower(strings.ReplaceAll(extra.Chip, "-", ""))
	var args []string
	_ = json.Unmarshal(fields["write_flash_args"], &args)
	for i := 0; i+1 < len(args); i++ {
		v := strings.ToLower(args[i+1])
		switch strings.ReplaceAll(args[i], "_", "-") {
		case "--flash-mode":
			d.settings.mode = v
		case "--flash-freq":
			d.settings.freq = v
		case "--flash-size":
			d.settings.size = v
		}
	}
}

// clip keeps a quotation in an error short.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
