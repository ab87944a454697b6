package efuse

import (
	"fmt"
	"slices"
)

// assembler gathers what a summary says about single fields. Fields overlap, so
// it notices when a file contradicts itself.
type assembler struct {
	format      Format
	data, known [BlockCount][BlockSize]byte
	blockLen    [BlockCount]int // bytes of a whole block as listed, 0 for none
	seen        []string
	major       int // WAFER_VERSION_MAJOR, -1 for none
	index       map[string]Field
}

func newAssembler(format Format) *assembler {
	a := &assembler{format: format, major: -1, index: map[string]Field{}}
	for _, f := range fieldTable() {
		for _, name := range f.Names() {
			a.index[name] = f
		}
	}
	return a
}

// put adds the bits of a field, least significant byte first.
func (a *assembler) put(f Field, value []byte, at int) error {
	a.seen = append(a.seen, f.Name)
	n := f.Len
	if f.WholeBlock() {
		if len(value) != 32 && len(value) != 24 {
			return a.fail(at, "%s has %d bytes, not 32 or 24", f.Name, len(value))
		}
		n = 8 * len(value)
		a.blockLen[f.Block] = len(value)
	}
	return a.merge(f, insert(value, f.Bit, n), insert(ones(n), f.Bit, n), at)
}

func (a *assembler) merge(f Field, value, mask [BlockSize]byte, at int) error {
	both := intersect(mask, a.known[f.Block])
	if intersect(value, both) != intersect(a.data[f.Block], both) {
		return a.fail(at, "%s contradicts another field of BLOCK%d: the file was edited or put together from two", f.Name, f.Block)
	}
	a.data[f.Block] = union(a.data[f.Block], value)
	a.known[f.Block] = union(a.known[f.Block], mask)
	return nil
}

// hide notes that a field is read-protected: its bit of RD_DIS is burnt.
func (a *assembler) hide(f Field, at int) error {
	a.seen = append(a.seen, f.Name)
	if f.ReadBit < 0 {
		return a.fail(at, "%s cannot be read-protected on an ESP32: is this the summary of another chip?", f.Name)
	}
	rd := a.index["RD_DIS"]
	bit := insert([]byte{1}, rd.Bit+f.ReadBit, 1)
	return a.merge(rd, bit, bit, at)
}

// number adds a field whose bits are v.
func (a *assembler) number(f Field, v uint64, at int) error {
	if f.Derived {
		a.seen = append(a.seen, f.Name)
		if f.Name == "WAFER_VERSION_MAJOR" {
			a.major = int(min(v, 8))
		}
		return nil
	}
	if f.Len < 64 && v>>f.Len != 0 {
		return a.fail(at, "0x%x is too large for the %d bits of %s: is this the summary of another chip?", v, f.Len, f.Name)
	}
	value := make([]byte, (f.Len+7)/8)
	for i := range min(len(value), 8) {
		value[i] = byte(v >> (8 * i))
	}
	return a.put(f, value, at)
}

func (a *assembler) fail(at int, format string, args ...any) error {
	return &FormatError{What: a.format.String(), Offset: at, Reason: fmt.Sprintf(format, args...)}
}

// dump makes the eFuses out of what was gathered.
func (a *assembler) dump() (*Dump, error) {
	if len(a.seen) == 0 {
		return nil, a.fail(0, "no eFuse field of an ESP32 found: "+
			"give the output of `espefuse summary`, as text or with --format json, or of `espefuse dump`")
	}
	if err := a.scheme(); err != nil {
		return nil, err
	}
	s := New()
	s.place(0, a.data[0])
	for block := 1; block < BlockCount; block++ {
		s.place(block, s.CodingScheme().encode(a.data[block]))
	}
	d := &Dump{Set: s, Format: a.format, Hidden: s.hiddenBlocks(), Missing: a.missing(s)}
	for block := 1; block < BlockCount; block++ {
		if a.known[block] == [BlockSize]byte{} {
			d.Hidden[block] = true
		}
	}
	d.APBRevision, d.APBKnown = a.apbBit(s)
	return d, nil
}

// scheme checks the length of whole blocks against CODING_SCHEME, or finds the
// scheme by it when the summary does not name one.
func (a *assembler) scheme() error {
	f := a.index["CODING_SCHEME"]
	for block, n := range a.blockLen {
		if n == 0 {
			continue
		}
		if !slices.Contains(a.seen, f.Name) && n == 24 {
			if err := a.number(f, uint64(Coding34), 0); err != nil {
				return err
			}
		}
		scheme := CodingScheme(extract(a.data[0], f))
		if n != dumpSize(scheme) {
			return a.fail(0, "BLOCK%d has %d bytes, which does not go with CODING_SCHEME %d (%s)", block, n, scheme, scheme)
		}
	}
	return nil
}

// missing lists the fields that nothing was said about.
func (a *assembler) missing(s *Set) (names []string) {
	for _, f := range fieldTable() {
		n := s.FieldLen(f)
		mask := insert(ones(n), f.Bit, n)
		covered := intersect(a.known[f.Block], mask) == mask
		if !f.Derived && !covered && s.Readable(f) {
			names = append(names, f.Name)
		}
	}
	return names
}

// apbBit finds the third revision bit that makes the major version what the
// tool printed.
func (a *assembler) apbBit(s *Set) (set, known bool) {
	with, without := int(s.Revision(true).Major), int(s.Revision(false).Major)
	if a.major < 0 || with == without || a.major != with && a.major != without {
		return false, false
	}
	return a.major == with, true
}
