package esp32

import "github.com/bootsim/bootsim/emu/rom"

// romSystem is console, time, clocks, resets and eFuses (spec exec 3.2).
func romSystem() []Function {
	return []Function{
		served("ets_printf", 0x40007d54, romPrintf),
		served("ets_write_char_uart", 0x40007cf8, func(m *Machine) { m.console.put(byte(m.arg(0))) }),
		served("uart_tx_one_char", 0x40009200, func(m *Machine) { m.console.put(byte(m.arg(0))); m.ret(0) }),
		served("uart_tx_one_char2", 0x4000922c, func(m *Machine) { m.console.put(byte(m.arg(0))); m.ret(0) }),
		served("ets_install_uart_printf", 0x40007d28, func(m *Machine) { m.console.removed = false }),
		served("ets_install_putc1", 0x40007d18, func(m *Machine) { m.hook(m.arg(0)) }),
		served("ets_install_putc2", 0x40007d38, func(m *Machine) {
			if m.arg(0) != 0 {
				m.unmodelled("a second output hook of ets_printf at 0x%08x", m.arg(0))
			}
		}),
		ignored("uartAttach", 0x40008fd0), ignored("Uart_Init", 0x40009120), ignored("uart_div_modify", 0x400090cc),
		ignored("uart_tx_flush", 0x40009258), ignored("uart_tx_wait_idle", 0x40009278), ignored("uart_tx_switch", 0x40009028),
		served("uart_rx_one_char", 0x400092d0, func(m *Machine) { m.ret(1) }), // nothing was received
		served("UartRxString", 0x400092fc, func(m *Machine) { m.ret(1) }),
		served("ets_delay_us", 0x40008534, func(m *Machine) {
			n := uint64(m.arg(0)) * uint64(m.peek(ticksPerUs))
			m.CPU.Skip(n)
			m.ret(uint32(n))
			m.guard()
		}),
		served("ets_update_cpu_frequency_rom", 0x40008550, func(m *Machine) { m.poke(ticksPerUs, m.arg(0)) }),
		served("ets_get_cpu_frequency", 0x4000855c, func(m *Machine) { m.ret(m.peek(ticksPerUs)) }),
		served("xthal_get_ccount", 0x4000c050, func(m *Machine) { m.ret(m.CPU.Special(srCCOUNT)) }),
		served("rtc_get_reset_reason", 0x400081d4, func(m *Machine) {
			shift := m.arg(0) & 1 * 6
			m.ret(resetState(m, 0) >> shift & 0x3F)
		}),
		served("rtc_get_wakeup_cause", 0x400081f4, func(m *Machine) { m.ret(0) }),
		served("software_reset", 0x4000824c, func(m *Machine) { m.reset(causeSoftware) }),
		served("software_reset_cpu", 0x40008264, func(m *Machine) { m.reset(causeSoftwareCPU) }),
		served("ets_set_appcpu_boot_addr", 0x4000689c, func(m *Machine) { m.keep(dport+0x38, m.arg(0)) }),
		served("ets_efuse_get_spiconfig", 0x40008658, func(m *Machine) { m.ret(rom.FlashPins(m.fuses.shown[0][3], m.fuses.shown[0][5])) }),
		served("ets_efuse_read_op", 0x40008600, func(m *Machine) { m.fuses.latch(m); m.ret(0) }),
		served("ets_efuse_program_op", 0x40008628, func(m *Machine) { m.fuses.burn(m); m.ret(0) }),
		served("abort", 0x4000bba4, func(m *Machine) { m.finish(Result{How: Aborted}) }),
		ignored("rom_i2c_writeReg", 0x400041a4), ignored("rom_i2c_writeReg_Mask", 0x400041fc),
		ignored("gpio_matrix_in", 0x40009edc), ignored("gpio_matrix_out", 0x40009f0c),
		ignored("gpio_pad_select_gpio", 0x40009fdc), ignored("gpio_pad_set_drv", 0x4000a11c),
		ignored("gpio_pad_pullup", 0x4000a22c), ignored("gpio_pad_pulldown", 0x4000a348),
		ignored("gpio_pad_hold", 0x4000a734), ignored("gpio_pad_unhold", 0x4000a484),
		ignored("rtc_select_apb_bridge", 0x40008288), ignored("intr_matrix_set", 0x4000681c), ignored("xthal_set_ccompare", 0x4000c058),
	}
}

const srCCOUNT = 234

// romUART is the ROM's own writer, to which the first hook of ets_printf is set.
const romUART = 0x40007cf8

// hook sets the first output hook of ets_printf.
func (m *Machine) hook(fn uint32) {
	switch fn {
	case romUART:
		m.console.removed = false
	case 0:
		m.console.removed = true
	default:
		m.unmodelled("an output hook of ets_printf at 0x%08x: characters would go through the bootloader's own code", fn)
	}
}
