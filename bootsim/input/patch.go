package input

import (
	"bytes"
	"crypto/sha256"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// flashSettings are esptool's --flash_mode, --flash_freq and --flash_size.
// Empty and "keep" leave the image as it is.
type flashSettings struct {
	mode, freq, size string
}

func (s flashSettings) keep() bool {
	return kept(s.mode) && kept(s.freq) && kept(s.size)
}

func kept(v string) bool { return v == "" || v == "keep" }

// patch returns what esptool writes instead of data at an address: a valid
// image at 0x1000 gets the settings in its header, and its appended SHA-256 is
// computed anew (esptool 4.8 and later; 4.0 to 4.7 leave hashed images alone;
// those before leave the hash wrong, which no bootloader notices in itself).
// The data itself is not changed. same tells that nothing differs.
func (s flashSettings) patch(address uint32, data []byte) (out []byte, same bool) {
	if address != bootloaderAddress || s.keep() {
		return data, true
	}
	im, err := espimage.Parse(data)
	if err != nil || !im.ChecksumOK() || chipName(data) != "" {
		return data, true
	}
	mode, speedSize := s.apply(data[2], data[3])
	if mode == data[2] && speedSize == data[3] {
		return data, true
	}
	out = bytes.Clone(data)
	out[2], out[3] = mode, speedSize
	if im.HashAppended == 1 && int(im.Length) <= len(out) {
		end := int(im.Length) - sha256.Size
		sum := sha256.Sum256(out[:end])
		copy(out[end:], sum[:])
	}
	return out, false
}

// apply returns the header bytes 2 and 3 with the settings in them.
func (s flashSettings) apply(mode, speedSize byte) (byte, byte) {
	if v, ok := code(s.mode, "qio", "qout", "dio", "dout"); ok {
		mode = v
	}
	speed, size := speedSize&0x0F, speedSize&0xF0
	if v, ok := code(s.freq, "40m", "26m", "20m"); ok {
		speed = v
	} else if s.freq == "80m" {
		speed = 0x0F
	}
	if v, ok := code(s.size, "1mb", "2mb", "4mb", "8mb", "16mb", "32mb", "64mb", "128mb"); ok {
		size = v << 4
	}
	return mode, speed | size
}

// bytes returns the flash size that the settings state; 0: none.
func (s flashSettings) bytes() uint32 {
	if v, ok := code(s.size, "1mb", "2mb", "4mb", "8mb", "16mb"); ok {
		return 1 << 20 << v
	}
	return 0
}

// code returns the position of a name among names.
func code(name string, names ...string) (byte, bool) {
	for i, n := range names {
		if n == name {
			return byte(i), true
		}
	}
	return 0, false
}
