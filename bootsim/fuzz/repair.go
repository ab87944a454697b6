package fuzz

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// repair makes checksums right again, as far as there is anything to repair.
func (w *work) repair(c *Change) error {
	for _, r := range c.Repair {
		var err error
		switch r {
		case RepairMD5:
			err = w.repairTable(c.Of)
		case RepairCRC:
			e := otadata.Decode(w.plain(c.Of, otadata.EntrySize))
			e.CRC = otadata.CRC(e.Seq)
			raw := e.Encode()
			err = w.write(c.Of, raw[:])
		case RepairChecksum, RepairHash, RepairSignature:
			err = w.repairImage(c.Of, r)
		default:
			err = fmt.Errorf("there is no repair %q", r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// repairTable writes the sum of the rows before it into every MD5 row.
func (w *work) repairTable(at uint32) error {
	b := w.plain(at, parttable.MaxLength)
	for i := range parttable.MaxRows {
		switch parttable.DecodeRow(b[i*parttable.RowSize:]).Kind {
		case parttable.RowMD5:
			row := parttable.MD5Row(md5.Sum(b[:i*parttable.RowSize]))
			copy(b[i*parttable.RowSize:], row[:])
			if err := w.write(at+uint32(i)*parttable.RowSize, row[:]); err != nil {
				return err
			}
		case parttable.RowEnd:
			return nil
		}
	}
	return nil
}

// repairImage writes checksum, hash, or digest and CRC of a signature block,
// if there is an image whose segments can be followed.
func (w *work) repairImage(at uint32, what Repair) error {
	im, _ := imageAt(crypt.NewView(w.dev.Flash, w.cipher), at, maxImage)
	if im == nil {
		return nil // nothing that could be repaired
	}
	switch {
	case what == RepairChecksum:
		return w.write(at+im.ChecksumOffset, []byte{im.Checksum})
	case what == RepairHash && im.HashAppended != 0:
		return w.write(at+im.Length-espimage.HashSize, im.Hash[:])
	case what == RepairSignature:
		return w.repairSignature(at, espimage.SignatureV2Offset(im.Length))
	}
	return nil
}

// Layout of a Secure Boot V2 signature block (spec 3.5).
const (
	blockDigest = 4
	blockCRC    = 1196
	blockSize   = 1216
)

func (w *work) repairSignature(at uint32, start uint64) error {
	if uint64(at)+start+secureboot.SectorSize > uint64(w.dev.Flash.Size()) {
		return nil
	}
	digest := sha256.Sum256(w.plain(at, int(start)))
	for i := range uint64(espimage.SignatureV2Blocks) {
		here := at + uint32(start+i*blockSize)
		block := w.plain(here, blockSize)
		if block[0] != espimage.SignatureV2Magic {
			return nil
		}
		copy(block[blockDigest:], digest[:])
		binary.LittleEndian.PutUint32(block[blockCRC:], crc32.ChecksumIEEE(block[:blockCRC]))
		if err := w.write(here, block); err != nil {
			return err
		}
	}
	return nil
}
