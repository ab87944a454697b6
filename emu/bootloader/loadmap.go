package bootloader

import "github.com/bootsim/bootsim/emu"

// Reasons that a refusal by the memory map gives.
const (
	overlapsStack  = "overlaps bootloader stack"
	overlapsData   = "overlaps bootloader data"
	overlapsLoader = "overlaps loader IRAM"
	badRange       = "bad load address range"
)

// checkMemoryMap is verify_load_addresses of v3.3.6 and v4.1 and later.
func (s *session) checkMemoryMap(im *image, i int, seg segment) error {
	if seg.size == 0 {
		return nil
	}
	start, end := seg.addr, seg.addr+seg.size
	if int32(end) <= int32(start) {
		return s.asserted("verify_load_addresses", "load_end > load_addr")
	}
	start, end, why := s.loadConflict(start, end, false)
	if why == "" {
		return nil
	}
	r := emu.Refusal{Reason: emu.ReasonAppSegmentOverlap, Offset: seg.data, Want: uint64(end), Got: uint64(start)}
	if why == badRange {
		r.Reason = emu.ReasonAppSegmentRange
	}
	return s.refuseImage(im, r, msgLoadInvalid, i, start, end, why)
}

// loadConflict returns why a range cannot be loaded, and the range that the
// reason is about: for D/IRAM that may be the range's other name.
func (s *session) loadConflict(start, end uint32, alias bool) (uint32, uint32, string) {
	last := end
	if s.p.has(featInclusiveEnd) {
		last = end - 1
	}
	m := &s.p.Memory
	switch {
	case s.inDRAM(start) && s.inDRAM(last):
		if regionsOverlap(m.Stack-stackHeadroom, stackTop, start, end) {
			return start, end, overlapsStack
		}
		if regionsOverlap(m.DataStart, m.DataEnd, start, end) {
			return start, end, overlapsData
		}
		if !alias && regionsOverlap(diramDataLow, s.diramDataHigh(), start, end) {
			return s.aliasConflict(s.toCode, start, end, last, diramDataLow, s.diramDataHigh())
		}
	case s.inIRAM(start) && s.inIRAM(last):
		if regionsOverlap(m.LoaderStart, m.LoaderEnd, start, end) {
			return start, end, overlapsLoader
		}
		if !alias && regionsOverlap(diramCodeLow, s.diramCodeHigh(), start, end) {
			return s.aliasConflict(s.toData, start, end, last, diramCodeLow, s.diramCodeHigh())
		}
	case within(start, rtcCodeLow, rtcCodeHigh) && within(last, rtcCodeLow, rtcCodeHigh),
		within(start, rtcFastLow, rtcFastHigh) && within(last, rtcFastLow, rtcFastHigh),
		within(start, rtcSlowLow, rtcSlowHigh) && within(last, rtcSlowLow, rtcSlowHigh):
	default:
		return start, end, badRange
	}
	return start, end, ""
}

// aliasConflict checks the part of a range that lies in D/IRAM once more under
// its name on the other bus.
func (s *session) aliasConflict(translate func(uint32) uint32, start, end, last, low, high uint32) (uint32, uint32, string) {
	from, to := translate(low), translate(high)
	if within(start, low, high) {
		from = translate(start)
	}
	if within(last, low, high) {
		to = translate(end)
	}
	if int32(to) < int32(from) {
		from, to = to, from
	}
	if from == to {
		return from, to, ""
	}
	return s.loadConflict(from, to, true)
}

// toCode and toData translate D/IRAM addresses between the busses as the
// bootloader believes them to be wired.
func (s *session) toCode(a uint32) uint32 {
	if s.p.has(featInvertedDIRAM) {
		return diramCodeLow + (s.diramDataHigh() - a) - 4
	}
	return diramCodeLow + (a - diramDataLow)
}

func (s *session) toData(a uint32) uint32 {
	if s.p.has(featInvertedDIRAM) {
		return diramDataLow + (s.diramCodeHigh() - a) - 4
	}
	return diramDataLow + (a - diramCodeLow)
}

func (s *session) diramDataHigh() uint32 {
	if s.p.has(featDIRAMFull) {
		return 0x40000000
	}
	return 0x3FFFFFFC
}

func (s *session) diramCodeHigh() uint32 {
	if s.p.has(featDIRAMFull) {
		return 0x400C0000
	}
	return 0x400BFFFC
}

func (s *session) inDRAM(a uint32) bool {
	if s.p.has(featDRAMLow) {
		return within(a, 0x3FFAE000, dramHigh)
	}
	return within(a, 0x3FAE0000, dramHigh)
}

func (s *session) inIRAM(a uint32) bool {
	low, high := uint32(iramLow), uint32(0x400A0000)
	if s.p.SingleCore == Yes {
		low = iramLowSingle
	}
	if s.p.has(featIRAMHigh) {
		high = 0x400AA000
	}
	return within(a, low, high)
}
