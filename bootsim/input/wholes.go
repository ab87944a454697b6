package input

import (
	"path/filepath"

	"github.com/bootsim/bootsim/bootsim"
)

// standsAlone tells whether one file is the whole content of a flash.
func (it item) standsAlone() bool {
	switch it.kind {
	case kindShifted, kindHex, kindUF2:
		return true
	case kindCipherDump:
		return !looksLikeData(it.path)
	case kindMerged:
		return len(it.rows) > 0 || !it.boots
	case kindErased:
		return isChipSize(it.size)
	}
	return false
}

// addWhole makes a lot of one file.
func (f *finder) addWhole(it item, at place) error {
	data, err := f.store.read(it.path)
	if err != nil {
		return err
	}
	address := uint32(0)
	if it.kind == kindShifted {
		address = bootloaderAddress
	}
	if it.name.address != nil {
		address = *it.name.address
	}
	contents, err := decode(it.path, address, data)
	if err != nil {
		if err = f.leaveOut(err); err != nil && at.folder != nil {
			f.note("%v; left out", err)
			return nil
		}
		return err
	}
	lot := bootsim.Lot{Source: it.path, Contents: contents, Assumed: wholeAssumptions(it)}
	f.claim(it.path)
	return f.add(found{lot: lot, rel: at.rel(), variant: filepath.Base(stem(it.path))})
}

// wholeAssumptions says where a whole image was put and why.
func wholeAssumptions(it item) []string {
	name := filepath.Base(it.path)
	switch {
	case it.name.address != nil:
		return []string{name + ": flash address taken from its name"}
	case it.kind == kindShifted:
		return []string{name + ": starts with a bootloader and has its table 0x7000 further on; taken as flash content from 0x00001000"}
	case it.kind == kindCipherDump:
		return []string{name + ": taken as an encrypted flash from 0x00000000; its key tells (--key)"}
	}
	return nil
}
