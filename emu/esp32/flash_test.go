package esp32

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// user sends an opcode as drivers do: an address of 24 bits, n bytes out and in.
func (m *Machine) user(op, addr uint32, out []byte, in uint32) {
	const opcode, address, miso, mosi = 1 << 31, 1 << 30, 1 << 28, 1 << 27
	phases := uint32(opcode | address)
	if len(out) > 0 {
		phases |= mosi
		m.spi.answer(m, out)
	}
	if in > 0 {
		phases |= miso
	}
	for reg, v := range map[uint32]uint32{spiUSER: phases, spiUSER1: 23 << 26, spiUSER2: 7<<28 | op, spiADDR: addr << 8,
		spiMOSI: uint32(8*len(out) - 1), spiMISO: 8*in - 1} {
		m.storeRegister(spi1+reg, v)
	}
	m.storeRegister(spi1, cmdUser)
}

// Erases take the whole unit that holds the address, and nothing beside it,
// whichever command asks for it.
func TestEraseUnits(t *testing.T) {
	builtIn := func(cmd uint32) func(*Machine, uint32) {
		return func(m *Machine, addr uint32) {
			m.storeRegister(spi1+spiADDR, addr)
			m.storeRegister(spi1, cmd)
		}
	}
	opcode := func(op uint32) func(*Machine, uint32) {
		return func(m *Machine, addr uint32) { m.user(op, addr, nil, 0) }
	}
	for name, c := range map[string]struct {
		size  uint32
		erase func(*Machine, uint32)
	}{
		"SE": {0x1000, builtIn(cmdSE)}, "BE": {0x10000, builtIn(cmdBE)}, "CE": {1 << 20, builtIn(cmdCE)},
		"20": {0x1000, opcode(0x20)}, "52": {0x8000, opcode(0x52)}, "D8": {0x10000, opcode(0xD8)},
		"60": {1 << 20, opcode(0x60)}, "C7": {1 << 20, opcode(0xC7)},
	} {
		m := board(t, program(""), Options{})
		require.NoError(t, m.dev.Flash.Place(0, make([]byte, 1<<20)))
		const at = 0x3A004
		c.erase(m, at)
		require.False(t, m.dev.Flash.Erased(at, 1), "%s without the latch", name)
		m.storeRegister(spi1, cmdWREN)
		c.erase(m, at)
		start := at &^ (c.size - 1)
		require.True(t, m.dev.Flash.Erased(start, c.size), name)
		if start > 0 {
			require.False(t, m.dev.Flash.Erased(start-1, 1), name)
		}
		if end := start + c.size; end < 1<<20 {
			require.False(t, m.dev.Flash.Erased(end, 1), name)
		}
		c.erase(m, 0x80000)
		require.Equal(t, c.size == 1<<20, m.dev.Flash.Erased(0x80000, 1), "%s: the latch is gone", name)
		require.Nil(t, m.result)
	}
}

// What a user command answers lies in the first words; without the data phase
// they stay.
func TestUserCommands(t *testing.T) {
	m := board(t, program(""), Options{})
	id := func() uint32 { return m.loadRegister(spi1+spiW0) & 0xFFFFFF }
	m.user(0x9F, 0, nil, 3)
	require.EqualValues(t, 0x1440C8, id(), "the last byte is the size: 1 MB are 2 to the 0x14")
	m.keep(spi1+spiW0, 0)
	m.storeRegister(spi1, cmdRDID)
	require.EqualValues(t, 0x1440C8, id())

	require.NoError(t, m.dev.Flash.Place(0x20000, []byte("flash")))
	m.user(0x03, 0x20000, nil, 4)
	require.EqualValues(t, 0x73616C66, m.loadRegister(spi1+spiW0))
	m.keep(spi1+spiW0, 0x12345678)
	m.storeRegister(spi1+spiMISO, 31)
	m.storeRegister(spi1+spiUSER, 1<<31|1<<30)
	m.storeRegister(spi1, cmdUser)
	require.EqualValues(t, 0x12345678, m.loadRegister(spi1+spiW0), "no data phase")

	m.user(0x06, 0, nil, 0)
	m.user(0x02, 0x30000, []byte("page"), 0)
	var b [5]byte
	m.dev.Flash.Read(0x30000, b[:])
	require.Equal(t, append([]byte("page"), 0xFF), b[:])

	m.storeRegister(spi1+spiUSER1, 15<<26) // an address of 16 bits lies at the register's top, too
	m.storeRegister(spi1+spiUSER, 1<<31|1<<30|1<<28)
	m.storeRegister(spi1+spiADDR, 0x1234<<16)
	m.storeRegister(spi1+spiUSER2, 7<<28|0x03)
	m.storeRegister(spi1+spiMISO, 31)
	require.NoError(t, m.dev.Flash.Place(0x1234, []byte("here")))
	m.storeRegister(spi1, cmdUser)
	require.EqualValues(t, 0x65726568, m.loadRegister(spi1+spiW0))
}

// The status has bytes of their own opcodes; writing it wants the latch, which
// it shows and clears.
func TestStatusRegister(t *testing.T) {
	m := board(t, program(""), Options{})
	status := func(op uint32) byte {
		m.user(op, 0, nil, 1)
		return byte(m.loadRegister(spi1 + spiW0))
	}
	m.user(0x01, 0, []byte{0x1C, 0x02}, 0)
	require.Zero(t, status(0x05), "without the latch")
	m.user(0x06, 0, nil, 0)
	require.EqualValues(t, statusWEL, status(0x05))
	m.user(0x01, 0, []byte{0x1C, 0x02}, 0)
	require.EqualValues(t, 0x1C, status(0x05))
	require.EqualValues(t, 0x02, status(0x35))
	require.Zero(t, status(0x15))
	m.user(0x06, 0, nil, 0)
	m.user(0x31, 0, []byte{0x40}, 0)
	require.EqualValues(t, 0x1C, status(0x05))
	require.EqualValues(t, 0x40, status(0x35))
	m.user(0x06, 0, nil, 0)
	m.user(0x04, 0, nil, 0)
	require.EqualValues(t, 0x1C, status(0x05))
}

// The encryption block seals the 32 bytes of its address's unit for one program.
func TestEncryptionBlock(t *testing.T) {
	m := board(t, program(""), Options{})
	raw := bytes.Repeat([]byte{0x21}, 32)
	require.NoError(t, m.dev.Efuses.PlaceData(1, raw))
	require.NoError(t, m.dev.Efuses.Burn(0, []uint32{5: 0xF << 28}))
	m.storeRegister(slaveSPIConfig, encryptEnable)
	plain := []byte("thirty-two bytes of plaintext...")
	seal := func(addr uint32) []byte {
		for i := range uint32(8) {
			m.storeRegister(encryptBase+4*i, le(plain[4*i:]))
		}
		m.storeRegister(encryptBase+0x24, addr)
		m.storeRegister(encryptBase+0x20, 1)
		m.user(0x06, 0, nil, 0)
		m.user(0x02, addr&^31, plain, 0)
		got := make([]byte, 32)
		m.dev.Flash.Read(addr&^31, got)
		return got
	}
	want := make([]byte, 32)
	cipher := m.dev.Fork()
	require.NoError(t, cipher.Efuses.Burn(0, []uint32{1 << 20}))
	require.NoError(t, cipher.Cipher().Encrypt(0x20000, want, plain))
	require.Equal(t, want, seal(0x20000))
	require.NoError(t, cipher.Cipher().Encrypt(0x20020, want, plain))
	require.Equal(t, want, seal(0x20030), "the address of a half belongs to its unit")
	m.user(0x06, 0, nil, 0)
	m.user(0x02, 0x20040, plain, 0)
	got := make([]byte, 32)
	m.dev.Flash.Read(0x20040, got)
	require.Equal(t, plain, got, "it was sealed for one program")
}

func le(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// A write through the ROM's encryption leaves it as it was: what is written next
// is stored as it is.
func TestEncryptedWriteSwitchesBack(t *testing.T) {
	m := board(t, program(""), Options{})
	m.storeRegister(slaveSPIConfig, encryptEnable)
	m.write(dataAt, "thirty-two bytes to be encrypted")
	before := m.loadRegister(slaveSPIConfig)
	m.try(t, "esp_rom_spiflash_write_encrypted", 0x20000, dataAt, 32)
	require.Equal(t, before, m.loadRegister(slaveSPIConfig))
	m.storeRegister(slaveSPIConfig, 0)
	m.try(t, "esp_rom_spiflash_write_encrypted", 0x20020, dataAt, 32)
	m.try(t, "esp_rom_spiflash_write", 0x20040, dataAt, 32)
	var b [32]byte
	m.dev.Flash.Read(0x20040, b[:])
	require.Equal(t, "thirty-two bytes to be encrypted", string(b[:]))
}
