package bootloader

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu"
)

// segmentData reads a segment's data piece by piece: into the checksum, the
// hash and, for segments that are loaded, memory.
func (s *session) segmentData(im *image, i int, seg segment, load bool) error {
	if !s.p.has(featChunkedMap) {
		return s.segmentPiece(im, i, seg, load)
	}
	s.log(msgFreePages, mapPages)
	for rest := seg; rest.size > 0; {
		piece := rest
		piece.size = min(rest.size, chunkAt(rest.data))
		if err := s.segmentPiece(im, i, piece, load); err != nil {
			return err
		}
		rest.data += piece.size
		rest.size -= piece.size
	}
	return nil
}

// chunkAt is how many bytes from addr are mapped at once.
func chunkAt(addr uint32) uint32 {
	if addr&pageMask != 0 {
		return maxMap - pageSize
	}
	return maxMap
}

// segmentPiece reads what one mapping holds.
func (s *session) segmentPiece(im *image, i int, piece segment, load bool) error {
	if !s.mapped(piece.data, piece.size) {
		return s.refuseImage(im, emu.Refusal{Reason: emu.ReasonAppMap, Offset: piece.data, Want: maxMap, Got: uint64(piece.size)},
			msgSegmentMapFailed, piece.data, piece.size)
	}
	defer s.unmapped()
	if load {
		im.overEntry = im.overEntry || s.p.Memory.overEntry(piece.addr, piece.size)
		if err := s.store(piece.addr, piece.size); err != nil {
			return err
		}
	}
	if i == 0 && s.p.antiRollback() && s.p.has(featRechecksVersion) && !im.own {
		if err := s.descriptionVersion(im, piece); err != nil {
			return err
		}
	}
	if im.check {
		im.sum ^= s.xorOf(piece.data, piece.size)
	}
	return nil
}

// descriptionVersion takes secure_version from the first words of the app.
func (s *session) descriptionVersion(im *image, piece segment) error {
	s.log(msgSecureVersionCheck, piece.data)
	var b [8]byte
	s.cache.Read(piece.data, b[:])
	if le32(b[:]) != appDescriptionMagic {
		return s.asserted("process_esp_app_desc_data", "data_buffer[0] == ESP_APP_DESC_MAGIC_WORD")
	}
	im.secureVersion = binary.LittleEndian.Uint32(b[4:])
	return nil
}
