package bootloader

import "github.com/bootsim/bootsim/emu"

// checkLoad refuses a segment that would overwrite the bootloader, as far as
// the version looks (spec 3.3).
func (s *session) checkLoad(im *image, i int, seg segment) error {
	switch {
	case s.p.has(featLoadChecks):
		return s.checkMemoryMap(im, i, seg)
	case s.p.has(featStackLimit):
		return s.checkStackSigned(im, i, seg)
	}
	return s.checkStack(im, i, seg)
}

// checkStack is the rule of v3.1: what ends below 0x40000000 must end 32 KiB
// below the stack. Addresses compare unsigned.
func (s *session) checkStack(im *image, i int, seg segment) error {
	end, sp := seg.addr+seg.size, s.p.Memory.Stack
	if end < dramHigh && end > sp-stackHeadroom {
		return s.refuseStack(im, i, seg, end, sp)
	}
	return nil
}

// checkStackSigned is the rule up to v3.3.5 and v4.0: addresses compare signed,
// and what ends above DRAM must spare the loader's own code.
func (s *session) checkStackSigned(im *image, i int, seg segment) error {
	end, sp := seg.addr+seg.size, s.p.Memory.Stack
	dram := int32(end) <= dramHigh-4
	if s.p.has(featStackLimitDRAM) {
		dram = int32(end) < dramHigh
	}
	if dram {
		if int32(end) > int32(sp-stackHeadroom) {
			return s.refuseStack(im, i, seg, end, sp)
		}
		return nil
	}
	m := &s.p.Memory
	if s.p.has(featOverlapAsserts) && seg.size == 0 {
		return s.asserted("bootloader_util_regions_overlap", "end2>start2")
	}
	if !regionsOverlap(m.LoaderStart, m.LoaderEnd, seg.addr, end) {
		return nil
	}
	return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppSegmentOverlap, Offset: seg.data, Want: uint64(m.LoaderStart), Got: uint64(seg.addr)},
		msgLoaderOverlap, i, seg.addr, end, m.LoaderStart, m.LoaderEnd)
}

func (s *session) refuseStack(im *image, i int, seg segment, end, sp uint32) error {
	return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppSegmentOverlap, Offset: seg.data, Want: uint64(sp - stackHeadroom), Got: uint64(end)},
		msgStackOverlap, i, end, sp, sp-stackHeadroom)
}

// asserted is a failed assertion, which hangs a bootloader built with
// assertions. File and line of the message are not modelled.
func (s *session) asserted(function, expression string) error {
	if !s.p.Assertions.Or(true) {
		return nil
	}
	s.guessAbort()
	return &halt{end: emu.EndAbort, lines: []string{"Assert failed in " + function + ", " + s.p.assertedAt(function) + " (" + expression + ")"}}
}
