package ihex

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// recordSize is how many data bytes a written record has at most.
const recordSize = 16

// Write returns an Intel HEX file that holds the regions: records of up to 16
// bytes in ascending order, in front of each 64 KiB an extended linear address
// if there is any data beyond the first 64 KiB, and an end-of-file record. The
// layout is that of Python's intelhex 2.3, which esptool's merge-bin uses. The
// error tells that regions overlap or leave the 32-bit address space.
func Write(regions []Region) ([]byte, error) {
	joined, err := connected(regions)
	if err != nil {
		return nil, err
	}
	w := &writer{}
	for _, r := range joined {
		w.linear = w.linear || uint64(r.Address)+uint64(len(r.Data)) > 0x10000
	}
	for _, r := range joined {
		w.region(r)
	}
	w.record(0, typeEnd, nil)
	return w.out.Bytes(), nil
}

// connected sorts regions and joins neighbours; empty ones are dropped.
func connected(regions []Region) ([]Region, error) {
	sorted := slices.Clone(regions)
	slices.SortStableFunc(sorted, func(a, b Region) int { return cmp.Compare(a.Address, b.Address) })
	var out []Region
	for _, r := range sorted {
		if len(r.Data) == 0 {
			continue
		}
		if end := uint64(r.Address) + uint64(len(r.Data)); end > 1<<32 {
			return nil, fmt.Errorf("data at 0x%08x runs past the 32-bit address space", r.Address)
		}
		if len(out) == 0 {
			out = append(out, r)
			continue
		}
		last := &out[len(out)-1]
		switch end := uint64(last.Address) + uint64(len(last.Data)); {
		case end > uint64(r.Address):
			return nil, fmt.Errorf("data at 0x%08x overlaps what ends at 0x%08x", r.Address, end)
		case end == uint64(r.Address):
			last.Data = slices.Concat(last.Data, r.Data)
		default:
			out = append(out, r)
		}
	}
	return out, nil
}

type writer struct {
	out     bytes.Buffer
	linear  bool   // with extended linear addresses
	started bool   // one was written
	high    uint32 // bits 16 to 31 of the last
}

// region writes the records of a region; none crosses a 64 KiB boundary.
func (w *writer) region(r Region) {
	for at := 0; at < len(r.Data); {
		addr := r.Address + uint32(at)
		if w.linear && (!w.started || w.high != addr>>16) {
			w.started, w.high = true, addr>>16
			w.record(0, typeLinear, []byte{byte(addr >> 24), byte(addr >> 16)})
		}
		n := min(recordSize, len(r.Data)-at, int(0x10000-addr&0xFFFF))
		w.record(uint16(addr), typeData, r.Data[at:at+n])
		at += n
	}
}

func (w *writer) record(addr uint16, kind byte, data []byte) {
	b := append([]byte{byte(len(data)), byte(addr >> 8), byte(addr), kind}, data...)
	var sum byte
	for _, v := range b {
		sum += v
	}
	_, _ = fmt.Fprintf(&w.out, ":%X\n", append(b, -sum))
}
