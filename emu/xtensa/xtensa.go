// Package xtensa is the Xtensa LX6 processor core as the ESP32 configures it:
// density, loop, windowed register, multiplier, divider, MAC16, min/max,
// boolean and conditional-store options, region protection, no interrupts
// delivered and no floating-point unit (its instructions decode, and trap as
// with a disabled coprocessor).
//
// It knows no chip: memory that is not plain RAM, and code that is not to be
// executed but served by the host, are the Host's. Sources are the Xtensa
// Instruction Set Architecture manual and spec exec section 2.
package xtensa

// Op is an operation: one mnemonic of the assembler, special registers left out.
type Op uint16

// Insn is one decoded instruction.
type Insn struct {
	Op  Op
	Len uint8 // bytes: 2 or 3
	// R, S and T are the register fields that the operation has, else 0.
	R, S, T uint8
	// Imm is the immediate operand as the assembler writes it.
	Imm int32
	// Disp is a second immediate, or the distance to the target of a
	// PC-relative instruction: Target makes an address of it.
	Disp int32
}

// Length returns the length in bytes of the instruction that starts with b,
// or 0 when no instruction does.
func Length(b byte) int {
	switch op0 := b & 15; {
	case op0 < 8:
		return 3
	case op0 < 14:
		return 2
	}
	return 0
}

// Decode decodes the instruction in the low bytes of w, little-endian. Bytes
// after it do not matter. What is no instruction is not Legal; its length is that of its format, or 3 where no
// format begins like it.
func Decode(w uint32) Insn {
	n := Length(byte(w))
	if n == 2 {
		w &= 0xFFFF
	} else {
		w &= 0xFFFFFF
	}
	for _, op := range buckets()[bucketOf(w)] {
		s := &specs[op]
		if w&s.mask == s.match {
			return decodeAs(op, uint8(n), w)
		}
	}
	if n == 0 {
		n = 3
	}
	return Insn{Op: opIllegal, Len: uint8(n)}
}

// Encode is the opposite of Decode. ok is false when an operand does not fit.
func Encode(in Insn) (w uint32, ok bool) {
	if !in.Legal() {
		return 0, false
	}
	w, ok = specs[in.Op].match, true
	for _, o := range in.Op.operands() {
		bits, fits := o.put(o.value(in))
		w |= bits
		ok = ok && fits
	}
	return w, ok
}

func decodeAs(op Op, n uint8, w uint32) Insn {
	in := Insn{Op: op, Len: n}
	for _, o := range op.operands() {
		o.set(&in, o.get(w))
	}
	return in
}

// Target returns the address that a PC-relative instruction at pc means: that
// of a branch, a call, a loop's end or a literal. ok is false for others.
func (in Insn) Target(pc uint32) (addr uint32, ok bool) {
	for _, o := range in.Op.operands() {
		switch o.kind {
		case kindLabel:
			return pc + 4 + uint32(in.Disp), true
		case kindCall:
			return pc&^3 + 4 + uint32(in.Disp), true
		case kindLiteral:
			return (pc+3)&^3 + uint32(in.Disp), true
		}
	}
	return 0, false
}

// Legal tells whether the word was an instruction of the core.
func (in Insn) Legal() bool { return in.Op > 0 && in.Op < opIllegal }

// Name returns the mnemonic, "" for what is no operation.
func (op Op) Name() string {
	if op < opCount {
		return specs[op].name
	}
	return ""
}
