package bootloader

import (
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// writeAlign is what the address and size of an encrypted write must be a
// multiple of.
const writeAlign = 32

// writeOTAData erases the sector of an entry and writes the entry there,
// encrypted when flash encryption is on (spec 2.5).
func (s *session) writeOTAData(entry int, e otadata.Entry) error {
	at := s.table.otaInfo.offset + uint32(entry)*flashmodel.SectorSize
	if err := stopped(s.dev.Flash.Erase(at, flashmodel.OpEraseSector)); err != nil {
		return err
	}
	b := e.Encode()
	return s.write(at, b[:])
}

// write is bootloader_flash_write, encrypted where the bootloader takes flash
// encryption for enabled. A misplaced address is a message and nothing written;
// the callers modelled here go on after it.
func (s *session) write(at uint32, b []byte) error {
	encrypted := s.encrypted()
	align := uint32(4)
	if encrypted {
		align = writeAlign
	}
	if at%align != 0 {
		s.log(msgWriteAddrAlign, at, align)
		s.log(msgWriteFailed, -1)
		return nil
	}
	if encrypted {
		return s.writeEncrypted(at, b)
	}
	return stopped(s.dev.Flash.Program(at, b))
}

// writeEncrypted writes through the encryption block, which works with the key
// in BLOCK1 whether or not flash encryption is enabled yet (spec 4.3).
func (s *session) writeEncrypted(at uint32, plain []byte) error {
	b := make([]byte, len(plain))
	cipher := crypt.New(s.dev.Efuses.HardwareFlashKey(), s.dev.Efuses.CryptConfig())
	if err := cipher.Encrypt(at, b, plain); err != nil {
		return unmodelled("encrypting a write: %v", err)
	}
	return stopped(s.dev.Flash.Program(at, b))
}

// stopped is the end of a boot in which a flash or eFuse operation was not
// carried out to its end; nil where there was no error.
func stopped(err error) error {
	if err == nil {
		return nil
	}
	return unmodelled("the machine stopped: %v", err)
}
