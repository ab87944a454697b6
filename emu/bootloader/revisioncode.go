package bootloader

// Offsets of the two 16-bit limits in an image header, which is packed: code reads
// them byte by byte (esp_image_header_t of v4.4.4 and later). Before them lies the
// byte that earlier versions compare with the major revision.
const (
	minRevAt     = 14
	minRevFullAt = 15
	maxRevFullAt = 17
)

// Revisions is what a silent build's code was seen to read of the revisions that
// an image header asks for. The version decides where nothing was Seen.
type Revisions struct {
	Seen  bool
	Full  bool // the fields with minor revisions, not the one for majors
	Upper bool // the highest revision, too
}

// revisionLimits tells which limits of an image header some function reads by one
// pointer. ok is false where none reads any: then no code tells.
func (p *program) revisionLimits() (full, upper, ok bool) {
	for _, f := range p.graph.Functions() {
		read := map[uint8]uint32{} // a bit for each offset, by pointer
		for _, in := range f.Code {
			if in.Op.Name() == "l8ui" && in.Imm >= minRevAt && in.Imm <= maxRevFullAt+1 {
				read[in.S] |= 1 << in.Imm
			}
		}
		for _, bits := range read {
			switch {
			case bits&(3<<minRevFullAt) == 3<<minRevFullAt && bits&(1<<minRevAt) == 0:
				full, ok = true, true
				upper = upper || bits&(3<<maxRevFullAt) == 3<<maxRevFullAt
			case bits == 1<<minRevAt:
				ok = true
			}
		}
	}
	return full, upper, ok
}

// revisions takes from code how revisions are checked, where no text tells.
func (d *detection) revisions(code *program) {
	if d.p.LogLevel != LogNone {
		return
	}
	full, upper, ok := code.revisionLimits()
	if !ok {
		return
	}
	d.p.features[featRevisionFull], d.p.features[featRevisionMax] = full, upper
	d.p.Revisions = Revisions{Seen: true, Full: full, Upper: upper}
}
