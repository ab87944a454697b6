package uf2

import (
	"crypto/md5"
	"encoding/binary"
)

// MaxChunk returns how many bytes of data fit into a block, with or without the
// MD5 that takes 24 bytes of the 476.
func MaxChunk(withMD5 bool) int {
	if withMD5 {
		return maxPayload - md5Size
	}
	return maxPayload
}

// Writer writes UF2 files as esptool's merge-bin does: the blocks of every file
// are numbered from 0, and the MD5 of a block lies right behind its data.
type Writer struct {
	Family uint32
	MD5    bool
	Chunk  int // bytes of data a block, at most MaxChunk; 0 for that
}

// Append appends the blocks of a file, whose data belongs at an address, to b.
func (w Writer) Append(b []byte, address uint32, data []byte) []byte {
	chunk := w.Chunk
	if chunk <= 0 || chunk > MaxChunk(w.MD5) {
		chunk = MaxChunk(w.MD5)
	}
	total := (len(data) + chunk - 1) / chunk
	for i := range total {
		from, to := i*chunk, min((i+1)*chunk, len(data))
		b = w.block(b, address+uint32(from), data[from:to], uint32(i), uint32(total))
	}
	return b
}

func (w Writer) block(b []byte, address uint32, data []byte, number, total uint32) []byte {
	end := len(b) + BlockSize
	flags := uint32(flagFamily)
	if w.MD5 {
		flags |= flagMD5
	}
	for _, v := range []uint32{magicStart0, magicStart1, flags, address, uint32(len(data)), number, total, w.Family} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	b = append(b, data...)
	if w.MD5 {
		b = binary.LittleEndian.AppendUint32(b, address)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
		sum := md5.Sum(data)
		b = append(b, sum[:]...)
	}
	b = append(b, make([]byte, end-4-len(b))...)
	return binary.LittleEndian.AppendUint32(b, magicEnd)
}
