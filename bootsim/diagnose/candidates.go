package diagnose

import (
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

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
