package diagnose

import (
	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// digestCheck is the ROM's comparison of Secure Boot V1 on a device, to be
// repeated with one thing otherwise.
type digestCheck struct {
	c       *Context
	d       *emu.Device
	key     crypt.Key
	sector  secureboot.V1Sector
	image   []byte // from 0x1000 on, as the device reads it
	parsed  *espimage.Image
	covered []byte // what the ROM takes of it
}

// bootWindow is how many bytes from 0x1000 on may be a bootloader.
const bootWindow = 64 << 10

func newDigestCheck(c *Context, d *emu.Device) *digestCheck {
	k := &digestCheck{c: c, d: d, key: d.Efuses.HardwareBootKey(), image: make([]byte, bootWindow)}
	d.Cached().Read(bootloaderAddress, k.image)
	k.sector = sectorOf(readBytes(d, 0, digestEnd))
	if im, err := espimage.Parse(k.image); err == nil {
		k.parsed, k.covered = im, covered(k.image, im)
	}
	return k
}

// digestEnd is where IV and digest end.
const digestEnd = secureboot.V1IVSize + secureboot.V1DigestSize

func readBytes(d *emu.Device, addr, n uint32) []byte {
	b := make([]byte, n)
	d.Cached().Read(addr, b)
	return b
}

func sectorOf(b []byte) secureboot.V1Sector {
	s, _ := secureboot.DecodeV1Sector(b)
	return s
}

// covered is what the ROM digests of an image: erased flash behind its end counts.
func covered(image []byte, im *espimage.Image) []byte {
	b := make([]byte, secureboot.V1Covered(im.ChecksumOffset))
	for i := copy(b, image); i < len(b); i++ {
		b[i] = 0xFF
	}
	return b
}

// fits repeats the comparison.
func (k *digestCheck) fits(key crypt.Key, s secureboot.V1Sector, covered []byte) bool {
	return len(covered) > 0 && secureboot.VerifyV1Bootloader(key, s, covered) == nil
}

// badDigest explains a device whose ROM refuses the bootloader by its digest.
func badDigest(c *Context, d *emu.Device) bootsim.Finding {
	k := newDigestCheck(c, d)
	for _, explain := range []func() *builder{
		k.missing, k.keyBlank, k.encryption, k.rewritten, k.tooLong, k.tail, k.otherKey, k.otherIV, k.otherBootloader,
	} {
		if b := explain(); b != nil {
			return b.console().done()
		}
	}
	return k.unexplained().console().done()
}
