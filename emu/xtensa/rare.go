package xtensa

import "math/bits"

// rare carries out what the interpreter loop does not. It returns false when
// the run does not go on at the next instruction but at c.next, or ends.
func (c *CPU) rare(in *Insn, pc uint32) bool {
	if in.Op >= opIllegal {
		c.except(CauseIllegal, pc, 0)
		return false
	}
	switch specs[in.Op].group {
	case groupException:
		return c.privileged(in, pc)
	case groupProtection:
		c.region(in)
		return true
	case groupMac16:
		return c.mac(in, pc)
	case groupBoolean:
		return c.boolean(in)
	case groupFloat:
		return c.float(in, pc)
	case groupCache:
		return true
	case groupSpecial:
		return c.special(in)
	case groupMultiply:
		return c.divide(in, pc)
	case groupWindow, groupBranch, groupCore:
		return c.transfer(in, pc)
	case groupMemory:
		return c.conditionalStore(in, pc)
	}
	return c.rareArithmetic(in, pc)
}

func (c *CPU) rareArithmetic(in *Insn, pc uint32) bool {
	w := c.window()
	switch in.Op {
	case opNsa:
		v := w[in.S&15]
		w[in.T&15] = uint32(bits.LeadingZeros32(v^uint32(int32(v)>>31))) - 1
	case opClamps:
		limit := int32(1) << in.Imm
		w[in.R&15] = uint32(max(-limit, min(limit-1, int32(w[in.S&15]))))
	default: // ILL.N, and what is left
		c.except(CauseIllegal, pc, 0)
		return false
	}
	return true
}

func (c *CPU) divide(in *Insn, pc uint32) bool {
	w := c.window()
	a, b := w[in.S&15], w[in.T&15]
	if b == 0 {
		c.except(CauseDivide, pc, 0)
		return false
	}
	var v uint32
	switch in.Op {
	case opQuou:
		v = a / b
	case opRemu:
		v = a % b
	case opQuos:
		v = uint32(int64(int32(a)) / int64(int32(b)))
	case opRems:
		v = uint32(int64(int32(a)) % int64(int32(b)))
	}
	w[in.R&15] = v
	return true
}

// conditionalStore is S32C1I, the one memory operation that is not plain.
func (c *CPU) conditionalStore(in *Insn, pc uint32) bool {
	w := c.window()
	addr := w[in.S&15] + uint32(in.Imm)
	old, ok := c.load(pc, addr, 4)
	if !ok {
		return false
	}
	if old == c.sr[srSCOMPARE1] && !c.store(pc, addr, 4, w[in.T&15]) {
		return false
	}
	w[in.T&15] = old
	return true
}

func (c *CPU) special(in *Insn) bool {
	w, n := c.window(), uint32(in.Imm)
	switch in.Op {
	case opRsr:
		w[in.T&15] = c.readSpecial(n)
	case opWsr:
		c.writeSpecial(n, w[in.T&15])
	case opXsr:
		old := c.readSpecial(n)
		c.writeSpecial(n, w[in.T&15])
		c.SetA(int(in.T), old)
	case opRur:
		w[in.R&15] = c.ur[n]
	case opWur:
		c.ur[n] = w[in.T&15]
	case opRer:
		w[in.T&15] = c.host.External(w[in.S&15])
	}
	return true
}

// boolean carries out the boolean registers' operations.
func (c *CPU) boolean(in *Insn) bool {
	s, t := c.br>>in.S&1, c.br>>in.T&1
	set := func(n uint8, v uint32) { c.br = c.br&^(1<<n) | v&1<<n }
	switch in.Op {
	case opAndb:
		set(in.R, s&t)
	case opAndbc:
		set(in.R, s&^t)
	case opOrb:
		set(in.R, s|t)
	case opOrbc:
		set(in.R, s|^t)
	case opXorb:
		set(in.R, s^t)
	case opAny4, opAny8, opAll4, opAll8:
		set(in.T, c.booleans(in))
	case opBf, opBt:
		if s == 1 == (in.Op == opBt) {
			c.next = uint32(in.Disp)
			return false
		}
	case opMovf, opMovt:
		if t == 1 == (in.Op == opMovt) {
			c.SetA(int(in.R), c.A(int(in.S)))
		}
	}
	return true
}

// booleans is the union or intersection of four or eight boolean registers.
func (c *CPU) booleans(in *Insn) uint32 {
	mask := uint32(15)
	if in.Op == opAny8 || in.Op == opAll8 {
		mask = 255
	}
	v := c.br >> in.S & mask
	if in.Op == opAll4 || in.Op == opAll8 {
		return bit(v == mask)
	}
	return bit(v != 0)
}

func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// float stands for the floating-point unit, which is not modelled: a disabled
// coprocessor traps as on silicon, an enabled one ends the run.
func (c *CPU) float(in *Insn, pc uint32) bool {
	if c.sr[srCPENABLE]&1 == 0 {
		c.except(CauseCoprocessor0, pc, 0)
		return false
	}
	c.end(StopAbsent, pc, pc)
	c.stop.Text = "floating-point instruction " + in.Op.Name()
	return false
}
