package fuzz

import (
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// harmlessFields are eFuses that no boot depends on.
var harmlessFields = [...]string{"CLK8M_FREQ", "ADC_VREF", "DISABLE_DL_ENCRYPT", "DISABLE_DL_CACHE", "DISABLE_SDIO_HOST"}

// benign draws a change after which the device must boot what it did: content
// of data partitions, slack behind an image, an app's own code and texts with
// checksum and hash repaired, fields that nobody looks at.
func (s *Subject) benign(d dice) []Change {
	p := pick(d, s.parts)
	switch p.kind {
	case partData:
		return s.benignData(d, p)
	case partOTAData: // label bytes
		return []Change{{Kind: KindPlain, At: p.at + 4, Data: Hex("harmless")}}
	case partApp:
		return s.benignApp(d, p)
	}
	return []Change{{Kind: KindEfuse, Field: pick(d, harmlessFields[:]), Value: d.below(2)}}
}

// benignData changes data that the bootloader does not read.
func (s *Subject) benignData(d dice, p part) []Change {
	if p.row.Type != parttable.TypeData || p.size < 0x1000 || p.at%0x1000 != 0 || uint64(p.at)+uint64(p.size) > uint64(s.Device.Flash.Size()) {
		return nil
	}
	at := p.at + uint32(d.below(uint64(p.size-16)))
	return []Change{{Kind: KindPlain, At: at, Data: le32(number(d))}}
}

// benignApp changes what an application is, not whether it boots. It is signed
// anew if need be.
func (s *Subject) benignApp(d dice, p part) []Change {
	if !s.canSign() {
		return nil
	}
	c := Change{Kind: KindPlain, Of: p.at, Repair: []Repair{RepairChecksum, RepairHash}}
	switch d.below(3) {
	case 0: // pins and drive strengths, of which a bootloader takes its own
		c.At, c.Data = p.at+8+uint32(d.below(4)), Hex{byte(d.below(256))}
	case 1: // reserved bytes
		c.At, c.Data = p.at+19+uint32(d.below(4)), Hex{byte(d.below(256))}
	default: // code and data
		g, ok := segment(d, p)
		if !ok || g.Length < espimage.AppDescSize+16 {
			return nil
		}
		c.At, c.Data = p.at+g.DataOffset+espimage.AppDescSize+4*uint32(d.below(uint64(g.Length-espimage.AppDescSize)/4)), le32(number(d))
	}
	if s.Profile.SignedApps != bootloader.SecureBootNone {
		return []Change{c, {Kind: KindSign, Field: SignOwn, At: p.at}}
	}
	return []Change{c}
}
