package esp32

import "github.com/bootsim/bootsim/flashmodel"

// user carries out the command that the USER registers describe: an opcode, an
// address, data out, data in. The opcode is sent although its phase is off when
// its length is not zero, which the raw read of bootloaders relies on.
func (f *spiFlash) user(m *Machine) {
	user, user2 := m.stored(spi1+spiUSER), m.stored(spi1+spiUSER2)
	if user>>31 == 0 && user2>>28 == 0 {
		m.unmodelled("a user command of SPI1 without opcode at 0x%08x", m.where())
		return
	}
	addr := m.stored(spi1+spiADDR) >> 8
	if bits := m.stored(spi1+spiUSER1)>>26 + 1; bits < 24 {
		addr = m.stored(spi1+spiADDR) >> (32 - bits)
	}
	in := int(m.stored(spi1+spiMISO)+8) / 8
	if user&(1<<28) == 0 {
		in = 0
	}
	out := int(m.stored(spi1+spiMOSI)+8) / 8
	if user&(1<<27) == 0 {
		out = 0
	}
	f.opcode(m, byte(user2), addr&0xFFFFFF, f.data(m, out), in)
}

// opcode is one command of the chip (25-series flash; spec exec 4.3).
func (f *spiFlash) opcode(m *Machine, op byte, addr uint32, out []byte, in int) {
	switch op {
	case 0x03, 0x0B, 0x3B, 0xBB, 0x6B, 0xEB:
		b := make([]byte, min(in, 64))
		m.dev.Flash.Read(addr, b)
		f.answer(m, b)
	case 0x9F:
		id := m.jedecID()
		f.reply(m, in, byte(id), byte(id>>8), byte(id>>16))
	case 0x05, 0x35, 0x15:
		f.reply(m, in, f.status[map[byte]int{0x05: 0, 0x35: 1, 0x15: 2}[op]])
	case 0x06, 0x50:
		f.status[0] |= statusWEL
	case 0x04:
		f.status[0] &^= statusWEL
	case 0x02, 0x32:
		f.program(m, addr, out)
	case 0x5A, 0xAB: // SFDP, release from power-down: the model has neither table nor signature
		f.reply(m, in)
	case 0xB9, 0x66, 0x99, 0xFF:
	default:
		f.more(m, op, addr, out)
	}
}

func (f *spiFlash) more(m *Machine, op byte, addr uint32, out []byte) {
	switch {
	case op == 0x01 && len(out) > 0:
		f.writeStatus(m, out[:min(len(out), 2)])
	case op == 0x31 && len(out) > 0:
		f.writeStatus(m, []byte{f.status[0], out[0]})
	case op == 0x20:
		f.erase(m, addr, flashmodel.OpEraseSector)
	case op == 0x52:
		f.erase(m, addr, flashmodel.OpEraseBlock32)
	case op == 0xD8:
		f.erase(m, addr, flashmodel.OpEraseBlock64)
	case op == 0x60 || op == 0xC7:
		f.erase(m, 0, flashmodel.OpEraseChip)
	default:
		m.unmodelled("flash command 0x%02x at 0x%08x", op, m.where())
	}
}

// reply answers with the bytes given, repeated as chips repeat a status, or
// zeros where there are none.
func (f *spiFlash) reply(m *Machine, in int, bytes ...byte) {
	b := make([]byte, min(in, 64))
	for i := range b {
		if len(bytes) > 0 {
			b[i] = bytes[i%len(bytes)]
		}
	}
	f.answer(m, b)
}
