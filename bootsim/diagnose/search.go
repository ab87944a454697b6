package diagnose

import (
	"math"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
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

// searcher looks for the reading of one region.
type searcher struct {
	kind kind
	addr uint32
	raw  []byte // the region's first bytes: a unit to try on, and more to confirm with
	keys []knownKey
	own  crypt.Config // the device's FLASH_CRYPT_CONFIG
	ctx  *Context
	list []uint32 // addresses worth trying, the likeliest first; made when first wanted
}

func newSearcher(c *Context, r region) *searcher {
	s := &searcher{kind: r.kind, addr: r.addr, own: c.Device.Efuses.CryptConfig(),
		keys: knownKeys(c.Lot, c.All, c.Device), ctx: c}
	s.raw = rawBytes(c, r)
	return s
}

// confirmSize is how many bytes confirm what one unit suggests: at addresses
// with few bits set, configurations differ in later units only.
const confirmSize = 1024

// rawBytes reads the start of a region up to erased flash, a unit at least.
func rawBytes(c *Context, r region) []byte {
	n := uint32(confirmSize)
	if r.kind == kindTable || r.kind == kindOTAData {
		n = 4 * unit
	}
	b := make([]byte, max(min(n, r.size)&^(unit-1), unit))
	c.Device.Flash.Read(r.addr, b)
	for len(b) > unit && allOnes(b[len(b)-unit:]) {
		b = b[:len(b)-unit]
	}
	return b
}

// find returns the simplest reading: none or one wrong thing before two.
func (s *searcher) find() (reading, bool) {
	if s.kind.sensible(s.raw) {
		return reading{}, true
	}
	for _, try := range []func() (reading, bool){s.here, s.elsewhere, s.twice, s.anywhere} {
		if r, ok := try(); ok {
			return r, true
		}
	}
	return reading{}, false
}

// here tries every key and configuration at the region's own address.
func (s *searcher) here() (reading, bool) {
	return s.try(s.configs(), s.keys, []uint32{s.addr})
}

// elsewhere tries every key at every other address.
func (s *searcher) elsewhere() (reading, bool) {
	return s.try(s.usual(), s.keys, s.addrs())
}

// try takes off one layer for every configuration, key and address, in that order.
func (s *searcher) try(configs []crypt.Config, keys []knownKey, addrs []uint32) (reading, bool) {
	for _, cfg := range configs {
		for _, k := range keys {
			cipher := crypt.New(k.Key, cfg)
			for _, a := range addrs {
				if s.opens(cipher, a) {
					return reading{[]layer{{k, a, cfg}}}, true
				}
			}
		}
	}
	return reading{}, false
}

// twice takes off one layer as the device would and looks for another below it.
func (s *searcher) twice() (reading, bool) {
	for _, k := range s.keys {
		if k.relation != keyDevice && k.relation != keyHost {
			continue
		}
		outer := layer{k, s.addr, s.outerConfig()}
		once := *s
		once.raw = make([]byte, len(s.raw))
		_ = crypt.New(k.Key, outer.config).Decrypt(s.addr, once.raw, s.raw)
		for _, try := range []func() (reading, bool){once.here, once.elsewhere} {
			if r, ok := try(); ok {
				return reading{append([]layer{outer}, r.layers...)}, true
			}
		}
	}
	return reading{}, false
}

// anywhere tries every configuration at the likely addresses: two things are wrong.
func (s *searcher) anywhere() (reading, bool) {
	var own []knownKey
	for _, k := range s.keys {
		if k.relation == keyDevice || k.relation == keyHost {
			own = append(own, k)
		}
	}
	return s.try(s.configs(), own, uniqueAddresses(likelyAddresses(s.ctx), s.addr))
}

func (s *searcher) outerConfig() crypt.Config {
	if s.own == 0 {
		return crypt.FullConfig
	}
	return s.own
}

// usual is the device's configuration and the one that ESP-IDF burns.
func (s *searcher) usual() []crypt.Config {
	if s.own == crypt.FullConfig {
		return []crypt.Config{crypt.FullConfig}
	}
	return []crypt.Config{s.own, crypt.FullConfig}
}

// configs is every configuration, the usual ones first.
func (s *searcher) configs() []crypt.Config {
	all := s.usual()
	for c := crypt.Config(0); c < crypt.FullConfig; c++ {
		if c != s.own {
			all = append(all, c)
		}
	}
	return all
}

// opens tells whether the region makes sense once a layer is taken off.
func (s *searcher) opens(c *crypt.Cipher, addr uint32) bool {
	var head [unit]byte
	// Addresses are multiples of 16, lengths of a unit: no error is possible.
	_ = c.Decrypt(addr, head[:], s.raw[:unit])
	if !s.kind.sensible(head[:]) {
		return false
	}
	body := make([]byte, len(s.raw))
	_ = c.Decrypt(addr, body, s.raw)
	return s.kind.confirmed(body)
}

// confirmed tells whether what follows a sensible first unit is sensible too.
func (k kind) confirmed(body []byte) bool {
	switch k {
	case kindOTAData:
		return true
	case kindTable:
		return mostlyRows(body)
	}
	return !random(body)
}

// mostlyRows accepts a table with a broken row, not one row before noise.
func mostlyRows(body []byte) bool {
	rows, others := 0, 0
	for len(body) >= parttable.RowSize {
		if parttable.DecodeRow(body).Kind == parttable.RowOther {
			others++
		} else {
			rows++
		}
		body = body[parttable.RowSize:]
	}
	return others <= rows
}

// random tells whether bytes have the entropy of noise. Of fewer than four
// units nothing can be said.
func random(b []byte) bool {
	return len(b) >= 4*unit && entropy(b) > min(7.3, math.Log2(float64(len(b)))*0.83)
}

// addrs is made late: most regions are read rightly at their own address.
func (s *searcher) addrs() []uint32 {
	if s.list == nil {
		s.list = candidateAddresses(s.ctx, s.addr)
	}
	return s.list
}

// likelyAddresses are the ROM's places and the rows of every lot's table.
func likelyAddresses(c *Context) []uint32 {
	list := []uint32{0, bootloaderAddress, 0x8000, 0x9000, 0xD000, 0xE000, 0xF000, 0x10000, 0x20000}
	for i := range c.All {
		list = append(list, slotAddresses(&c.All[i])...)
	}
	return append(list, slotAddresses(c.Lot)...)
}

// candidateAddresses lists where a file may have been encrypted for: the likely
// addresses first, then every sector, then the neighbourhood.
func candidateAddresses(c *Context, own uint32) []uint32 {
	list := likelyAddresses(c)
	for a := uint32(0); a < flashmodel.MaxSize; a += flashmodel.SectorSize {
		list = append(list, a)
	}
	list = append(list, own-unit, own+unit, own-16, own+16)
	return uniqueAddresses(list, own)
}

func uniqueAddresses(list []uint32, own uint32) []uint32 {
	seen := map[uint32]bool{own: true}
	out := list[:0:0]
	for _, a := range list {
		if !seen[a] && a%16 == 0 {
			seen[a] = true
			out = append(out, a)
		}
	}
	return out
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
