package esp32

import "github.com/bootsim/bootsim/emu/rom"

// romPrintf is ets_printf. It returns the number of characters.
func romPrintf(m *Machine) {
	if m.peek(uartDevice) != consoleBaud {
		m.finish(Result{How: Spinning, Text: "the ROM's console, whose data the bootloader has overwritten"})
		return
	}
	n := 0
	text := rom.Format(string(m.cstring(m.arg(0))), func(conversion byte) any {
		n++
		v := m.arg(n)
		if conversion != 's' {
			return v
		}
		if v == 0 {
			return nil
		}
		return m.cstring(v)
	})
	if !m.console.removed {
		for _, c := range []byte(text) {
			m.console.put(c)
		}
	}
	m.ret(uint32(len(text)))
}
