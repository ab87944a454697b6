package bootloader

import "github.com/bootsim/bootsim/emu"

// handOver is load_image: security features first, then the jump. It returns
// nil only when a security feature could not be enabled, after which the next
// slot is tried (spec 0, fact 30).
func (s *session) handOver(im *image) error {
	proceed, err := s.secure(im)
	if err != nil || !proceed {
		return err
	}
	s.log(msgRNGOff)
	return s.jump(im)
}

// jump maps the app's DROM and IROM segments and starts it.
func (s *session) jump(im *image) error {
	drom, irom := s.mappedSegments(im)
	s.log(msgSetCache)
	s.log(msgConfigure)
	s.logMap(drom, msgMapD, msgMapDAfter)
	s.logMap(irom, msgMapI, msgMapIAfter)
	if s.p.has(featBusAsserts) && s.p.Assertions.Or(true) {
		if !hasBus(drom, dromLow, dromHigh) || !hasBus(irom, iromLow, iromHigh) {
			s.out.Refusals = append(s.out.Refusals, im.refusal(emu.Refusal{Reason: emu.ReasonNoMapping, Got: uint64(drom.addr), Want: uint64(irom.addr)}))
			if s.p.has(featBusAssertText) {
				return s.asserted("cache_ll_l1_get_bus", "false")
			}
			return s.aborted()
		}
	}
	s.log(msgStart, im.header.Entry)
	s.out.App = &emu.App{Slot: im.slot, Label: im.label, Offset: im.offset, Size: im.size, Entry: im.header.Entry}
	return started
}

// hasBus tells whether a segment begins in the window of a bus. DROM must also
// end there; a segment that does not exist has address 0.
func hasBus(seg segment, low, high uint32) bool {
	return within(seg.addr, low, high) && (low != dromLow || seg.addr+seg.size-1 < high)
}

// mappedSegments finds the segments to map. Of several the last one counts.
// Before v3.1.3 the two kinds were called by each other's name.
func (s *session) mappedSegments(im *image) (drom, irom segment) {
	dromName, iromName := "DROM", "IROM"
	if !s.p.has(featMapNames) {
		dromName, iromName = iromName, dromName
	}
	for i, seg := range im.segments {
		if within(seg.addr, dromLow, dromHigh) {
			s.noteMapped(drom, i, dromName)
			drom = seg
		}
		if within(seg.addr, iromLow, iromHigh) {
			s.noteMapped(irom, i, iromName)
			irom = seg
		}
	}
	return drom, irom
}

func (s *session) noteMapped(earlier segment, i int, name string) {
	if earlier.data != 0 {
		s.log(msgManySegments, name)
		return
	}
	s.log(msgMappingAs, i, name)
}

// logMap prints what the mapping prints at level VERBOSE.
func (s *session) logMap(seg segment, before, after messageID) {
	if !s.logs(LogVerbose) {
		return
	}
	pages := (seg.size + seg.addr&pageMask + pageMask) / pageSize
	if s.p.has(featMMULog) {
		s.log(before, seg.data, seg.addr, seg.size)
		s.log(msgMapResult, mapResult(seg))
		s.log(msgMapResult, mapResult(seg))
		s.log(after, seg.data&^pageMask, seg.addr&^pageMask, pages*pageSize)
		return
	}
	if !s.p.has(featPagesByAddress) {
		pages = (seg.size + pageMask) / pageSize
	}
	s.log(before, seg.data&^pageMask, seg.addr&^pageMask, seg.size, pages)
	s.log(msgMapResult, mapResult(seg))
	s.log(msgMapResult, mapResult(seg))
}

// mapResult is what ROM's cache_flash_mmu_set returns: 5 for an address that
// is in no window.
func mapResult(seg segment) int {
	if mappedAddress(seg.addr) {
		return 0
	}
	return 5
}
