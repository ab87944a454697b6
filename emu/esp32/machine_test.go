package esp32

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/xtensa"
)

// What is not listed ends the run with its address, and the place.
func TestUnlistedEndsTheRun(t *testing.T) {
	for body, want := range map[string]string{
		"movi a2, 0x3FF\nslli a2, a2, 20\naddmi a2, a2, 0x700\nl32i a3, a2, 0":            "register 0x3ff00700 is read at 0x4007800c",
		"movi a2, 0x3FF\nslli a2, a2, 20\naddmi a2, a2, 0x700\ns32i a1, a2, 4":            "register 0x3ff00704 is written at 0x4007800c",
		"movi a2, 0x400\nslli a2, a2, 20\naddmi a2, a2, 0x600\naddi a2, a2, 4\ncallx8 a2": "a call from 0x4007800f to the ROM at 0x40000604",
		"movi a2, 0x400\nslli a2, a2, 20\naddmi a2, a2, 0x600\njx a2":                     "a jump into the ROM at 0x40000600",
	} {
		m := board(t, program(body), Options{})
		r := m.Run()
		require.Equal(t, Unmodelled, r.How, body)
		require.Contains(t, r.Text, want)
	}
}

// A word-wise alias: the instruction bus sees SRAM1 from its end.
func TestSRAM1IsSeenFromBothBuses(t *testing.T) {
	m := board(t, program(""), Options{})
	require.Equal(t, xtensa.NoCause, m.CPU.Write(0x3FFE0000, 4, 0x11223344))
	v, cause := m.CPU.Read(0x400BFFFC, 4)
	require.Equal(t, xtensa.NoCause, cause)
	require.EqualValues(t, 0x11223344, v)
	require.Equal(t, xtensa.NoCause, m.CPU.Write(0x400A0000, 4, 0x55667788))
	v, _ = m.CPU.Read(0x3FFFFFFC, 4)
	require.EqualValues(t, 0x55667788, v)
	emulated := board(t, program(""), Options{Emulated: true})
	require.Equal(t, xtensa.NoCause, emulated.CPU.Write(0x400A0000, 4, 1))
	v, _ = emulated.CPU.Read(0x3FFFFFFC, 4)
	require.Zero(t, v)
}

// Holes, and regions that are closed.
func TestHoles(t *testing.T) {
	m := board(t, program(""), Options{})
	for _, addr := range []uint32{0, 0x3FFAD000, 0x400C2000, 0x50002000, 0xFFFFFFC0} {
		_, cause := m.CPU.Read(addr, 4)
		require.Equal(t, xtensa.CauseBusAddress, cause, "0x%08x", addr)
		require.Equal(t, xtensa.CauseBusAddress, m.CPU.Write(addr, 4, 0), "0x%08x", addr)
	}
}

// The SHA block hashes as SHA-256 does, padded by the caller.
func TestSHABlock(t *testing.T) {
	m := board(t, program(""), Options{})
	message := []byte("The quick brown fox jumps over the lazy dog, twice: once for each block.")
	padded := append(append([]byte{}, message...), 0x80)
	for len(padded)%64 != 56 {
		padded = append(padded, 0)
	}
	padded = binary.BigEndian.AppendUint64(padded, uint64(8*len(message)))
	for i := 0; i < len(padded); i += 64 {
		for j := range 16 {
			m.storeRegister(shaBase+4*uint32(j), binary.BigEndian.Uint32(padded[i+4*j:]))
		}
		m.storeRegister(shaBase+map[bool]uint32{true: 0x90, false: 0x94}[i == 0], 1)
	}
	m.storeRegister(shaBase+0x98, 1)
	var got []byte
	for j := range uint32(8) {
		got = binary.BigEndian.AppendUint32(got, m.loadRegister(shaBase+4*j))
	}
	want := sha256.Sum256(message)
	require.Equal(t, want[:], got)
}

// FIPS 197, appendix C.1 to C.3, in the byte order of the registers.
func TestAESBlock(t *testing.T) {
	for mode, want := range map[uint32]string{0: "\x69\xc4\xe0\xd8\x6a\x7b\x04\x30\xd8\xcd\xb7\x80\x70\xb4\xc5\x5a",
		1: "\xdd\xa9\x7c\xa4\x86\x4c\xdf\xe0\x6e\xaf\x70\xa0\xec\x0d\x71\x91", 2: "\x8e\xa2\xb7\xca\x51\x67\x45\xbf\xea\xfc\x49\x90\x4b\x49\x60\x89"} {
		m := board(t, program(""), Options{})
		for i := range uint32(8) {
			m.storeRegister(aesBase+0x10+4*i, 0x03020100+0x04040404*i)
		}
		for i := range uint32(4) {
			m.storeRegister(aesBase+0x30+4*i, 0x33221100+0x44444444*i)
		}
		m.storeRegister(aesBase+8, mode)
		m.storeRegister(aesBase, 1)
		var got []byte
		for i := range uint32(4) {
			got = binary.LittleEndian.AppendUint32(got, m.loadRegister(aesBase+0x30+4*i))
		}
		require.Equal(t, want, string(got))
		m.storeRegister(aesBase+8, mode|4)
		m.storeRegister(aesBase, 1)
		require.EqualValues(t, 0x33221100, m.loadRegister(aesBase+0x30))
	}
}

// Programs and erases want the write enable latch, and clear it; an emulated
// chip keeps it.
func TestFlashWriteEnable(t *testing.T) {
	for _, emulated := range []bool{false, true} {
		m := board(t, program(""), Options{Emulated: emulated})
		program := func(at uint32) byte {
			m.keep(spi1+spiW0, 0x12)
			m.keep(spi1+spiADDR, at|1<<24)
			m.storeRegister(spi1, cmdPP)
			var b [1]byte
			m.dev.Flash.Read(at, b[:])
			return b[0]
		}
		require.EqualValues(t, 0xFF, program(0x20000), "without the latch")
		m.storeRegister(spi1, cmdWREN)
		require.EqualValues(t, 0x12, program(0x20000))
		if emulated {
			require.EqualValues(t, 0x12, program(0x20001))
		} else {
			require.EqualValues(t, 0xFF, program(0x20001))
		}
		m.try(t, "esp_rom_spiflash_lock")
		m.storeRegister(spi1, cmdWREN)
		require.EqualValues(t, 0xFF, program(0x20002), "protected")
	}
}

// eFuses are burnt by the command with its code, and show after the next read.
func TestEfuseController(t *testing.T) {
	m := board(t, program(""), Options{})
	m.storeRegister(efuseBase+0x1C+4*5, 0xF0000000)
	m.storeRegister(efuseBase+0x104, efuseProgram)
	require.Zero(t, m.dev.Efuses.Word(0, 5), "no command without its code")
	m.storeRegister(efuseBase+0xFC, efuseProgramCode)
	m.storeRegister(efuseBase+0x104, efuseProgram)
	require.EqualValues(t, 0xF0000000, m.dev.Efuses.Word(0, 5))
	require.Zero(t, m.loadRegister(efuseBase+4*5), "not read yet")
	m.storeRegister(efuseBase+0xFC, efuseReadCode)
	m.storeRegister(efuseBase+0x104, efuseRead)
	require.EqualValues(t, 0xF0000000, m.loadRegister(efuseBase+4*5))
}

func TestEnds(t *testing.T) {
	for body, how := range map[string]How{
		"retw": Returned, "movi a2, 0\nquou a2, a2, a2": Excepted, "a: nop\nj a": Spinning, "break 0, 0": Unmodelled,
		"movi a2, 0x3FF\nslli a2, a2, 20\nmovi a3, 0x48\nslli a3, a3, 12\nadd.n a2, a2, a3\nmovi a4, 1\nslli a4, a4, 31\ns32i a4, a2, 0": Reset,
	} {
		r := board(t, program(body), Options{Budget: 4 << 20}).Run()
		require.Equal(t, how, r.How, body)
		if how == Reset {
			require.Equal(t, emu.ResetSoftware, r.Cause)
		}
	}
}

// The ROM's handler prints what is known, and is silent when its data is gone.
func TestExceptionText(t *testing.T) {
	m := board(t, program("movi a2, 0\nl32i a2, a2, 0"), Options{})
	r := m.Run()
	require.Equal(t, xtensa.Exception{Cause: xtensa.CauseBusAddress, PC: codeAt + 6}, r.Exception)
	require.Contains(t, m.Console(), "Fatal exception (15): LoadStorePIFAddrError\n")
	m = board(t, program("movi a2, 0\nl32i a2, a2, 0"), Options{})
	m.poke(uartDevice, 0)
	require.Equal(t, Spinning, m.Run().How)
	require.Empty(t, m.Console())
}

// A key and what protects it are burnt by the same command.
func TestEfuseCommandBurnsWhatItProtects(t *testing.T) {
	m := board(t, program(""), Options{})
	m.storeRegister(efuseBase+0x1C, 1<<efuse.WrDisBlock1)
	m.storeRegister(efuseBase+0x98, 0x12345678)
	m.storeRegister(efuseBase+0xFC, efuseProgramCode)
	m.storeRegister(efuseBase+0x104, efuseProgram)
	require.EqualValues(t, 0x12345678, m.dev.Efuses.Word(1, 0))
	m.storeRegister(efuseBase+0x98, 0xFFFFFFFF)
	m.storeRegister(efuseBase+0x104, efuseProgram)
	require.EqualValues(t, 0x12345678, m.dev.Efuses.Word(1, 0), "protected now")
}
