package esp32

// Special registers of interrupts, which are never delivered.
const srINTENABLE = 228

// romXTOS is the run-time system's switches for interrupts. They set and return
// what code may ask for again.
func romXTOS() []Function {
	mask := func(change func(old, mask uint32) uint32) func(*Machine) {
		return func(m *Machine) {
			old := m.CPU.Special(srINTENABLE)
			m.CPU.SetSpecial(srINTENABLE, change(old, m.arg(0)))
			m.ret(old)
		}
	}
	return []Function{
		served("_xtos_set_intlevel", 0x4000bfdc, func(m *Machine) {
			old := m.CPU.Special(srPS)
			m.CPU.SetSpecial(srPS, old&^15|m.arg(0)&15)
			m.ret(old)
		}),
		served("_xtos_ints_on", 0x4000bf88, mask(func(old, v uint32) uint32 { return old | v })),
		served("_xtos_ints_off", 0x4000bfac, mask(func(old, v uint32) uint32 { return old &^ v })),
	}
}
