package xtensa

// transfer carries out the jumps and calls that are not common, and the window
// operations that only handlers use.
func (c *CPU) transfer(in *Insn, pc uint32) bool {
	w := c.window()
	switch in.Op {
	case opJx:
		return c.indirect(pc, w[in.S&15], -1)
	case opCallx0:
		return c.indirect(pc, w[in.S&15], 0)
	case opCallx4:
		return c.indirect(pc, w[in.S&15], 1)
	case opCallx12:
		return c.indirect(pc, w[in.S&15], 3)
	case opCall4:
		return c.call(pc, uint32(in.Disp), 1)
	case opCall12:
		return c.call(pc, uint32(in.Disp), 3)
	case opMovsp:
		return c.moveStack(in, pc)
	case opRotw:
		c.rotate(c.wb + uint32(in.Imm))
		return true
	case opL32e:
		v, ok := c.load(pc, w[in.S&15]+uint32(in.Imm), 4)
		if ok {
			w[in.T&15] = v
		}
		return ok
	case opS32e:
		return c.store(pc, w[in.S&15]+uint32(in.Imm), 4, w[in.T&15])
	}
	c.except(CauseIllegal, pc, 0)
	return false
}

// indirect jumps (n < 0) or calls to an address in a register.
func (c *CPU) indirect(pc, target uint32, n int) bool {
	native := target-c.NativeStart < c.NativeSize
	if n < 0 {
		c.next = target
	} else if c.call(pc, target, n) {
		return true
	}
	if !native && c.Watch != nil && c.Watch(target) {
		c.stop = Stop{Kind: StopJump, PC: target, From: pc}
	}
	return false
}

// call carries out CALLn. Windowed calls into the host's range are served at
// once; a CALL0 there is no call that code in that range could return from.
func (c *CPU) call(pc, target uint32, n int) bool {
	if n == 0 {
		c.SetA(0, pc+3)
		c.next = target
		return false
	}
	c.SetA(4*n, uint32(n)<<30|(pc+3)&0x3FFFFFFF)
	c.callinc = uint32(n)
	if target-c.NativeStart >= c.NativeSize {
		c.next = target
		return false
	}
	c.host.Call(c, target, pc, 4*n+2)
	if c.stop.Kind != StopLimit {
		c.next, c.stop.From = pc+3, pc
		return false
	}
	return true
}

// moveStack is MOVSP. Where the caller's frame lies in memory its base save
// area moves along, as the Alloca handler sees to.
func (c *CPU) moveStack(in *Insn, pc uint32) bool {
	w := c.window()
	from, to := w[in.S&15], w[in.T&15]
	// The caller is in registers when one of the three frames before is live.
	if (c.ws|c.ws<<16)>>(c.wb+13)&7 == 0 {
		for i := uint32(4); i <= 16; i += 4 {
			v, ok := c.load(pc, to-i, 4)
			if !ok || !c.store(pc, from-i, 4, v) {
				return false
			}
		}
	}
	w[in.T&15] = from
	return true
}
