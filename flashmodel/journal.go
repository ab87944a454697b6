package flashmodel

import (
	"bytes"
	"fmt"
)

// OpKind tells what an operation does to its cells.
type OpKind uint8

// The kinds of operation a device can carry out on persistent state.
const (
	OpProgram     OpKind = iota // page program: clears bits of at most one 256-byte page
	OpEraseSector               // 4 KiB to ones
	OpEraseBlock32
	OpEraseBlock64
	OpEraseChip
	OpBurn // eFuse burn: sets bits of one block; Addr is the block number 0..3
)

// String names the kind for messages.
func (k OpKind) String() string {
	names := [...]string{"program", "erase 4 KiB", "erase 32 KiB", "erase 64 KiB", "erase chip", "burn"}
	if int(k) >= len(names) {
		return fmt.Sprintf("operation %d", uint8(k))
	}
	return names[k]
}

// eraseSize returns how many bytes an erase of this kind sets on a chip of
// the given size, false if it is no erase.
func (k OpKind) eraseSize(chip uint32) (uint32, bool) {
	switch k {
	case OpEraseSector:
		return SectorSize, true
	case OpEraseBlock32:
		return Block32Size, true
	case OpEraseBlock64:
		return Block64Size, true
	case OpEraseChip:
		return chip, true
	}
	return 0, false
}

// Op is one operation on persistent state, as it was asked for.
type Op struct {
	Seq  int    // position in the journal, from 0
	Kind OpKind // what is done
	Addr uint32 // flash address of the first cell, or the eFuse block number
	Size uint32 // cells touched, in bytes
	Data []byte // what was to be programmed or burnt; nil for an erase
}

// Interceptor decides what an operation leaves behind. It is the place where
// faults are injected.
type Interceptor interface {
	// Intercept is told an operation, what its cells hold before it and what
	// they would hold after it. It may alter after in place. An error stops the
	// machine at this operation; after is stored even then.
	//
	// The cells of a program come in the order of op.Data, which starts over at
	// the page's start when it wraps. Both slices are the interceptor's to keep.
	Intercept(op Op, before, after []byte) error
}

// Journal records the operations of one device in the order in which they were
// carried out, on flash and eFuses alike, so that every crash state can be
// derived from one run. The zero value records and never interferes.
type Journal struct {
	Interceptor Interceptor // nil lets every operation through
	ops         []Op
}

// Ops returns the operations recorded so far.
func (j *Journal) Ops() []Op { return j.ops }

// Apply records op, with a copy of its data, and returns what its cells hold
// afterwards. A nil journal records nothing.
func (j *Journal) Apply(op Op, before, after []byte) ([]byte, error) {
	if j == nil {
		return after, nil
	}
	// A new value, not op altered, so that the caller's data stays on its stack.
	record := Op{Seq: len(j.ops), Kind: op.Kind, Addr: op.Addr, Size: op.Size, Data: bytes.Clone(op.Data)}
	j.ops = append(j.ops, record)
	if j.Interceptor == nil {
		return after, nil
	}
	return after, j.Interceptor.Intercept(record, before, after)
}

// intercepts tells whether Apply will ask for before and after.
func (j *Journal) intercepts() bool { return j != nil && j.Interceptor != nil }

// Replay carries out the flash operations of ops on f, in their order: on a
// fork of the state before them, the first n operations of a run give the state
// in which a crash after n operations leaves the flash. Burns are passed over.
// An operation that no device records is a *KindError; f then holds what came
// before it. What an interceptor made of an operation is not in the record: to
// repeat it, attach a journal with that interceptor.
func Replay(f *Flash, ops []Op) error {
	for len(ops) > 0 {
		if f.replayShelved(ops) {
			ops = ops[pagesPerSector:]
			continue
		}
		if err := replay(f, ops[0]); err != nil {
			return err
		}
		ops = ops[1:]
	}
	return nil
}

func replay(f *Flash, op Op) error {
	switch op.Kind {
	case OpBurn:
		return nil
	case OpProgram:
		return f.PageProgram(op.Addr, op.Data)
	}
	return f.Erase(op.Addr, op.Kind)
}
