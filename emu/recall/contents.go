package recall

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
)

// Contents remembers checksums and hashes of stretches of flash by what these
// show, for Sums of devices that have nothing else in common: other lots, keys,
// addresses. Of flash that was written from a stock (flashmodel.Stock) it tells what it
// shows without decrypting it; any other it leaves alone. It holds on to no flash.
// The zero value is empty, a nil one stays so; goroutines may share it.
type Contents struct {
	mu    sync.Mutex
	known map[contentName]content
}

// maxContents bounds what is remembered, in stretches of some 200 bytes each.
const maxContents = 1 << 14

// contentName is a hash of what a stretch shows, and of its size.
type contentName [sha256.Size]byte

// content is what was made of a stretch.
type content struct {
	xor *byte
	sha *[sha256.Size]byte
}

// Know makes s share what it finds out with others, by content. It comes before
// its first use.
func (s *Sums) Know(c *Contents) { s.contents = c }

// name names what a stretch shows. Sectors that are not part of it as a whole are
// read. told is false for what was not written from a stock.
func (c *Contents) name(d *emu.Device, cache flashmodel.Reader, at stretch) (name contentName, told bool) {
	const unit = flashmodel.SectorSize
	end := uint64(at.addr) + uint64(at.size)
	from, to := (at.addr+unit-1)&^(unit-1), uint32(end)&^(unit-1)
	if c == nil || end > uint64(d.Flash.Size()) || from >= to {
		return name, false
	}
	h := sha256.New()
	if !d.Flash.Made(h, from, to-from, d.Cipher().ID()) {
		return name, false
	}
	var head [16]byte
	binary.LittleEndian.PutUint32(head[:], at.size)
	binary.LittleEndian.PutUint32(head[4:], from-at.addr)
	h.Write(head[:])
	var b [unit]byte
	for _, part := range []stretch{{at.addr, from - at.addr}, {to, uint32(end) - to}} {
		cache.Read(part.addr, b[:part.size])
		h.Write(b[:part.size])
	}
	return contentName(h.Sum(nil)), true
}

// find returns what is known of a content.
func (c *Contents) find(name contentName, told bool) content {
	if !told {
		return content{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[name]
}

// keep remembers something of a content.
func (c *Contents) keep(name contentName, told bool, set func(*content)) {
	if !told {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= maxContents {
		c.known = map[contentName]content{}
	}
	k := c.known[name]
	set(&k)
	c.known[name] = k
}
