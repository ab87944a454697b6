package flashmodel

import "bytes"

// PageProgram carries out one page program command: cells at 1 whose bit in
// data is 0 become 0, no cell becomes 1. Data that reaches the end of its
// 256-byte page goes on at the page's start; of more than 256 bytes the last
// 256 count, as in the chip's page buffer. It is recorded as those bytes and
// the address of the first of them. No data is no command. The only error is
// that of the journal's interceptor.
func (f *Flash) PageProgram(addr uint32, data []byte) error {
	if over := len(data) - PageSize; over > 0 {
		addr = inPage(addr, uint32(over%PageSize))
		data = data[over:]
	}
	if len(data) == 0 {
		return nil
	}
	addr = f.wrap(addr)
	op := Op{Kind: OpProgram, Addr: addr, Size: uint32(len(data)), Data: data}
	if !f.journal.intercepts() {
		_, err := f.journal.Apply(op, nil, nil)
		f.clear(addr, data)
		return err
	}
	before := make([]byte, len(data))
	f.readPage(addr, before)
	after := bytes.Clone(before)
	clearBits(after, data)
	after, err := f.journal.Apply(op, before, after)
	f.storePage(addr, after)
	return err
}

// Program programs data of any length, as a driver does: one page program
// command for every 256-byte page that data touches. It stops at the first
// error of the journal's interceptor. Addresses past the chip wrap.
func (f *Flash) Program(addr uint32, data []byte) error {
	for len(data) > 0 {
		if f.fillsErased(addr, data) {
			f.programErased(f.wrap(addr), data[:SectorSize])
			addr += SectorSize
			data = data[SectorSize:]
			continue
		}
		n := min(len(data), PageSize-int(addr%PageSize))
		if err := f.PageProgram(addr, data[:n]); err != nil {
			return err
		}
		addr += uint32(n)
		data = data[n:]
	}
	return nil
}

// Erase sets every cell of the unit that holds addr to 1. The chip ignores the
// address bits below the unit's size, and those above its own. A unit that is
// no erase is a *KindError.
func (f *Flash) Erase(addr uint32, unit OpKind) error {
	size, ok := unit.eraseSize(f.size)
	if !ok {
		return &KindError{Kind: unit, Addr: addr}
	}
	addr = f.wrap(addr) &^ (size - 1)
	op := Op{Kind: unit, Addr: addr, Size: size}
	if !f.journal.intercepts() {
		_, err := f.journal.Apply(op, nil, nil)
		f.dropRange(addr, size)
		f.settled(addr, size)
		return err
	}
	before, after := make([]byte, size), make([]byte, size)
	f.peek(addr, before)
	fillOnes(after)
	after, err := f.journal.Apply(op, before, after)
	f.store(addr, after)
	if allOnes(after) {
		f.settled(addr, size)
	}
	return err
}

// settled tells the trace that the run now knows what cells hold.
func (f *Flash) settled(addr, size uint32) {
	if f.trace != nil {
		f.trace.Erased.Add(addr, size)
	}
}

// EraseRange erases size bytes from addr on, sector by sector and in ascending
// order. Both have to be multiples of SectorSize, else it is an *AlignError; a
// size larger than the chip is a *RangeError. Addresses past the chip wrap. It
// stops at the first error of the journal's interceptor.
func (f *Flash) EraseRange(addr, size uint32) error {
	if addr%SectorSize != 0 || size%SectorSize != 0 {
		return &AlignError{Addr: addr, Size: size, Unit: SectorSize}
	}
	if size > f.size {
		return &RangeError{Addr: addr, Len: uint64(size), Size: f.size}
	}
	for ; size > 0; size -= SectorSize {
		if err := f.Erase(addr, OpEraseSector); err != nil {
			return err
		}
		addr += SectorSize
	}
	return nil
}

// Place puts data at addr as a programmer in the factory left it: whatever was
// there is overwritten, and nothing is journaled. Data that ends past the chip
// is a *RangeError, and nothing is written.
func (f *Flash) Place(addr uint32, data []byte) error {
	if uint64(addr)+uint64(len(data)) > uint64(f.size) {
		return &RangeError{Addr: addr, Len: uint64(len(data)), Size: f.size}
	}
	f.store(addr, data)
	return nil
}
