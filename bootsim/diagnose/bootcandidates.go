package diagnose

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// bootKeys lists the keys that a digest of Secure Boot V1 may have been made
// with by mistake, the likeliest first.
func bootKeys(c *Context, d *emu.Device) []knownKey {
	var ks keyList
	scheme := d.Efuses.CodingScheme()
	own := d.Efuses.HardwareBootKey()
	if c.Lot.BootKey != nil {
		if k, ok := c.Lot.BootKey.V1(scheme); ok {
			ks.add(k, keyHost, "the key of "+c.Lot.BootKey.File)
		}
	}
	ks.add(own.Reversed(), keyReversed, "the key in BLOCK2, byte-reversed")
	ks.add(expanded(own), keyShort, "the key in BLOCK2, cut to 24 bytes and expanded")
	for _, k := range c.Lot.KeyFiles {
		ks.add(k.Key, keyHost, "the key in "+k.File)
	}
	if c.Lot.Key != nil {
		ks.add(*c.Lot.Key, keyOther, "the flash encryption key of lot "+c.Lot.Name)
	}
	for i := range c.All {
		if other := &c.All[i]; other.Name != c.Lot.Name {
			ks.addBoot(other)
		}
	}
	ks.add(crypt.Key{}, keyZeroes, "a key of 32 zero bytes")
	return ks.list
}

func (ks *keyList) addBoot(other *bootsim.Lot) {
	if other.BootKey != nil {
		if k, ok := other.BootKey.V1(0); ok {
			ks.add(k, keyOther, "the Secure Boot key of lot "+other.Name)
		}
	}
	if other.Efuses != nil && !other.Efuses.HardwareBootKey().IsZero() {
		ks.add(other.Efuses.HardwareBootKey(), keyOther, "the key in BLOCK2 of lot "+other.Name)
	}
}

// digestFile is a file that holds IV and digest.
type digestFile struct {
	name   string
	sector secureboot.V1Sector
}

// digestFiles lists what any lot puts at 0x0, whether or not something was
// written over it, and the IV that erased flash would be.
func digestFiles(c *Context, d *emu.Device) []digestFile {
	var out []digestFile
	eachFile(c, d, func(name string, at uint32, data []byte) {
		if s, ok := secureboot.DecodeV1Sector(data); at == 0 && ok {
			out = append(out, digestFile{name, s})
		}
	})
	blank := digestFile{name: "erased flash"}
	for i := range blank.sector.IV {
		blank.sector.IV[i] = 0xFF
	}
	return append(out, blank)
}

// bootloaderFile is a file with a bootloader, and what the ROM would digest of it.
type bootloaderFile struct {
	name    string
	covered []byte
}

func bootloaderFiles(c *Context, d *emu.Device) []bootloaderFile {
	var out []bootloaderFile
	eachFile(c, d, func(name string, at uint32, data []byte) {
		if at > bootloaderAddress || int(bootloaderAddress-at) >= len(data) {
			return
		}
		image := data[bootloaderAddress-at:]
		if im, err := espimage.Parse(image); err == nil {
			out = append(out, bootloaderFile{name, covered(image, im)})
		}
	})
	return out
}

// eachFile calls do with every file of every lot that begins before the
// bootloader ends, as it is and as the device would decrypt it.
func eachFile(c *Context, d *emu.Device, do func(name string, at uint32, data []byte)) {
	cipher := d.Cipher()
	visit := func(lot *bootsim.Lot, from string) {
		for _, p := range lot.Contents {
			if p.Address > bootloaderAddress || p.Address%16 != 0 {
				continue
			}
			data := p.Data[:min(len(p.Data), bootloaderAddress+bootWindow)]
			do(p.File+from, p.Address, data)
			if cipher != nil && p.Form != bootsim.FormEncrypted {
				plain := make([]byte, len(data)&^15)
				_ = cipher.Decrypt(p.Address, plain, data[:len(plain)]) // aligned: no error is possible
				do(p.File+from, p.Address, plain)
			}
		}
	}
	visit(c.Lot, "")
	for i := range c.All {
		if other := &c.All[i]; other.Name != c.Lot.Name {
			visit(other, fmt.Sprintf(" of lot %s", other.Name))
		}
	}
}

// rewrittenHeader tries the values of flash mode, speed and size that esptool
// may have put in place of others, and returns those with which the image fits.
func rewrittenHeader(body []byte, fits func() bool) (mode [2]byte, ok bool) {
	if len(body) < espimage.HeaderSize {
		return mode, false
	}
	for mode := range byte(6) {
		for size := range byte(8) {
			for _, speed := range [...]byte{0, 1, 2, 0xF} {
				body[2], body[3] = mode, size<<4|speed
				if fits() {
					return [2]byte{body[2], body[3]}, true
				}
			}
		}
	}
	return mode, false
}

func rewrittenBootloader(c *Context, mode [2]byte, now []byte, what string) *builder {
	return c.find("bootloader-header-rewritten", "bytes 2 and 3 of the bootloader are 0x%02x 0x%02x, and %s with 0x%02x 0x%02x: flash mode or size were rewritten while flashing",
		now[2], now[3], what, mode[0], mode[1]).at(bootloaderAddress).bytes(bootloaderAddress)
}
