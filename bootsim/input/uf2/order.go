package uf2

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// complete checks that no block is missing. Blocks are numbered from 0 to
// their total less one, once for each input file of the writer, so every
// number of a total has to come up equally often.
func (p *parser) complete() error {
	counts := map[uint32]map[uint32]int{}
	seen := map[[3]uint32][]byte{}
	kept := p.blocks[:0]
	for _, b := range p.blocks {
		key := [3]uint32{b.total, b.number, b.address}
		if before, twice := seen[key]; twice && bytes.Equal(before, b.data) {
			continue // repeated, which the format allows
		}
		seen[key] = b.data
		kept = append(kept, b)
		if counts[b.total] == nil {
			counts[b.total] = map[uint32]int{}
		}
		counts[b.total][b.number]++
	}
	p.blocks = kept
	for _, b := range p.blocks {
		of := counts[b.total]
		if uint64(len(of)) != uint64(b.total) || of[b.number] != of[0] {
			return &Error{Offset: b.offset, Reason: fmt.Sprintf("%d of %d blocks are there: the file is cut or incomplete", len(of), b.total)}
		}
	}
	return nil
}

// join connects blocks to regions and refuses bytes that are given twice.
func (p *parser) join() ([]Region, error) {
	slices.SortStableFunc(p.blocks, func(a, b block) int { return cmp.Compare(a.address, b.address) })
	var out []Region
	for _, b := range p.blocks {
		if len(out) > 0 {
			last := &out[len(out)-1]
			gap := int64(b.address) - int64(last.Address) - int64(len(last.Data))
			if gap < 0 {
				return nil, &Error{Offset: b.offset, Reason: fmt.Sprintf("blocks overlap at 0x%08x: the same address is given twice", b.address)}
			}
			if gap == 0 {
				last.Data = append(last.Data, b.data...)
				continue
			}
		}
		out = append(out, Region{Address: b.address, Data: slices.Clone(b.data)})
	}
	return out, nil
}
