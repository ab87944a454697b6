package check

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// AdoptKey takes a key file that lies beside a set for the device's key, when
// nothing was said of key and eFuses and the bytes at 0x1000 are no image as
// they stand and one when decrypted with it. It returns the lot to check.
func AdoptKey(lot bootsim.Lot) bootsim.Lot {
	if lot.Key != nil || lot.Efuses != nil {
		return lot
	}
	head := contentAt(lot.Contents, bootloaderAddress, crypt.UnitSize)
	if head == nil || isImageHead(head) {
		return lot
	}
	for _, k := range lot.KeyFiles {
		if isImageHead(opened(k.Key, head)) {
			lot.Key = &k.Key
			lot.Assumed = append(append([]string(nil), lot.Assumed...),
				"the key in "+k.File+" is the device's: it opens the bootloader (--key states another)")
			return lot
		}
	}
	return lot
}

func isImageHead(b []byte) bool {
	h, err := espimage.DecodeHeader(b)
	return err == nil && h.Magic == espimage.Magic && h.SegmentCount >= 1 && h.SegmentCount <= espimage.MaxSegments &&
		h.SPIMode <= 5 && h.HashAppended <= 1
}

// opened decrypts what lies at 0x1000 with the configuration that ESP-IDF burns.
func opened(k crypt.Key, head []byte) []byte {
	out := make([]byte, len(head))
	// A unit at a multiple of 32: no error is possible.
	_ = crypt.New(k, crypt.FullConfig).Decrypt(bootloaderAddress, out, head)
	return out
}
