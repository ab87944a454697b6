package esp32

// uartBlock is UART0: a write to the FIFO is a byte on the console.
func uartBlock() block {
	return block{"UART0", 0x3FF40000, "ESP-IDF v5.2.2 soc/esp32/uart_reg.h; spec exec 4.7", []register{
		{name: "UART_FIFO", off: 0x00, read: always(0), write: func(m *Machine, _, v uint32) { m.console.put(byte(v)) }},
		{name: "UART_INT_RAW", off: 0x04, count: 4}, {name: "UART_CLKDIV", off: 0x14, reset: 0xB000E1}, {name: "UART_AUTOBAUD", off: 0x18},
		{name: "UART_STATUS", off: 0x1C, read: always(0), write: ignore},
		{name: "UART_CONF0", off: 0x20, reset: 0x800001C}, {name: "UART_CONF1 … UART_ID", off: 0x24, count: 23},
	}}
}

// otherUARTs are the second and third UART, which lead nowhere.
func otherUARTs() []block {
	var out []block
	for name, base := range []uint32{1: 0x3FF50000, 2: 0x3FF6E000} {
		if base != 0 {
			out = append(out, block{"UART" + string(rune('0'+name)), base, "ESP-IDF v5.2.2 soc/esp32/uart_reg.h", []register{
				{name: "UART_FIFO", off: 0, read: always(0), write: ignore}, {name: "UART_INT_RAW …", off: 4, count: 6},
				{name: "UART_STATUS", off: 0x1C, read: always(0), write: ignore}, {name: "UART_CONF0 … UART_ID", off: 0x20, count: 24},
			}})
		}
	}
	return out
}

func gpioBlock() block {
	strap := func(m *Machine, _ uint32) uint32 {
		if m.dev.Strap == 0 {
			return 0x13
		}
		return uint32(m.dev.Strap)
	}
	return block{"GPIO", 0x3FF44000, "ESP-IDF v5.2.2 soc/esp32/gpio_reg.h; spec exec 4.7", []register{
		{name: "GPIO_OUT", off: 0x04, count: 6}, {name: "GPIO_ENABLE", off: 0x20, count: 6},
		{name: "GPIO_STRAP", off: 0x38, read: strap, write: ignore},
		{name: "GPIO_IN", off: 0x3C, count: 2}, {name: "GPIO_STATUS", off: 0x44, count: 14},
		{name: "GPIO_PIN", off: 0x88, count: 40},
		{name: "GPIO_FUNC_IN_SEL_CFG", off: 0x130, count: 256}, {name: "GPIO_FUNC_OUT_SEL_CFG", off: 0x530, count: 40},
	}}
}

func sensBlock() block {
	return block{"SENS", 0x3FF48800, "ESP-IDF v5.2.2 soc/esp32/sens_reg.h; spec exec 4.7", []register{
		{name: "SAR_READ_CTRL … SAR_NOUSE", off: 0x00, count: 62},
	}}
}

func ioMuxBlock() block {
	return block{"IO_MUX", 0x3FF49000, "ESP-IDF v5.2.2 soc/esp32/io_mux_reg.h; spec exec 4.7", []register{
		{name: "IO_MUX_PIN_CTRL and pads", off: 0x00, count: 37},
	}}
}

func analogBlock() block {
	return block{"ANA_CONFIG", 0x3FF4E000, "ESP-IDF v5.2.2 soc/esp32/include/soc/regi2c_defs.h; spec exec 4.7", []register{
		{name: "ANA_CONFIG", off: 0x44, count: 2},
	}}
}

func i2sBlock() block {
	return block{"I2S0", 0x3FF4F000, "ESP-IDF v5.2.2 soc/esp32/i2s_reg.h; spec exec 4.7", []register{
		{name: "I2S_CONF", off: 0x08}, {name: "I2S_CONF2", off: 0xA8}, {name: "I2S_CLKM_CONF", off: 0xAC}, {name: "I2S_SAMPLE_RATE_CONF", off: 0xB0},
	}}
}

func sysconBlock() block {
	date := func(m *Machine, _ uint32) uint32 {
		if m.dev.APBRevision {
			return 0x96042000
		}
		return 0x16042000
	}
	return block{"SYSCON", 0x3FF66000, "ESP-IDF v5.2.2 soc/esp32/syscon_reg.h; spec exec 4.7", []register{
		{name: "SYSCLK_CONF", off: 0x00}, {name: "XTAL_TICK_CONF", off: 0x04, reset: 39}, {name: "PLL_TICK_CONF", off: 0x08, reset: 79},
		{name: "CK8M_TICK_CONF", off: 0x0C}, {name: "SARADC_CTRL …", off: 0x10, count: 13}, {name: "APLL_TICK_CONF", off: 0x3C + 0x04},
		{name: "DATE", off: 0x7C, read: date, write: ignore},
	}}
}

// randomBlock is the random number generator. Its numbers follow from the chip's
// address and the device's entropy, so that the same input gives the same run.
func randomBlock() block {
	next := func(m *Machine, _ uint32) uint32 {
		m.random += 0x9E3779B97F4A7C15
		x := m.random
		x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
		x = (x ^ x>>27) * 0x94D049BB133111EB
		return uint32(x >> 32)
	}
	return block{"RNG", 0x3FF75000, "ESP-IDF v5.2.2 soc/esp32/wdev_reg.h; spec exec 4.7", []register{
		{name: "WDEV_RND", off: 0x144, read: next, write: ignore},
	}}
}
