package esptool

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/bootsim/bootsim/bootsim/input/ihex"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// sectorSize is what files may not share, in bytes.
const sectorSize = 4096

// part is a file, or a part of an Intel HEX file, and where it belongs.
type part struct {
	addr uint64
	name string // as the reference calls it
	file string // the file that was read
	data []byte
}

// pairs reads pairs of an address and a file, which messages call label. Files
// in Intel HEX are taken apart; their addresses count, not the one before the
// file.
func (s *session) pairs(label string, words []string) ([]part, error) {
	if len(words)%2 != 0 {
		return nil, s.invalid(label, "Must be pairs of an address and the binary filename to write there.")
	}
	var parts []part
	for i := 0; i < len(words); i += 2 {
		addr, ok := cli.ParseInt(words[i])
		if !ok {
			return nil, s.invalid(label, "Address \"%s\" must be a number.", words[i])
		}
		if !addr.IsUint64() || addr.BitLen() > 32 {
			return nil, s.invalid(label, "Address \"%s\" is none in flash: want 0 to 0xffffffff.", words[i])
		}
		more, err := s.open(label, words[i+1], addr.Uint64())
		if err != nil {
			return nil, err
		}
		parts = append(parts, more...)
	}
	return parts, s.checkOverlap(label, parts)
}

// invalid makes an error about the value of an option or argument.
func (s *session) invalid(label, format string, args ...any) error {
	return s.tool.Invalid(s.env, s.command, label, format, args...)
}

// open reads a file for an address.
func (s *session) open(label, name string, addr uint64) ([]part, error) {
	b, err := s.read(name)
	if err != nil {
		return nil, s.invalid(label, "%s", err)
	}
	regions, err := hexRegions(name, b)
	if err != nil {
		return nil, s.invalid(label, "%s", err)
	}
	if regions == nil {
		return []part{{addr: addr, name: name, file: name, data: b}}, nil
	}
	parts := make([]part, len(regions))
	for i, r := range regions {
		parts[i] = part{uint64(r.Address), fmt.Sprintf("%s@%#x", name, r.Address), name, r.Data}
	}
	return parts, nil
}

// read returns the content of a file, with an error in Python's words.
func (s *session) read(name string) ([]byte, error) {
	b, err := s.env.ReadInput(name, maxFile)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: '%s'", cli.Errno(err), name)
	case len(b) > maxFile:
		return nil, fmt.Errorf("'%s' is larger than 64 MB, which no flash of an ESP32 holds", name)
	}
	return b, nil
}

// hexRegions takes an Intel HEX file apart; nil for any other file. A file that
// begins like Intel HEX and is damaged further on is an error: the reference
// would take its text for an image.
func hexRegions(name string, b []byte) ([]ihex.Region, error) {
	if len(b) == 0 || b[0] != ':' || !ihex.Looks(b) {
		return nil, nil
	}
	regions, err := ihex.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s begins as an Intel HEX file, but is damaged: %w", name, err)
	}
	if regions == nil {
		return nil, fmt.Errorf("%s is an Intel HEX file that holds no data", name)
	}
	return regions, nil
}

// checkOverlap refuses files that lie in the same sector.
func (s *session) checkOverlap(label string, parts []part) error {
	sorted := byAddress(parts)
	end := int64(0)
	for _, p := range sorted {
		first := int64(p.addr) &^ (sectorSize - 1)
		if first < end {
			return s.invalid(label, "Detected overlap at address: %#x for file: %s.", p.addr, p.name)
		}
		end = (int64(p.addr)+int64(len(p.data))+sectorSize-1)&^(sectorSize-1) - 1
	}
	return nil
}

// byAddress returns the parts sorted; the order of equal addresses stays.
func byAddress(parts []part) []part {
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, func(a, b part) int {
		switch {
		case a.addr < b.addr:
			return -1
		case a.addr > b.addr:
			return 1
		}
		return 0
	})
	return sorted
}

// checkOutput refuses an output that is one of the inputs. The reference
// empties such a file before it reads it.
func (s *session) checkOutput(output string, parts []part) error {
	for _, p := range parts {
		if s.env.SameFile(output, p.file) || filepath.Clean(output) == filepath.Clean(p.file) {
			return cli.Fatalf("%s is an input file: name another file for the output", output)
		}
	}
	return nil
}
