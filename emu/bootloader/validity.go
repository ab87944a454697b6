package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// imageKind tells whose header is checked.
type imageKind bool

const (
	ownImage imageKind = true
	appImage imageKind = false
)

// anyRevision in max_chip_rev_full stands for no limit, as does 0.
const anyRevision = 0xFFFF

func (s *session) revision() efuse.Revision { return s.dev.Efuses.Revision(s.dev.APBRevision) }

// checkValidity is bootloader_common_check_chip_validity: chip id and
// revisions of an image header (spec 2.3). what says where the header lies.
func (s *session) checkValidity(h espimage.Header, kind imageKind, what emu.Refusal) bool {
	ok := h.ChipID == espimage.ChipESP32
	if !ok {
		what.Reason = pick(kind, emu.ReasonBootChipID, emu.ReasonAppChipID)
		what.Want, what.Got = espimage.ChipESP32, uint64(h.ChipID)
		s.refuse(what, msgChipIDMismatch, espimage.ChipESP32, h.ChipID)
	}
	if !s.p.has(featRevisionFull) {
		return s.checkMajor(h, kind, what) && ok
	}
	return ok && s.checkFull(h, kind, what)
}

// checkMajor compares major revisions. It runs whether or not the chip id is right.
func (s *session) checkMajor(h espimage.Header, kind imageKind, what emu.Refusal) bool {
	rev := s.revision()
	switch {
	case rev.Major < h.MinRev:
		what.Reason = pick(kind, emu.ReasonBootRevision, emu.ReasonAppMinRevision)
		what.Want, what.Got = uint64(h.MinRev)*100, uint64(rev.Full())
		s.refuse(what, msgRevisionLow, rev.Major, h.MinRev)
		return false
	case rev.Major != h.MinRev:
		s.log(msgRevisionNote, rev.Major, pick(kind, "bootloader", "application"), h.MinRev)
	}
	return true
}

// checkFull compares major*100+minor with both limits. A bootloader has no
// upper limit.
func (s *session) checkFull(h espimage.Header, kind imageKind, what emu.Refusal) bool {
	rev := s.revision()
	have, ok := rev.Full(), true
	if have < h.MinRevFull {
		what.Reason = pick(kind, emu.ReasonBootRevision, emu.ReasonAppMinRevision)
		what.Want, what.Got = uint64(h.MinRevFull), uint64(have)
		s.refuse(what, msgRevisionLow, h.MinRevFull/100, h.MinRevFull%100, rev.Major, rev.Minor)
		ok = false
	}
	limit := h.MaxRevFull
	if kind == appImage && s.p.has(featRevisionMax) && limit != 0 && limit != anyRevision && have > limit {
		what.Reason, what.Want, what.Got = emu.ReasonAppMaxRevision, uint64(limit), uint64(have)
		s.refuse(what, msgRevisionHigh, limit/100, limit%100, rev.Major, rev.Minor)
		ok = false
	}
	return ok
}

func pick[T any](kind imageKind, own, app T) T {
	if kind == ownImage {
		return own
	}
	return app
}
