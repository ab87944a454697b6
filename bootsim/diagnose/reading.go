package diagnose

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// layer is one encryption that bytes went through.
type layer struct {
	key    knownKey
	addr   uint32 // flash address that it was made for
	config crypt.Config
}

// reading is a way of reading the bytes of a region in which they make sense:
// the layers of encryption to take off, the outermost first.
type reading struct {
	layers []layer
}

// asDevice tells whether a reading is how the device itself reads the region.
func (rd reading) asDevice(d *emu.Device, addr uint32) bool {
	if !d.Efuses.FlashEncryption() {
		return len(rd.layers) == 0
	}
	if len(rd.layers) != 1 {
		return false
	}
	l := rd.layers[0]
	return l.addr == addr && l.config == d.Efuses.CryptConfig() && l.key.Equal(d.Efuses.HardwareFlashKey())
}

// reader shows the whole flash as the reading sees the region's bytes.
func (rd reading) reader(base flashmodel.Reader, addr uint32) flashmodel.Reader {
	r := base
	for _, l := range rd.layers {
		r = &movedView{base: r, cipher: crypt.New(l.key.Key, l.config), delta: l.addr - addr}
	}
	return r
}

// movedView decrypts bytes as if they lay delta further on.
type movedView struct {
	base   flashmodel.Reader
	cipher *crypt.Cipher
	delta  uint32
}

func (v *movedView) Size() uint32 { return v.base.Size() }

func (v *movedView) Read(addr uint32, p []byte) {
	start := addr &^ 15
	b := make([]byte, (uint32(len(p))+addr-start+15)&^15)
	v.base.Read(start, b)
	_ = v.cipher.Decrypt(start+v.delta, b, b)
	copy(p, b[addr-start:])
}
