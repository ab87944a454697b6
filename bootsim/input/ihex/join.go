package ihex

import (
	"bytes"
	"cmp"
	"slices"
)

// finish checks the end of the file and puts the regions in order.
func (p *parser) finish(rest []byte) ([]Region, error) {
	if !p.ended {
		return nil, p.fail("the file ends without an end-of-file record; it is cut")
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		p.line++
		return nil, p.fail("data after the end-of-file record, which flashers ignore; files that were put together need their inner end records removed")
	}
	slices.SortStableFunc(p.regions, func(a, b Region) int { return cmp.Compare(a.Address, b.Address) })
	return p.join()
}

// join connects neighbours and refuses bytes that are given twice.
func (p *parser) join() ([]Region, error) {
	var out []Region
	for _, r := range p.regions {
		end := uint64(r.Address) + uint64(len(r.Data))
		if end > 1<<32 {
			return nil, p.fail("data at 0x%08x runs past the 32-bit address space", r.Address)
		}
		if len(out) == 0 {
			out = append(out, r)
			continue
		}
		last := &out[len(out)-1]
		switch gap := int64(r.Address) - int64(last.Address) - int64(len(last.Data)); {
		case gap < 0:
			return nil, p.fail("records overlap at 0x%08x: the same address is given twice", r.Address)
		case gap == 0:
			last.Data = append(last.Data, r.Data...)
		default:
			out = append(out, r)
		}
	}
	return out, nil
}
