package xtensa

// The multiply-accumulate option: a 40-bit accumulator and four operand
// registers. Operation and halves are part of the opcode, whose order in the
// table is that of the encodings.

// macFirst is where each form begins in the table; halves follow in the order
// ll, hl, lh, hh.
var macForms = [...]struct {
	first Op
	kind  macKind
	forms macOperands
}{
	{opUmulAaLl, macUnsigned, macSS}, {opMulAaLl, macSet, macSS}, {opMulaAaLl, macAdd, macSS}, {opMulsAaLl, macSub, macSS},
	{opMulAdLl, macSet, macSY}, {opMulaAdLl, macAdd, macSY}, {opMulsAdLl, macSub, macSY},
	{opMulDaLl, macSet, macXT}, {opMulaDaLl, macAdd, macXT}, {opMulsDaLl, macSub, macXT},
	{opMulDdLl, macSet, macXY}, {opMulaDdLl, macAdd, macXY}, {opMulsDdLl, macSub, macXY},
	{opMulaDaLlLdinc, macAdd, macXT}, {opMulaDaLlLddec, macAdd, macXT},
	{opMulaDdLlLdinc, macAdd, macXY}, {opMulaDdLlLddec, macAdd, macXY},
}

type macKind uint8

const (
	macUnsigned macKind = iota
	macSet
	macAdd
	macSub
)

type macOperands uint8

const (
	macSS macOperands = iota // as, at
	macSY                    // as, my
	macXT                    // mx, at
	macXY                    // mx, my
)

// mac carries out an operation of MAC16. ok is false when its load failed.
func (c *CPU) mac(in *Insn, pc uint32) (ok bool) {
	if in.Op == opLdinc || in.Op == opLddec {
		return c.macLoad(in, pc, in.Op == opLddec)
	}
	for i := len(macForms) - 1; i >= 0; i-- {
		f := &macForms[i]
		if in.Op < f.first || in.Op >= f.first+4 {
			continue
		}
		x, y := c.macOperands(in, f.forms)
		loads := f.first >= opMulaDaLlLdinc
		if loads && !c.macLoad(in, pc, f.first == opMulaDaLlLddec || f.first == opMulaDdLlLddec) {
			return false
		}
		c.accumulate(f.kind, half(x, in.Op-f.first, 1, f.kind), half(y, in.Op-f.first, 2, f.kind))
		return true
	}
	return true
}

func (c *CPU) macOperands(in *Insn, o macOperands) (x, y uint32) {
	w := c.window()
	x, y = w[in.S&15], w[in.T&15]
	if o == macXT || o == macXY {
		x = c.mr[in.R&1]
	}
	if o == macSY || o == macXY {
		y = c.mr[in.Imm&3]
	}
	return x, y
}

// half takes the high or low 16 bits of an operand, as bit of the opcode's
// halves tells.
func half(v uint32, halves Op, bit Op, k macKind) int64 {
	if halves&bit != 0 {
		v >>= 16
	}
	if k == macUnsigned {
		return int64(uint16(v))
	}
	return int64(int16(v))
}

func (c *CPU) accumulate(k macKind, x, y int64) {
	switch k {
	case macAdd:
		c.acc += x * y
	case macSub:
		c.acc -= x * y
	default:
		c.acc = x * y
	}
	c.acc = c.acc << 24 >> 24
}

// macLoad loads a MAC16 register and steps the address.
func (c *CPU) macLoad(in *Insn, pc uint32, down bool) bool {
	w := c.window()
	addr := w[in.S&15] + 4
	if down {
		addr -= 8
	}
	v, ok := c.load(pc, addr, 4)
	if !ok {
		return false
	}
	w[in.S&15], c.mr[in.Disp&3] = addr, v
	return true
}
