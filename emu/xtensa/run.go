package xtensa

import "math/bits"

// Run executes up to limit instructions, until something stops it. It is the
// interpreter loop: one dense switch over decoded instructions. Whatever is not
// on the way of plain code lies in functions of their own.
func (c *CPU) Run(limit uint64) Stop {
	c.stop = Stop{}
	end := c.cycles + limit
	left := limit
	pc := c.PC
	w := c.window()
	mem := &c.Memory
	number, page, lasting := noPage, (*codePage)(nil), false
	var in *Insn
	var p *uint32
	var addr, v, target uint32
	var ok bool
resume:
	for left != 0 {
		if pc>>pageShift != number {
			c.cycles = end - left
			if page, lasting = c.pageAt(pc); page == nil {
				number = noPage
				if c.stop.Kind == StopLimit {
					left--
				}
				goto leave
			}
			if number = pc >> pageShift; !lasting {
				number = noPage
			}
		}
		in = &page[pc&(PageSize-1)]
		left--
	dispatch:
		switch in.Op {
		case 0:
			if !c.decodeAt(page, pc) {
				goto leave
			}
			goto dispatch

		// Loads and stores.
		case opL32iN, opL32i, opL32ai:
			addr = w[in.S&15] + uint32(in.Imm)
			if p = mem.word(addr); p != nil {
				w[in.T&15] = *p
				break
			}
			c.cycles = end - left
			if v, ok = c.load(pc, addr, 4); !ok {
				goto leave
			}
			w[in.T&15] = v
		case opS32iN, opS32i, opS32ri:
			addr = w[in.S&15] + uint32(in.Imm)
			if p = mem.wordTo(addr); p != nil {
				*p = w[in.T&15]
				break
			}
			c.cycles = end - left
			if !c.store(pc, addr, 4, w[in.T&15]) {
				goto leave
			}
		case opL32r:
			if p = mem.word(uint32(in.Disp)); p != nil {
				w[in.T&15] = *p
				break
			}
			c.cycles = end - left
			if v, ok = c.load(pc, uint32(in.Disp), 4); !ok {
				goto leave
			}
			w[in.T&15] = v
		case opL8ui:
			addr = w[in.S&15] + uint32(in.Imm)
			if p = mem.byte(addr); p != nil {
				w[in.T&15] = *p >> (addr & 3 * 8) & 0xFF
				break
			}
			c.cycles = end - left
			if v, ok = c.load(pc, addr, 1); !ok {
				goto leave
			}
			w[in.T&15] = v
		case opL16ui, opL16si:
			addr = w[in.S&15] + uint32(in.Imm)
			if p = mem.half(addr); p != nil {
				v = *p >> (addr & 2 * 8) & 0xFFFF
			} else {
				c.cycles = end - left
				if v, ok = c.load(pc, addr, 2); !ok {
					goto leave
				}
			}
			if in.Op == opL16si {
				v = uint32(int32(int16(v)))
			}
			w[in.T&15] = v
		case opS8i:
			addr = w[in.S&15] + uint32(in.Imm)
			if p = mem.partTo(addr, 0); p != nil {
				*p = Merge(*p, addr, 1, w[in.T&15])
				break
			}
			c.cycles = end - left
			if !c.store(pc, addr, 1, w[in.T&15]) {
				goto leave
			}
		case opS16i:
			addr = w[in.S&15] + uint32(in.Imm)
			if p = mem.partTo(addr, 1); p != nil {
				*p = Merge(*p, addr, 2, w[in.T&15])
				break
			}
			c.cycles = end - left
			if !c.store(pc, addr, 2, w[in.T&15]) {
				goto leave
			}

		// Arithmetic and logic.
		case opAddiN, opAddi, opAddmi:
			if in.Op == opAddiN {
				w[in.R&15] = w[in.S&15] + uint32(in.Imm)
			} else {
				w[in.T&15] = w[in.S&15] + uint32(in.Imm)
			}
		case opAddN, opAdd:
			w[in.R&15] = w[in.S&15] + w[in.T&15]
		case opSub:
			w[in.R&15] = w[in.S&15] - w[in.T&15]
		case opXor:
			w[in.R&15] = w[in.S&15] ^ w[in.T&15]
		case opAnd:
			w[in.R&15] = w[in.S&15] & w[in.T&15]
		case opOr:
			w[in.R&15] = w[in.S&15] | w[in.T&15]
		case opMovN:
			w[in.T&15] = w[in.S&15]
		case opMoviN:
			w[in.S&15] = uint32(in.Imm)
		case opMovi:
			w[in.T&15] = uint32(in.Imm)
		case opExtui:
			w[in.R&15] = w[in.T&15] >> (in.Imm & 31) & uint32(in.Disp)
		case opAddx2:
			w[in.R&15] = w[in.S&15]<<1 + w[in.T&15]
		case opAddx4:
			w[in.R&15] = w[in.S&15]<<2 + w[in.T&15]
		case opAddx8:
			w[in.R&15] = w[in.S&15]<<3 + w[in.T&15]
		case opSubx2:
			w[in.R&15] = w[in.S&15]<<1 - w[in.T&15]
		case opSubx4:
			w[in.R&15] = w[in.S&15]<<2 - w[in.T&15]
		case opSubx8:
			w[in.R&15] = w[in.S&15]<<3 - w[in.T&15]
		case opNeg:
			w[in.R&15] = -w[in.T&15]
		case opAbs:
			if v = w[in.T&15]; int32(v) < 0 {
				v = -v
			}
			w[in.R&15] = v
		case opSlli:
			w[in.R&15] = w[in.S&15] << uint32(in.Imm)
		case opSrli:
			w[in.R&15] = w[in.T&15] >> (in.Imm & 31)
		case opSrai:
			w[in.R&15] = uint32(int32(w[in.T&15]) >> (in.Imm & 31))
		case opSrc:
			w[in.R&15] = uint32((uint64(w[in.S&15])<<32 | uint64(w[in.T&15])) >> (c.sar & 63))
		case opSrl:
			w[in.R&15] = uint32(uint64(w[in.T&15]) >> (c.sar & 63))
		case opSll:
			w[in.R&15] = uint32(uint64(w[in.S&15]) << (32 - c.sar&63))
		case opSra:
			w[in.R&15] = uint32(int64(int32(w[in.T&15])) >> (c.sar & 63))
		case opSsr:
			c.sar = w[in.S&15] & 31
		case opSsl:
			c.sar = 32 - w[in.S&15]&31
		case opSsa8l:
			c.sar = w[in.S&15] & 3 * 8
		case opSsa8b:
			c.sar = 32 - w[in.S&15]&3*8
		case opSsai:
			c.sar = uint32(in.Imm)
		case opMull:
			w[in.R&15] = w[in.S&15] * w[in.T&15]
		case opMuluh:
			w[in.R&15] = uint32(uint64(w[in.S&15]) * uint64(w[in.T&15]) >> 32)
		case opMulsh:
			w[in.R&15] = uint32(int64(int32(w[in.S&15])) * int64(int32(w[in.T&15])) >> 32)
		case opMul16u:
			w[in.R&15] = w[in.S&15] & 0xFFFF * (w[in.T&15] & 0xFFFF)
		case opMul16s:
			w[in.R&15] = uint32(int32(int16(w[in.S&15])) * int32(int16(w[in.T&15])))
		case opMin:
			w[in.R&15] = uint32(min(int32(w[in.S&15]), int32(w[in.T&15])))
		case opMax:
			w[in.R&15] = uint32(max(int32(w[in.S&15]), int32(w[in.T&15])))
		case opMinu:
			w[in.R&15] = min(w[in.S&15], w[in.T&15])
		case opMaxu:
			w[in.R&15] = max(w[in.S&15], w[in.T&15])
		case opMoveqz:
			if w[in.T&15] == 0 {
				w[in.R&15] = w[in.S&15]
			}
		case opMovnez:
			if w[in.T&15] != 0 {
				w[in.R&15] = w[in.S&15]
			}
		case opMovltz:
			if int32(w[in.T&15]) < 0 {
				w[in.R&15] = w[in.S&15]
			}
		case opMovgez:
			if int32(w[in.T&15]) >= 0 {
				w[in.R&15] = w[in.S&15]
			}
		case opSext:
			w[in.R&15] = uint32(sext(w[in.S&15], uint(in.Imm)+1))
		case opNsau:
			w[in.T&15] = uint32(bits.LeadingZeros32(w[in.S&15]))
		case opNopN, opNop, opMemw, opExtw, opIsync, opRsync, opEsync, opDsync, opExcw:

		// Branches.
		case opBeqzN, opBeqz:
			if w[in.S&15] == 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBnezN, opBnez:
			if w[in.S&15] != 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBltz:
			if int32(w[in.S&15]) < 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBgez:
			if int32(w[in.S&15]) >= 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBeqi:
			if w[in.S&15] == uint32(in.Imm) {
				pc = uint32(in.Disp)
				continue
			}
		case opBnei:
			if w[in.S&15] != uint32(in.Imm) {
				pc = uint32(in.Disp)
				continue
			}
		case opBlti:
			if int32(w[in.S&15]) < in.Imm {
				pc = uint32(in.Disp)
				continue
			}
		case opBgei:
			if int32(w[in.S&15]) >= in.Imm {
				pc = uint32(in.Disp)
				continue
			}
		case opBltui:
			if w[in.S&15] < uint32(in.Imm) {
				pc = uint32(in.Disp)
				continue
			}
		case opBgeui:
			if w[in.S&15] >= uint32(in.Imm) {
				pc = uint32(in.Disp)
				continue
			}
		case opBeq:
			if w[in.S&15] == w[in.T&15] {
				pc = uint32(in.Disp)
				continue
			}
		case opBne:
			if w[in.S&15] != w[in.T&15] {
				pc = uint32(in.Disp)
				continue
			}
		case opBlt:
			if int32(w[in.S&15]) < int32(w[in.T&15]) {
				pc = uint32(in.Disp)
				continue
			}
		case opBge:
			if int32(w[in.S&15]) >= int32(w[in.T&15]) {
				pc = uint32(in.Disp)
				continue
			}
		case opBltu:
			if w[in.S&15] < w[in.T&15] {
				pc = uint32(in.Disp)
				continue
			}
		case opBgeu:
			if w[in.S&15] >= w[in.T&15] {
				pc = uint32(in.Disp)
				continue
			}
		case opBany:
			if w[in.S&15]&w[in.T&15] != 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBnone:
			if w[in.S&15]&w[in.T&15] == 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBall:
			if ^w[in.S&15]&w[in.T&15] == 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBnall:
			if ^w[in.S&15]&w[in.T&15] != 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBbc:
			if w[in.S&15]>>(w[in.T&15]&31)&1 == 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBbs:
			if w[in.S&15]>>(w[in.T&15]&31)&1 != 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBbci:
			if w[in.S&15]>>(in.Imm&31)&1 == 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opBbsi:
			if w[in.S&15]>>(in.Imm&31)&1 != 0 {
				pc = uint32(in.Disp)
				continue
			}
		case opJ:
			if uint32(in.Disp) == pc {
				c.end(StopSpin, pc, pc)
				goto leave
			}
			pc = uint32(in.Disp)
			continue
		case opLoop, opLoopnez, opLoopgtz:
			pc = c.startLoop(in.Op, w[in.S&15], pc+3, uint32(in.Disp))
			continue

		// Calls. The target is read before the return address overwrites it.
		case opCall8:
			target = uint32(in.Disp)
			w[8] = 2<<30 | (pc+3)&0x3FFFFFFF
			c.callinc = 2
			if target-c.NativeStart < c.NativeSize {
				c.cycles = end - left
				c.host.Call(c, target, pc, 10)
				if c.stop.Kind != StopLimit {
					c.next, c.stop.From = pc+3, pc
					goto leave
				}
				break
			}
			pc = target
			continue
		case opCallx8:
			target = w[in.S&15]
			w[8] = 2<<30 | (pc+3)&0x3FFFFFFF
			c.callinc = 2
			if target-c.NativeStart < c.NativeSize {
				c.cycles = end - left
				c.host.Call(c, target, pc, 10)
				if c.stop.Kind != StopLimit {
					c.next, c.stop.From = pc+3, pc
					goto leave
				}
				break
			}
			if c.Watch != nil && c.Watch(target) {
				c.stop, c.next = Stop{Kind: StopJump, PC: target, From: pc}, target
				goto leave
			}
			pc = target
			continue
		case opEntry:
			if c.ps&(psWOE|psEXCM) == psWOE && in.S < 4 && c.ahead(c.wb+c.callinc&15) == 0 && c.wb+c.callinc <= 12 {
				// The common case of enter, inline: nothing to spill, no end of the register file.
				v = w[in.S&15] - uint32(in.Imm)
				c.wb += c.callinc
				w = c.window()
				w[in.S&15] = v
				c.ws |= 1 << c.wb
				break
			}
			c.cycles = end - left
			if !c.enter(pc, uint32(in.S), uint32(in.Imm)) {
				goto leave
			}
			w = c.window()
		case opRetw, opRetwN:
			c.cycles = end - left
			if target, ok = c.leave(pc); !ok {
				goto leave
			}
			w = c.window()
			pc = target
			continue
		case opRet, opRetN:
			pc = w[0]
			continue
		case opCall0:
			w[0] = pc + 3
			pc = uint32(in.Disp)
			continue
		default:
			c.cycles = end - left
			ok = c.rare(in, pc)
			w = c.window()
			if !ok {
				goto leave
			}
		}
		pc += uint32(in.Len)
		if pc == c.lend && c.lcount != 0 && c.ps&psEXCM == 0 {
			c.lcount--
			pc = c.lbeg
		}
	}
	c.cycles, c.PC = end, pc
	c.stop.PC = pc
	return c.stop
leave:
	pc = c.next
	w = c.window()
	if c.stop.Kind == StopLimit {
		goto resume
	}
	c.cycles, c.PC = end-left, pc
	if c.stop.Kind != StopNative && c.stop.Kind != StopJump {
		c.stop.PC = pc
	}
	return c.stop
}
