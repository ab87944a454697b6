package emu

import (
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// Watch is what was looked at of a device's persistent state: whatever came of
// it is the same on every device that holds the same there and has the same
// Conditions. A Watch must not be copied once it watches.
type Watch struct {
	spans  []span
	bits   efuse.Bits
	cipher bool    // flash was looked at through the cache
	room   [4]span // for spans, as long as they are few
}

// span is a stretch of flash that does not wrap.
type span struct{ addr, size uint32 }

// Conditions is what a boot depends on besides flash and eFuses.
type Conditions struct {
	rom                        ROM
	apb, factory, testApp, dbg bool
	strap                      uint8
	cause                      ResetReason
	entropy                    string
	crystal                    int
}

// Conditions returns those of a device.
func (d *Device) Conditions() Conditions {
	return Conditions{d.ROM, d.APBRevision, d.FactoryResetHeld, d.TestAppHeld, d.JTAG, d.Strap, d.Cause, d.Entropy, d.CrystalMHz()}
}

// Watch notes in w what is read of the device's eFuses, and of its flash
// through readers that Cached returned, until it is called with nil. Raw reads
// of Flash are not noted.
func (d *Device) Watch(w *Watch) {
	d.watch = w
	if w == nil {
		d.Efuses.Trace(nil)
		return
	}
	if w.spans == nil {
		w.spans = w.room[:0]
	}
	d.Efuses.Trace(&w.bits)
}

// Looked notes that something depends on size bytes from addr on as the cache
// shows them, though they were not read again.
func (d *Device) Looked(addr, size uint32) {
	d.Flash.Looked(addr, size)
	if d.watch != nil {
		d.watch.cipher = true
		d.watch.note(addr, size, d.Flash.Size())
	}
}

// Same tells whether two devices hold the same wherever w was looking. What was
// read through the cache depends on the key, not on each of the eFuses that
// decide about decryption.
func (w *Watch) Same(a, b *Device) bool {
	if !a.Efuses.EqualIn(&w.bits, b.Efuses) || w.cipher && !a.Efuses.SameCipher(b.Efuses) {
		return false
	}
	for _, s := range w.spans {
		if !a.Flash.Same(b.Flash, s.addr, s.size) {
			return false
		}
	}
	return true
}

// Tell tells the trace of a device's flash of everything that w saw, for a
// caller that takes over what came of it instead of looking anew.
func (w *Watch) Tell(d *Device) {
	for _, s := range w.spans {
		d.Flash.Looked(s.addr, s.size)
	}
}

// note adds a stretch of flash. Consecutive reads mostly go on where the last
// one ended.
func (w *Watch) note(addr, size, chip uint32) {
	if size >= chip {
		addr, size = 0, chip
	}
	addr &= chip - 1
	if past := int64(addr) + int64(size) - int64(chip); past > 0 {
		w.note(0, uint32(past), chip)
		size -= uint32(past)
	}
	for i := len(w.spans) - 1; i >= 0; i-- {
		s := &w.spans[i]
		if addr >= s.addr && addr <= s.addr+s.size {
			s.size = max(s.size, addr+size-s.addr)
			return
		}
	}
	w.spans = append(w.spans, span{addr, size})
}

// Cache is the flash of a device as the cache shows it, under the eye of the
// device's watch: what Cached returns, for callers that keep it themselves.
type Cache struct {
	dev  *Device
	view crypt.View
}

var _ flashmodel.Reader = (*Cache)(nil)

// Size returns the number of bytes of the chip.
func (c *Cache) Size() uint32 { return c.view.Size() }

// Read fills p with the bytes from addr on.
func (c *Cache) Read(addr uint32, p []byte) {
	if w := c.dev.watch; w != nil {
		w.cipher = true
		w.note(addr, uint32(len(p)), c.view.Size())
	}
	c.view.Read(addr, p)
}
