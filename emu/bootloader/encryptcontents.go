package bootloader

import (
	"errors"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// encryptContents rewrites everything in plaintext that must not stay so: the
// bootloader, the table and rows of it (spec 4.3).
func (s *session) encryptContents() (code int, err error) {
	if code, err = s.encryptOwnImage(); code != 0 || err != nil {
		return code, err
	}
	var raw tableBytes
	rows, ok := s.plainTable(s.p.TableOffset, &raw)
	if !ok {
		return errInvalidState, nil
	}
	s.log(msgTablePlain)
	if _, err := s.encryptRegion(s.p.TableOffset, flashmodel.SectorSize); err != nil {
		return 0, err
	}
	s.log(msgTableEncrypted)
	for i := range rows {
		e := raw.row(i).Entry
		if s.p.has(featEncryptsTables) && e.Subtype == 0 && (e.Type == typeBootloader || e.Type == typeTable) {
			continue
		}
		if code, err := s.encryptRow(i, e); code != 0 || err != nil {
			return code, err
		}
	}
	s.log(msgRegionsDone)
	return 0, nil
}

// Types and subtypes of rows (spec 2.4).
const (
	typeApp        = 0
	typeData       = 1
	typeBootloader = 2
	typeTable      = 3

	dataOTA     = 0x00
	dataNVSKeys = 0x04
	dataTEEOTA  = 0x90

	flagEncrypted = 1
)

// encryptOwnImage encrypts the bootloader. What is no valid image is taken for
// encrypted already, or for a failure.
func (s *session) encryptOwnImage() (code int, err error) {
	im := s.ownImage()
	err = s.loadImage(im)
	if errors.Is(err, errRefused) {
		s.log(msgNoBootloader)
		if s.p.has(featNeedsOwnImage) {
			return errNotFound, nil
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	s.log(msgBootloaderPlain)
	if s.p.SecureBoot == SecureBootV2 && ImageAddress+im.length > s.p.TableOffset {
		s.log(msgSignedTooLarge, s.p.TableOffset)
		return errInvalidSize, nil
	}
	if _, err := s.encryptRegion(ImageAddress, im.length); err != nil {
		return 0, err
	}
	if s.encryptsDigest() {
		s.log(msgEncryptDigest)
		if _, err := s.encryptRegion(0, flashmodel.SectorSize); err != nil {
			return 0, err
		}
	}
	s.log(msgBootloaderDone)
	return 0, nil
}

// encryptsDigest tells whether the sector with the digest of Secure Boot V1 is
// encrypted with the bootloader: where the scheme is compiled in, and at first
// only where it was enabled already.
func (s *session) encryptsDigest() bool {
	if !s.p.has(featDigestFirst) {
		return s.dev.Efuses.AbsDone0()
	}
	return s.p.SecureBoot == SecureBootV1
}

// plainTable reads a table as it lies in flash.
func (s *session) plainTable(at uint32, raw *tableBytes) (rows int, ok bool) {
	s.dev.Flash.Read(at, raw.cells[:])
	raw.have = len(raw.cells)
	rows, ok = s.verifyTable(raw, false)
	if !ok {
		s.log(msgPlainTableBad)
	}
	return rows, ok
}

// encryptRow encrypts what a row of the table holds, if it must be encrypted.
func (s *session) encryptRow(i int, e parttable.Entry) (code int, err error) {
	size, wanted, err := s.wantsEncryption(i, e)
	if err != nil || !wanted {
		return 0, err
	}
	s.log(msgEncrypting, i, e.Offset, size)
	code, err = s.encryptRegion(e.Offset, size)
	s.log(msgPartitionDone)
	if code != 0 {
		s.log(msgPartitionFailed, i)
	}
	return code, err
}

// wantsEncryption tells how many bytes of a row to encrypt. Images and tables
// are encrypted when they are valid in plaintext.
func (s *session) wantsEncryption(i int, e parttable.Entry) (size uint32, wanted bool, err error) {
	size, wanted = e.Size, e.Flags&flagEncrypted != 0
	switch {
	case e.Type == typeApp:
		return s.plainImage(i, e)
	case e.Type == typeBootloader && s.p.has(featEncryptsTables):
		s.second = e.Offset
		s.log(msgBootloaderOffsets, uint32(ImageAddress), e.Offset)
		return s.plainImage(i, e)
	case e.Type == typeTable && s.p.has(featEncryptsTables):
		var raw tableBytes
		rows, ok := s.plainTable(e.Offset, &raw)
		wanted = ok && rows != 0
	case e.Type == typeData:
		wanted = wanted || e.Subtype == dataOTA ||
			e.Subtype == dataNVSKeys && s.p.has(featEncryptsKeys) ||
			e.Subtype == dataTEEOTA && s.p.has(featEncryptsTables)
	}
	return size, wanted, nil
}

// plainImage verifies the image of a row.
func (s *session) plainImage(i int, e parttable.Entry) (size uint32, ok bool, err error) {
	im := &image{
		place: place{offset: e.Offset, size: e.Size, label: e.Name(), row: i},
		slot:  emu.SlotNone, check: true,
	}
	err = s.loadImage(im)
	if errors.Is(err, errRefused) {
		return 0, false, nil
	}
	if s.p.FlashEncryption.ImageOnly && e.Type == typeApp {
		return im.length, err == nil, err
	}
	return e.Size, err == nil, err
}

// encryptRegion rewrites whole sectors through the encryption block
// (esp_flash_encrypt_region).
func (s *session) encryptRegion(at, size uint32) (code int, err error) {
	if at%flashmodel.SectorSize != 0 {
		s.log(msgRegionSource, at)
		return errFail, nil
	}
	sector := make([]byte, flashmodel.SectorSize)
	for end := uint64(at) + uint64(size); uint64(at) < end; at += flashmodel.SectorSize {
		s.dev.Flash.Read(at, sector)
		if err := stopped(s.dev.Flash.Erase(at, flashmodel.OpEraseSector)); err != nil {
			return 0, err
		}
		if err := s.writeEncrypted(at, sector); err != nil {
			return 0, err
		}
	}
	return 0, nil
}
