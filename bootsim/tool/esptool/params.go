package esptool

import (
	"crypto/sha256"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// flashParams are what --flash-freq, --flash-mode and --flash-size put into a
// bootloader's header; "keep" leaves a field alone.
type flashParams struct{ freq, mode, size string }

func (s *session) flashParams() flashParams {
	return flashParams{s.values.Text(optFlashFreq), s.values.Text(optFlashMode), s.values.Text(optFlashSize)}
}

// apply returns an image as it goes to an address: a bootloader gets the
// parameters and a new digest, everything else stays as it is.
func (s *session) apply(p flashParams, c *chip, addr uint64, data []byte) ([]byte, error) {
	if len(data) < 8 || addr != uint64(c.bootloader) || p == (flashParams{"keep", "keep", "keep"}) {
		return data, nil
	}
	if data[0] != espimage.Magic {
		s.env.Warn("Image file at %#x doesn't look like an image file, so not changing any flash settings.", addr)
		return data, nil
	}
	im, err := s.loadBootloader(c, data)
	if err != nil {
		s.env.Warn("Image file at %#x is not a valid %s image, so not changing any flash settings.", addr, c.title)
		return data, nil
	}
	mode, sizeFreq, err := p.bytes(c, data[2], data[3])
	if err != nil {
		return nil, err
	}
	if mode != data[2] || sizeFreq != data[3] {
		s.env.Printf("Flash parameters set to 0x%02x%02x.\n", mode, sizeFreq)
	}
	out := append([]byte(nil), data...)
	out[2], out[3] = mode, sizeFreq
	if im.digest {
		out = s.renewDigest(out, im.length)
	}
	return out, nil
}

// loadBootloader reads a bootloader, of the ESP8266 of the first kind only.
func (s *session) loadBootloader(c *chip, data []byte) (*image, error) {
	return loadImage(c, data, s.env.Warn)
}

// renewDigest computes the digest behind the first length bytes anew. Without
// room for a whole one it grows the image, as the reference does.
func (s *session) renewDigest(data []byte, length int) []byte {
	sum := sha256.Sum256(data[:length])
	rest := data[min(len(data), length+espimage.HashSize):]
	s.env.Print("SHA digest in image updated.")
	return append(append(append([]byte(nil), data[:length]...), sum[:]...), rest...)
}

// bytes returns bytes 2 and 3 of a header with the parameters put in.
func (p flashParams) bytes(c *chip, mode, sizeFreq uint8) (uint8, uint8, error) {
	if p.mode != "keep" {
		mode, _ = valueOf(modes(), p.mode)
	}
	freq, size := sizeFreq&0x0F, sizeFreq&0xF0
	if p.freq != "keep" {
		v, ok := valueOf(c.freqs, p.freq)
		if !ok {
			return 0, 0, cli.Fatalf("Flash frequency '%s' is not supported by this chip type. Supported frequencies: %s", p.freq, choices(c.freqs))
		}
		freq = v
	}
	if p.size != "keep" {
		v, ok := valueOf(c.sizes, p.size)
		if !ok {
			return 0, 0, cli.Fatalf("Flash size '%s' is not supported by this chip type. Supported sizes: %s", p.size, choices(c.sizes))
		}
		size = v
	}
	return mode, size | freq, nil
}
