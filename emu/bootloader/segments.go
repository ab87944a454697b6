package bootloader

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// segmentHeaderSize is the two words before a segment's data.
const segmentHeaderSize = 8

// imageSegments reads all segments, each of which is judged by its header
// before its data is read.
func (s *session) imageSegments(im *image) error {
	next := im.offset + espimage.HeaderSize
	s.beginPass(im)
	for i := range int(im.header.SegmentCount) {
		s.log(msgSegmentHeaderAt, i, next)
		seg, err := s.processSegment(im, i, next)
		if err != nil {
			return err
		}
		im.segments = append(im.segments, seg)
		next += segmentHeaderSize + seg.size
	}
	if next < im.offset {
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppWrapped}, msgWrapped)
	}
	im.length = next - im.offset
	s.log(msgImageEnd, im.offset, next)
	return nil
}

// processSegment reads and judges one segment.
func (s *session) processSegment(im *image, i int, at uint32) (segment, error) {
	var raw [segmentHeaderSize]byte
	if !s.read(at, raw[:]) {
		s.log(msgSegmentHeaderFailed, at)
		return segment{}, s.unreadable(im, at, segmentHeaderSize)
	}
	seg := segment{addr: le32(raw[:]), size: binary.LittleEndian.Uint32(raw[4:]), data: at + segmentHeaderSize}
	s.log(msgSegmentData, seg.size, seg.data)
	if err := s.verifySegmentHeader(im, i, seg); err != nil {
		return seg, err
	}
	load := im.load && s.shouldLoad(seg.addr)
	s.log(msgSegment, i, seg.data, seg.addr, seg.size, seg.size, fate(seg, load))
	if load {
		if err := s.checkLoad(im, i, seg); err != nil {
			return seg, err
		}
	}
	return seg, s.segmentData(im, i, seg, load)
}

func fate(seg segment, load bool) string {
	switch {
	case load:
		return "load"
	case mappedAddress(seg.addr):
		return "map"
	}
	return ""
}

// verifySegmentHeader checks the length and, for segments that are mapped, that
// flash and virtual address agree within a page (spec 3.2).
func (s *session) verifySegmentHeader(im *image, i int, seg segment) error {
	if seg.size&3 != 0 || seg.size >= maxSegment {
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppSegmentLength, Offset: seg.data - segmentHeaderSize, Want: maxSegment, Got: uint64(seg.size)},
			msgSegmentLength, seg.size)
	}
	mapped := mappedAddress(seg.addr)
	if s.logs(LogVerbose) {
		s.log(msgSegmentPageSize, pageSize)
		s.log(msgSegmentMapping, i, flag(mapped), seg.data, seg.addr)
	}
	if mapped && (seg.data^seg.addr)&pageMask != 0 {
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppSegmentAlign, Offset: seg.data, Want: uint64(seg.addr), Got: uint64(seg.data)},
			msgSegmentAlign, i, seg.addr, seg.data)
	}
	return nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
