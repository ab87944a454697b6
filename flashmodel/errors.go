package flashmodel

import "fmt"

// SizeError reports a chip size that no supported flash has.
type SizeError struct {
	Size uint32 // bytes
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("flash size 0x%x is not a power of two from 1 MB to 16 MB; give the size of the chip on the module", e.Size)
}

// AlignError reports an address or size that is no multiple of the unit that
// the operation works in.
type AlignError struct {
	Addr, Size uint32 // as asked for, in bytes
	Unit       uint32 // what both have to be multiples of
}

func (e *AlignError) Error() string {
	return fmt.Sprintf("address 0x%08x, size 0x%x: both have to be multiples of %d bytes; round the address down and the size up",
		e.Addr, e.Size, e.Unit)
}

// RangeError reports bytes that do not fit into the chip.
type RangeError struct {
	Addr uint32 // first byte
	Len  uint64 // number of bytes
	Size uint32 // bytes of the chip
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("0x%x bytes at 0x%08x end past the chip, which has 0x%x bytes; choose a larger flash or a lower address",
		e.Len, e.Addr, e.Size)
}

// KindError reports an operation that the flash cannot carry out, such as an
// eFuse burn given as the unit of an erase.
type KindError struct {
	Kind OpKind
	Addr uint32
}

func (e *KindError) Error() string {
	return fmt.Sprintf("operation %q at 0x%08x is not one that a flash chip can do here; an erase takes a sector, block or chip kind", e.Kind, e.Addr)
}
