package input

import (
	"strings"
)

// description is what a file or a command line says of one image set.
type description struct {
	source   string   // the file that says so, or "--flash-args"
	kind     string   // "flasher_args.json", in words for messages
	bases    []string // folders that file names may be relative to, the likeliest first
	chip     string   // as esptool spells it, "esp32"; empty: not said
	settings flashSettings
	writes   []write
	build    bool   // made by the build of the images: its table offset is the bootloader's
	name     string // of the lot, if the description gives one
	explicit bool   // the user wrote it: a file that is missing is an error
	assumed  []string
}

// write is one file of a description.
type write struct {
	address uint32
	file    string
	role    string
	encrypt bool
	line    int
}

// foreign tells whether a description is for another chip.
func (d *description) foreign() bool {
	return d.chip != "" && d.chip != "esp32" && d.chip != "auto"
}

// officialChip spells a chip as its maker does: esp32s3 is ESP32-S3.
func officialChip(chip string) string {
	c := strings.ToUpper(chip)
	if rest, ok := strings.CutPrefix(c, "ESP32"); ok && rest != "" && rest[0] != '-' {
		return "ESP32-" + rest
	}
	return c
}

// roleFromName returns the role of a file by the conventional names that tools
// give; empty for others.
func roleFromName(file string) string {
	n := readName(slashed(file))
	if n.role == roleApp {
		return ""
	}
	return n.role
}

// slashed turns the separators of Windows paths.
func slashed(file string) string { return strings.ReplaceAll(file, `\`, "/") }

// has tells whether a description writes to an address.
func (d *description) has(address uint32) bool {
	for _, w := range d.writes {
		if w.address == address {
			return true
		}
	}
	return false
}

// hasBootloader tells whether something is written where the ROM reads, or
// from 0x0 on, as merged images are.
func (d *description) hasBootloader() bool { return d.has(bootloaderAddress) || d.has(0) }

// essential tells files without which a device cannot boot from those that an
// application misses at most. What is not known counts as an application.
func essential(w write) bool {
	role := w.role
	if role == "" {
		role = roleFromName(w.file)
	}
	switch role {
	case roleBootloader, roleTable, roleApp:
		return true
	case "":
		return !looksLikeData(w.file)
	}
	return false
}

// looksLikeData tells files of data partitions by the words in their names.
func looksLikeData(file string) bool {
	n := readName(slashed(file)).stem
	for _, word := range []string{"spiffs", "littlefs", "fatfs", "storage", "nvs", "phy", "www", "data", "blank", "fs"} {
		if strings.Contains(n, word) {
			return true
		}
	}
	return false
}
