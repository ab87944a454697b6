package esp32

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// Published results: check values of CRCs, libgcc's definitions, otadata's sums
// (spec exec 3.2, 3.5, 3.6).
func TestROMFunctions(t *testing.T) {
	m := board(t, program(""), Options{})
	nine := m.write(dataAt, "123456789")
	for _, c := range []struct {
		name string
		args []uint32
		want uint32
	}{
		{"crc32_le", []uint32{0, nine, 9}, 0xCBF43926}, {"crc32_be", []uint32{0, nine, 9}, 0xFC891918},
		{"crc16_le", []uint32{0, nine, 9}, 0x906E}, {"crc16_be", []uint32{0, nine, 9}, 0xD64E},
		{"crc8_le", []uint32{0, nine, 9}, 0x2F}, {"crc8_be", []uint32{0, nine, 9}, 0x04}, {"esp_crc8", []uint32{nine, 9}, 0xA1},
		{"__clzsi2", []uint32{0x10}, 27}, {"__ctzsi2", []uint32{0x10}, 4}, {"__ffssi2", []uint32{0x10}, 5}, {"__ffssi2", []uint32{0}, 0},
		{"__bswapsi2", []uint32{0x11223344}, 0x44332211}, {"__popcountsi2", []uint32{0xF0F0}, 8}, {"__paritysi2", []uint32{7}, 1},
		{"__udivsi3", []uint32{100, 7}, 14}, {"__modsi3", []uint32{0xFFFFFF9C, 7}, 0xFFFFFFFE}, {"__cmpdi2", []uint32{1, 0, 0, 1}, 0},
		{"strlen", []uint32{nine}, 9}, {"atoi", []uint32{nine}, 123456789}, {"toupper", []uint32{'x'}, 'X'}, {"isdigit", []uint32{'7'}, 1},
		{"memcmp", []uint32{nine, nine + 1, 4}, 0xFFFFFFFF}, {"strchr", []uint32{nine, '5'}, nine + 4}, {"strchr", []uint32{nine, 'x'}, 0},
		{"rtc_get_reset_reason", []uint32{1}, 1}, {"uart_rx_one_char", []uint32{0}, 1}, {"ets_efuse_get_spiconfig", nil, 0},
		{"cache_flash_mmu_set_rom", []uint32{0, 0, 0x3F400000, 0x10001, 64, 1}, 1},
		{"cache_flash_mmu_set_rom", []uint32{0, 0, 0x3F800000, 0x10000, 64, 1}, 5},
		{"esp_rom_spiflash_prepare_encrypted_data", []uint32{33, dataAt}, 1},
		{"esp_rom_spiflash_write", []uint32{0x20000, dataAt + 2, 4}, 1}, {"esp_rom_spiflash_write", []uint32{0x20000, dataAt, 6}, 1},
	} {
		got, _ := m.try(t, c.name, c.args...)
		require.Equal(t, c.want, got, "%s%x", c.name, c.args)
	}
	for seq, sum := range map[uint32]uint32{1: 0x4743989A, 2: 0x55F63774} {
		m.poke(dataAt+64, seq)
		got, _ := m.try(t, "crc32_le", 0xFFFFFFFF, dataAt+64, 4)
		require.Equal(t, sum, got)
	}
	low, high := m.try(t, "__udivdi3", 0x90000000, 1, 10, 0)
	require.Equal(t, [2]uint32{0x28000000, 0}, [2]uint32{low, high})
}

// The rules of ets_printf that were probed on the ROM (spec exec 3.3).
func TestPrintf(t *testing.T) {
	m := board(t, program(""), Options{})
	for _, c := range []struct {
		format string
		args   []uint32
		want   string
	}{
		{"%05d", []uint32{0xFFFFFFB2}, "-0078"}, {"%5.3d", []uint32{7}, "00007"}, {"%.8x", []uint32{0x12}, "12"},
		{"%p", []uint32{0x12}, "0x00000012"}, {"%s", []uint32{0}, "<null>"}, {"%05s", []uint32{dataAt + 512}, "000ab"},
		{"%.2s", []uint32{dataAt + 512}, "ab"}, {"%-4s|", []uint32{dataAt + 512}, "ab  |"}, {"%i %o", nil, "%i %o"},
		{"[%d|%%]", []uint32{5}, "[5|% ]"}, {"%lu %lx", []uint32{7, 255}, "7 ff"}, {"%3c", []uint32{'x'}, "x"}, {"a\r\nb", nil, "a\nb"},
	} {
		m.console.text = nil
		m.write(dataAt+512, "ab")
		n, _ := m.try(t, "ets_printf", append([]uint32{m.write(dataAt, c.format)}, c.args...)...)
		require.Equal(t, c.want, m.Console(), c.format)
		if c.format != "a\r\nb" {
			require.Len(t, c.want, int(n))
		}
	}
}

// memcpy goes through the bus: registers are filled and read word by word, with
// the tail from the last word (spec exec 7, trap 1).
func TestCopiesReachRegisters(t *testing.T) {
	m := board(t, program(""), Options{})
	m.write(dataAt, "abcdefgh")
	m.try(t, "memcpy", efuseBase+0x98, dataAt, 8)
	require.EqualValues(t, 0x64636261, m.stored(efuseBase+0x98))
	m.keep(spi1+spiW0, 0x44434241)
	m.keep(spi1+spiW0+4, 0x48474645)
	for n, want := range map[uint32]string{0: "", 1: "A", 3: "ABC", 7: "ABCDEFG"} {
		m.write(dataAt+100, "")
		m.try(t, "memset", dataAt+100, 0, 16)
		m.try(t, "memcpy", dataAt+100, spi1+spiW0, n)
		require.Equal(t, want, string(m.cstring(dataAt+100)))
	}
}

// Every function that is listed can be found at its address, once.
func TestFunctionsAreListedOnce(t *testing.T) {
	seen := map[uint32]string{}
	names := map[string]bool{}
	for _, f := range Functions() {
		require.Empty(t, seen[f.Addr], "0x%08x", f.Addr)
		require.False(t, names[f.Name], f.Name)
		seen[f.Addr], names[f.Name] = f.Name, true
		require.Zero(t, f.Addr&3)
		require.Equal(t, f.Status == Served, f.serve != nil, f.Name)
	}
	require.Greater(t, len(seen), 200)
}

// A first boot with Secure Boot V1 makes the digest that espsecure makes under
// the key file whose reversed bytes are in BLOCK2.
func TestSecureBootDigest(t *testing.T) {
	m := board(t, program(""), Options{})
	block := make([]uint32, 8)
	for i := range block {
		block[i] = 0x03020100 + 0x04040404*uint32(i)
	}
	require.NoError(t, m.dev.Efuses.Burn(2, block))
	iv, blocks := lot.Filler(1, secureboot.V1IVSize), lot.Filler(2, 3*secureboot.V1BlockSize)
	m.putBytes(dataAt, iv)
	m.putBytes(dataAt+0x1000, blocks)
	m.try(t, "ets_secure_boot_start")
	m.try(t, "ets_secure_boot_rd_iv", dataAt)
	m.try(t, "ets_secure_boot_hash", 0)
	for i := range uint32(3) {
		m.try(t, "ets_secure_boot_hash", dataAt+0x1000+i*secureboot.V1BlockSize)
	}
	m.try(t, "ets_secure_boot_obtain")
	m.try(t, "ets_secure_boot_rd_abstract", dataAt+0x2000)
	var file [crypt.KeySize]byte
	for i := range file {
		file[i] = byte(31 - i)
	}
	key, err := crypt.ParseKey(file[:])
	require.NoError(t, err)
	want := secureboot.V1Digest(key, iv, blocks)
	require.Equal(t, want[:], m.bytes(dataAt+0x2000, secureboot.V1DigestSize))
}
