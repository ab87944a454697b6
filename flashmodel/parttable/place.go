package parttable

import "fmt"

// fixed tells whether a partition lies outside the order of the table: primary
// bootloader and primary partition table.
func (o Options) fixed(p Part) bool {
	return o.Profile.FixedRows && (p.is(TypeBootloader, SubtypePrimary) || p.is(TypeTable, SubtypePrimary))
}

// place gives partitions without an offset the next free one, and sizes that
// count back from an end their value (spec 6.1).
func (o Options) place(s Sheet) error {
	end := o.tableEnd()
	for i := range s {
		p := &s[i]
		if o.fixed(*p) {
			continue
		}
		if p.placed && p.Offset < end {
			if err := o.tooLow(p, s[0], end); err != nil {
				return err
			}
		}
		if !p.placed {
			p.Offset, p.placed = alignUp(end, o.alignment(p.Type)), true
		}
		if p.Size < 0 {
			p.Size = -p.Size - p.Offset
		}
		if end = p.Offset + p.Size; end > 4*maxNumber || end < -4*maxNumber {
			return &LimitError{fmt.Sprintf("line %d: the partitions end beyond 50 bits: flash addresses take at most 32", p.line)}
		}
	}
	return nil
}

// tooLow deals with an offset below the end of what came before.
func (o Options) tooLow(p *Part, first Part, end int64) error {
	prof := o.Profile
	switch isFirst := p.equal(first); {
	case prof.Reassign && o.Offset == 0:
		return nil
	case prof.Reassign:
		o.warn(fmt.Sprintf("WARNING: 0x%x address in the partition table is below 0x%x", p.Offset, end))
		p.placed = false
		return nil
	case prof.SectorErrors && isFirst:
		return inputErrorf("CSV Error at line %d: Partitions overlap. Partition sets offset 0x%x. "+
			"But partition table occupies the whole sector 0x%x. Use a free offset 0x%x or higher.",
			p.line, p.Offset, o.Offset, end)
	case prof.SectorErrors:
		return inputErrorf("CSV Error at line %d: Partitions overlap. Partition sets offset 0x%x. "+
			"Previous partition ends 0x%x", p.line, p.Offset, end)
	case isFirst:
		return inputErrorf("CSV Error: First partition offset 0x%x overlaps end of partition table 0x%x", p.Offset, end)
	}
	return inputErrorf("CSV Error: Partitions overlap. Partition at line %d sets offset 0x%x. "+
		"Previous partition ends 0x%x", p.line, p.Offset, end)
}

// alignment returns what offsets of a type are multiples of.
func (o Options) alignment(typ int64) int64 {
	if typ == TypeApp {
		return appAlign
	}
	return o.Profile.DataAlign
}

// modulo returns the remainder as Python has it, not negative.
func modulo(n, m int64) int64 { return (n%m + m) % m }

func alignUp(n, align int64) int64 {
	if rest := modulo(n, align); rest != 0 {
		return n + align - rest
	}
	return n
}
