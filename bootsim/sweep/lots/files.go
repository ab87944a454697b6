package lots

import (
	"crypto/sha256"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// files turns an artifact into what the updater takes: plaintext, or ciphertext
// for every slot that the artifact is for.
func (b *builder) files(a bootsim.Artifact, raw bool) []update.File {
	cipher := b.device.Cipher()
	if cipher == nil {
		return []update.File{{Data: a.Data}} // whatever it is, the device writes it as it is
	}
	if !a.Encrypted && !raw {
		return []update.File{{Data: a.Data}}
	}
	var out []update.File
	for _, p := range b.table.Apps() {
		if !p.IsOTA() || len(a.Slots) > 0 && !slices.Contains(a.Slots, p.Name()) {
			continue
		}
		out = append(out, update.File{Slot: p.Name(), Data: converted(cipher, p, a, raw), Encrypted: raw})
	}
	if !a.Encrypted {
		b.assume("the host encrypts the new application for every slot with the device's key")
	} else if !raw {
		b.assume("the device is given the plaintext of %s", a.File)
	}
	return out
}

// converted is an artifact in the form that is wanted for a slot.
func converted(c *crypt.Cipher, p parttable.Entry, a bootsim.Artifact, raw bool) []byte {
	if a.Encrypted == raw {
		return a.Data
	}
	b := make([]byte, (len(a.Data)+crypt.BlockSize-1)&^(crypt.BlockSize-1))
	for i := copy(b, a.Data); i < len(b); i++ {
		b[i] = 0xFF
	}
	// Slots lie at multiples of 64 KiB and b is whole blocks: neither fails.
	if raw {
		_ = c.Encrypt(p.Offset, b, b)
	} else {
		_ = c.Decrypt(p.Offset, b, b)
	}
	return b
}

// successor is an application of the device with one byte changed and checksum
// and hash made good.
func (b *builder) successor() (data []byte, from string, ok bool) {
	cached := b.device.Cached()
	for _, p := range b.table.Apps() {
		n, err := espimage.LengthOf(func(at uint32, b []byte) { cached.Read(p.Offset+at, b) }, min(p.Size, cached.Size()))
		if err != nil {
			continue
		}
		old := make([]byte, n)
		cached.Read(p.Offset, old)
		if data, ok := Successor(old); ok {
			return data, p.Name(), true
		}
	}
	return nil, "", false
}

// Successor returns an application image with the last byte of its longest
// segment changed, and checksum and hash to fit. ok is false for what is no
// image with a good checksum.
func Successor(image []byte) (out []byte, ok bool) {
	im, err := espimage.Parse(image)
	if err != nil || !im.ChecksumOK() || len(im.Segments) == 0 {
		return nil, false
	}
	longest := slices.MaxFunc(im.Segments, func(a, b espimage.Segment) int { return int(a.Length) - int(b.Length) })
	if longest.Length == 0 {
		return nil, false
	}
	out = append([]byte(nil), image[:im.Length]...)
	out[longest.DataOffset+longest.Length-1] ^= 1
	out[im.ChecksumOffset] ^= 1
	if im.HashAppended != 0 {
		sum := sha256.Sum256(out[:im.ChecksumOffset+1])
		copy(out[im.ChecksumOffset+1:], sum[:])
	}
	return out, true
}
