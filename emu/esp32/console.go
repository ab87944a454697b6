package esp32

// console collects what the UART sends. Carriage returns are left out.
type console struct {
	text    []byte
	removed bool // ets_install_putc1(0)
}

// maxConsole bounds what a runaway print loop can collect, in bytes.
const maxConsole = 1 << 20

func (c *console) put(b byte) {
	if b != '\r' && len(c.text) < maxConsole {
		c.text = append(c.text, b)
	}
}

// Console returns what was printed so far, lines ended by \n.
func (m *Machine) Console() string { return string(m.console.text) }
