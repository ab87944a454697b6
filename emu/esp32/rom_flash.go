package esp32

import (
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// Results of the ROM's flash functions.
const (
	flashOK    = 0
	flashError = 1
)

// romFlash is the SPI flash functions (spec exec 3.2, 3.5).
func romFlash() []Function {
	encrypting := func(v uint32) func(*Machine) {
		return func(m *Machine) { m.keep(slaveSPIConfig, m.stored(slaveSPIConfig)&^0x101|v) }
	}
	return []Function{
		served("esp_rom_spiflash_read_user_cmd", 0x400621b0, romReadUser),
		served("esp_rom_spiflash_config_param", 0x40063238, func(m *Machine) {
			for i := range 6 {
				m.poke(flashChip+4*uint32(i), m.arg(i))
			}
			m.ret(flashOK)
		}),
		served("esp_rom_spiflash_write_encrypted_enable", 0x40062df4, encrypting(0x101)),
		served("esp_rom_spiflash_write_encrypted_disable", 0x40062e60, encrypting(0)),
		served("esp_rom_spiflash_prepare_encrypted_data", 0x40062e1c, func(m *Machine) { m.ret(m.prepare(m.arg(0), m.arg(1))) }),
		served("esp_rom_spiflash_read", 0x40062ed8, romRead),
		served("esp_rom_spiflash_write", 0x40062d50, func(m *Machine) { m.ret(m.romWrite(m.arg(0), m.arg(1), m.arg(2))) }),
		served("esp_rom_spiflash_write_encrypted", 0x40062e78, romWriteEncrypted),
		served("esp_rom_spiflash_erase_sector", 0x40062ccc, func(m *Machine) {
			m.ret(m.romErase(m.arg(0)*flashmodel.SectorSize, flashmodel.SectorSize, flashmodel.OpEraseSector))
		}),
		served("esp_rom_spiflash_erase_block", 0x40062c4c, func(m *Machine) {
			m.ret(m.romErase(m.arg(0)*flashmodel.Block64Size, flashmodel.Block64Size, flashmodel.OpEraseBlock64))
		}),
		served("esp_rom_spiflash_erase_area", 0x400631ac, romEraseArea),
		served("esp_rom_spiflash_read_status", 0x4006226c, func(m *Machine) { m.poke(m.arg(1), uint32(m.spi.status[0])); m.ret(flashOK) }),
		served("esp_rom_spiflash_read_statushigh", 0x40062448, func(m *Machine) {
			// One argument: the only bootloader known to call it has no chip before it.
			m.poke(m.arg(0), uint32(m.spi.status[0])|uint32(m.spi.status[1])<<8)
			m.ret(flashOK)
		}),
		served("esp_rom_spiflash_write_status", 0x400622f0, func(m *Machine) {
			m.spi.status[0] |= statusWEL
			m.spi.writeStatus(m, []byte{byte(m.arg(1)), byte(m.arg(1) >> 8)})
			m.ret(flashOK)
		}),
		served("esp_rom_spiflash_enable_write", 0x40062320, func(m *Machine) { m.spi.status[0] |= statusWEL; m.ret(flashOK) }),
		served("esp_rom_spiflash_lock", 0x400628f0, func(m *Machine) { m.spi.status[0] |= statusProtect; m.ret(flashOK) }),
		ignored("esp_rom_spiflash_wait_idle", 0x400622c0), ignored("esp_rom_spiflash_select_qio_pins", 0x40061ddc),
		ignored("esp_rom_spiflash_attach", 0x40062a6c), ignored("esp_rom_spiflash_config_readmode", 0x40062b64),
		ignored("esp_rom_spiflash_config_clk", 0x40062bc8), absent("esp_rom_spiflash_erase_chip", 0x40062c14),
	}
}

// romReadUser sends one command byte and stores the byte that comes back.
func romReadUser(m *Machine) {
	old := m.spi.data(m, 64)
	m.spi.opcode(m, byte(m.arg(1)), 0, nil, 1)
	v := uint32(m.spi.data(m, 1)[0])
	m.spi.answer(m, old)
	m.keep(spi1+spiW0, m.stored(spi1+spiW0)&^0xFF|v)
	m.poke(m.arg(0), v)
	m.ret(flashOK)
}

// prepare hands 32 bytes to the flash encryption block.
func (m *Machine) prepare(addr, buf uint32) uint32 {
	if addr%crypt.UnitSize != 0 {
		return flashError
	}
	for i := range uint32(8) {
		m.keep(encryptBase+4*i, m.peek(buf+4*i))
	}
	m.keep(encryptBase+0x24, addr)
	m.crypt.start(m)
	return flashOK
}

// inChip tells whether a range lies in the chip that config_param described.
func (m *Machine) inChip(addr, n uint32) bool {
	return uint64(addr)+uint64(n) <= uint64(m.peek(flashChip+4))
}

func romRead(m *Machine) {
	addr, to, n := m.arg(0), m.arg(1), m.arg(2)
	if !m.inChip(addr, n) || n > maxBlock {
		m.ret(flashError)
		return
	}
	b := make([]byte, (n+3)&^3)
	m.dev.Flash.Read(addr, b[:n])
	m.putBytes(to, b[:n])
	m.ret(flashOK)
}

func (m *Machine) romErase(addr, size uint32, unit flashmodel.OpKind) uint32 {
	if !m.inChip(addr, size) {
		return flashError
	}
	m.spi.status[0] |= statusWEL
	m.spi.erase(m, addr, unit)
	return flashOK
}

func romEraseArea(m *Machine) {
	addr, n := m.arg(0), m.arg(1)
	if addr%flashmodel.SectorSize != 0 || n%flashmodel.SectorSize != 0 || !m.inChip(addr, n) {
		m.ret(flashError)
		return
	}
	for at := addr; at < addr+n && m.result == nil; at += flashmodel.SectorSize {
		m.romErase(at, flashmodel.SectorSize, flashmodel.OpEraseSector)
	}
	m.ret(flashOK)
}

// programUnit is how much the controller's data registers send at once.
const programUnit = 32

func (m *Machine) romWrite(addr, from, n uint32) uint32 {
	if n&3 != 0 || from&3 != 0 || !m.inChip(addr, n) || n > maxBlock {
		return flashError
	}
	b := m.bytes(from, n)
	for len(b) > 0 && m.result == nil && !m.faulted {
		k := min(uint32(len(b)), programUnit, flashmodel.PageSize-addr%flashmodel.PageSize)
		m.spi.status[0] |= statusWEL
		m.spi.program(m, addr, b[:k])
		addr, b = addr+k, b[k:]
	}
	return flashOK
}

func romWriteEncrypted(m *Machine) {
	addr, from, n := m.arg(0), m.arg(1), m.arg(2)
	if addr%crypt.UnitSize != 0 || n%crypt.UnitSize != 0 {
		m.ret(flashError)
		return
	}
	old := m.stored(slaveSPIConfig)
	m.keep(slaveSPIConfig, old|0x101)
	status := uint32(flashOK)
	for i := uint32(0); i < n && status == flashOK && m.result == nil && !m.faulted; i += crypt.UnitSize {
		if status = m.prepare(addr+i, from+i); status == flashOK {
			status = m.romWrite(addr+i, from+i, crypt.UnitSize)
		}
	}
	m.keep(slaveSPIConfig, old)
	m.ret(status)
}
