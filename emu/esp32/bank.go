package esp32

import "sync"

// Peripherals lie in 128 blocks of 4 KiB.
const (
	peripherals    = 0x3FF00000
	peripheralSize = 0x80000
	apbAlias       = 0x60000000 // the same as 0x3FF40000
	apb            = 0x3FF40000
	blockCount     = peripheralSize / 0x1000
)

func inPeripherals(addr uint32) bool {
	return addr-peripherals < peripheralSize || addr-apbAlias < peripherals+peripheralSize-apb
}

// peripheral returns the address of a register on the data bus.
func peripheral(addr uint32) uint32 {
	if addr >= apbAlias {
		addr = addr - apbAlias + apb
	}
	return addr &^ 3
}

// block is the description of a peripheral: the registers that a run may touch.
// All others end it.
type block struct {
	name      string
	base      uint32
	source    string // where names and meanings of its registers are from
	registers []register
}

// register is one register, or a row of alike ones. Without functions it is
// plain storage.
type register struct {
	name  string
	off   uint32 // from the block's base
	count uint32 // of words; 0 stands for 1
	reset uint32 // at entry of the second stage
	read  func(m *Machine, addr uint32) uint32
	write func(m *Machine, addr, v uint32)
}

// directory finds a register by the number of its block and word.
type directory [blockCount][]*register

// registerDirectory is made once: the tables never change.
var registerDirectory = sync.OnceValue(func() *directory {
	var d directory
	for _, b := range blocks() {
		for i := range b.registers {
			r := &b.registers[i]
			for n := range max(r.count, 1) {
				addr := b.base + r.off + 4*n
				page := (addr - peripherals) >> 12
				if d[page] == nil {
					d[page] = make([]*register, pageWords)
				}
				d[page][addr&pageMask/4] = r
			}
		}
	}
	return &d
})

// registerAt returns the register at an address, or nil.
func registerAt(addr uint32) *register {
	row := registerDirectory()[(addr-peripherals)>>12]
	if row == nil {
		return nil
	}
	return row[addr&pageMask/4]
}

// resetRegisters gives registers their values at entry.
func (m *Machine) resetRegisters() {
	for _, b := range blocks() {
		for _, r := range b.registers {
			for n := range max(r.count, 1) {
				if r.reset != 0 {
					m.keep(b.base+r.off+4*n, r.reset)
				}
			}
		}
	}
}

// stored returns what a register holds.
func (m *Machine) stored(addr uint32) uint32 {
	if p := m.banks[(addr-peripherals)>>12]; p != nil {
		return p[addr&pageMask/4]
	}
	return 0
}

// keep makes a register hold a value.
func (m *Machine) keep(addr, v uint32) {
	p := m.banks[(addr-peripherals)>>12]
	if p == nil {
		p = new([pageWords]uint32)
		m.banks[(addr-peripherals)>>12] = p
	}
	p[addr&pageMask/4] = v
}

func (m *Machine) loadRegister(addr uint32) uint32 {
	r := registerAt(addr)
	switch {
	case r == nil:
		m.unmodelled("register 0x%08x is read at 0x%08x: it is not among those that the engine knows", addr, m.where())
		return 0
	case r.read != nil:
		return r.read(m, addr)
	}
	return m.stored(addr)
}

func (m *Machine) storeRegister(addr, v uint32) {
	r := registerAt(addr)
	switch {
	case r == nil:
		m.unmodelled("register 0x%08x is written at 0x%08x (0x%08x): it is not among those that the engine knows", addr, m.where(), v)
	case r.write != nil:
		r.write(m, addr, v)
	default:
		m.keep(addr, v)
	}
}

// ignore is the write function of registers that cannot be written.
func ignore(*Machine, uint32, uint32) {}

// always returns the read function of a register with one value.
func always(v uint32) func(*Machine, uint32) uint32 {
	return func(*Machine, uint32) uint32 { return v }
}
