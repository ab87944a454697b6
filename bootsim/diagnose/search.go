package diagnose

import (
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

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
