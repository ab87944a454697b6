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
		if err := s.store(piece.addr, piece.size); err != nil {
			return err
		}
	}
	if i == 0 && s.p.antiRollback() && s.p.has(featRechecksVersion) && !im.own {
		if err := s.descriptionVersion(im, piece); err != nil {
			return err
		}
	}
	im.absorb(s, piece)
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

// absorb feeds a piece to checksum and hash.
func (im *image) absorb(s *session, piece segment) {
	if !im.check {
		return
	}
	var buf [16 << 10]byte
	for at, left := piece.data, piece.size; left > 0; {
		b := buf[:min(left, uint32(len(buf)))]
		s.cache.Read(at, b)
		im.sum ^= xor(b)
		if im.sha != nil {
			im.sha.Write(b)
		}
		at += uint32(len(b))
		left -= uint32(len(b))
	}
}

// xor folds bytes by exclusive or, eight at a time.
func xor(b []byte) byte {
	var w uint64
	for ; len(b) >= 8; b = b[8:] {
		w ^= binary.LittleEndian.Uint64(b)
	}
	w ^= w >> 32
	w ^= w >> 16
	sum := byte(w ^ w>>8)
	for _, c := range b {
		sum ^= c
	}
	return sum
}
