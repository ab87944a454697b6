package bootloader

import (
	"errors"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/recall"
)

// VerifyImage is esp_image_verify as an application built with the version that
// p describes calls it: it tells whether the partition of size bytes at offset
// holds an image that a bootloader of the version would start. Where that is
// not modelled the answer is false. It looks through the cache and changes
// nothing. sums may know checksum and hash already; nil computes them
// (bootloader_support/src/esp_image_format.c).
func VerifyImage(d *emu.Device, p *Profile, offset, size uint32, sums *recall.Sums) bool {
	s := newSession(d, p, nil)
	s.sums = sums
	im := &image{place: place{offset: offset, size: size}, slot: emu.SlotNone, check: true}
	var h *halt
	err := s.loadImage(im)
	return err == nil && !errors.As(err, &h)
}
