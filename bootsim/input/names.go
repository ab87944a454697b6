package input

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// Roles of files, as in bootsim.Placement.
const (
	roleBootloader = "bootloader"
	roleTable      = "partition-table"
	roleOTAData    = "otadata"
	roleApp        = "app"
)

// fileName is what the name of a file tells of it.
type fileName struct {
	stem     string // in lower case, without .bin and the like
	role     string // empty: the name says nothing
	prefix   string // in front of the role's word, "x.ino" of x.ino.partitions.bin
	unsigned bool   // left over from before signing
	digest   bool   // bootloader with the secure boot V1 digest in front
	address  *uint32
}

// readName takes a name apart.
func readName(path string) fileName {
	name := filepath.Base(path)
	n := fileName{stem: strings.ToLower(stem(name))}
	words := strings.FieldsFunc(n.stem, func(r rune) bool { return strings.ContainsRune("-_. @", r) })
	n.role, n.prefix = roleOfName(n.stem, words)
	for _, w := range words {
		n.unsigned = n.unsigned || w == "unsigned"
		n.digest = n.digest || strings.Contains(w, "digest")
	}
	if a, ok := addressInName(name); ok {
		n.address = &a
	}
	return n
}

// stem returns a file name without the endings that image files carry.
func stem(name string) string {
	for _, ending := range imageEndings() {
		if len(name) > len(ending) && strings.EqualFold(name[len(name)-len(ending):], ending) {
			return name[:len(name)-len(ending)]
		}
	}
	return name
}

func imageEndings() []string {
	return []string{".bin", ".img", ".hex", ".ihex", ".uf2", ".raw", ".rom", ".dump", ".bin.encrypted", ".enc"}
}

// isImageName tells which files of a folder are looked into.
func isImageName(name string) bool {
	return stem(name) != name
}

// roleOfName finds the role that a name states.
func roleOfName(stem string, words []string) (role, prefix string) {
	for _, t := range []struct{ role, word string }{
		{roleOTAData, "boot_app0"}, {roleOTAData, "bootapp0"}, {roleOTAData, "ota_data"}, {roleOTAData, "otadata"},
		{roleOTAData, "ota-data"}, {roleBootloader, "bootload"}, {roleBootloader, "2ndboot"}, {roleTable, "partitio"},
	} {
		if at := strings.Index(stem, t.word); at >= 0 {
			return t.role, strings.TrimRight(stem[:at], "-_. @")
		}
	}
	for _, w := range words {
		switch w {
		case "boot":
			role = roleBootloader
		case "tab", "table", "ptable", "parttable", "parttab":
			role = roleTable
		case "app", "firmware":
			role = roleApp
		default:
			continue
		}
		return role, ""
	}
	return "", ""
}

// addressPattern finds 0x10000 in app_0x10000.bin, also right behind a word:
// digest0x0.bin.
var addressPattern = pattern.Of(`(?i)0x([0-9a-f]{1,8})(?:[^0-9a-z]|$)`)

// addressInName returns the flash address that a name states. Of two numbers
// the second is taken for an end or a size.
func addressInName(name string) (uint32, bool) {
	all := addressPattern.FindAllStringSubmatch(stem(name), 3)
	if len(all) == 0 || len(all) > 2 {
		return 0, false
	}
	v, err := strconv.ParseUint(all[0][1], 16, 32)
	if err != nil || v >= maxFlash {
		return 0, false
	}
	return uint32(v), true
}

// bareAddress reads a name such as 1000-bootloader.bin: a hexadecimal number of
// four to six digits at its start or end, at a sector boundary. Such numbers
// can mean other things, so they count only where the role agrees.
func bareAddress(n fileName) (uint32, bool) {
	first, _, _ := strings.Cut(strings.NewReplacer("_", "-", ".", "-", " ", "-", "@", "-").Replace(n.stem), "-")
	v, err := strconv.ParseUint(first, 16, 32)
	if err != nil || len(first) < 4 || len(first) > 6 || v%sectorSize != 0 || v == 0 {
		return 0, false
	}
	return uint32(v), n.role == roleBootloader && v == bootloaderAddress ||
		n.role == roleTable && v >= defaultTable || n.role == roleOTAData || n.role == roleApp && v >= defaultApp
}
