package esp32

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/lot"
)

// look reads a word as code does, through the core's page tables.
func (m *Machine) look(addr uint32) uint32 {
	v, _ := m.CPU.Read(addr, 4)
	return v
}

// The window shows what is mapped now, and what the flash holds now.
func TestWindowIsCoherent(t *testing.T) {
	m := board(t, program(""), Options{})
	require.NoError(t, m.dev.Flash.Place(0x20000, []byte{1, 0, 0, 0}))
	require.NoError(t, m.dev.Flash.Place(0x30000, []byte{2, 0, 0, 0}))
	require.EqualValues(t, noMapping, m.look(dataWindow))
	for want, at := range map[uint32]uint32{1: 0x20000, 2: 0x30000} {
		m.try(t, "cache_flash_mmu_set_rom", 0, 0, dataWindow, at, 64, 1)
		require.Equal(t, want, m.look(dataWindow))
	}
	m.storeRegister(0x3FF10000, 2)
	require.EqualValues(t, 1, m.look(dataWindow), "the table itself is written")
	m.try(t, "esp_rom_spiflash_erase_sector", 0x20)
	require.EqualValues(t, 0xFFFFFFFF, m.look(dataWindow))
	m.poke(dataAt, 0x11223344)
	m.try(t, "esp_rom_spiflash_write", 0x20000, dataAt, 4)
	require.EqualValues(t, 0x11223344, m.look(dataWindow))
	m.try(t, "mmu_init", 0)
	require.EqualValues(t, noMapping, m.look(dataWindow))
}

// Raw reads send their opcode although the command phase is off, because its
// length is not zero (spec exec 0, fact 8).
func TestRawReadSendsItsOpcode(t *testing.T) {
	m := board(t, program(""), Options{})
	require.NoError(t, m.dev.Flash.Place(0x20000, []byte("raw flash")))
	for reg, v := range map[uint32]uint32{spiUSER: 0x70000030, spiUSER1: 0x7C000000, spiUSER2: 0x700000BB, spiMISO: 0x1FF, spiADDR: 0x20000 << 8} {
		m.storeRegister(spi1+reg, v)
	}
	m.storeRegister(spi1, cmdUser)
	require.Nil(t, m.result)
	require.EqualValues(t, 0x20776172, m.loadRegister(spi1+spiW0))
	m.storeRegister(spi1+spiUSER2, 0x000000BB)
	m.storeRegister(spi1, cmdUser)
	require.Contains(t, m.result.Text, "without opcode")
}

// Of images with the same entry point the one whose header was looked at last
// is meant, whichever came first.
func TestLastHeaderNamesTheImage(t *testing.T) {
	m := board(t, program(""), Options{})
	for _, at := range []uint32{0x10000, 0x30000} {
		require.NoError(t, m.dev.Flash.Place(at, lot.App(lot.AppSpec{Version: "1"})))
	}
	for _, at := range []uint32{0x30000, 0x10000, 0x30000, 0x31000} {
		m.cache.note(at)
	}
	image, ok := m.imageOf(0x40080FC4)
	require.True(t, ok)
	require.EqualValues(t, 0x30000, image)
	_, ok = m.imageOf(0x40080FC8)
	require.False(t, ok)
}
