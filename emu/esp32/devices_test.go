package esp32

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
)

const mmuTable = 0x3FF10000

// Every window has entries of its own, and shows the page that its entry names.
func TestMMUEntriesOfTheWindows(t *testing.T) {
	windows := map[uint32]uint32{dataWindow: 0, dataWindow + 0x10000: 1, codeWindow: 64 + 13, 0x40400000: 128, 0x407F0000: 191, 0x40800000: 192}
	for window, entry := range windows {
		m := board(t, program(""), Options{})
		require.NoError(t, m.dev.Flash.Place(0x20000, []byte{1, 2, 3, 4}))
		m.storeRegister(mmuTable+4*entry, 2)
		for other := range windows {
			require.Equal(t, other == window, m.look(other) == 0x04030201, "entry %d at 0x%08x", entry, other)
		}
		m.storeRegister(mmuTable+4*entry, mmuInvalid|2)
		require.NotEqualValues(t, 0x04030201, m.look(window), "an invalid entry names no page")
	}
}

// Code that is mapped anew is fetched anew.
func TestCodeFollowsTheMapping(t *testing.T) {
	m := board(t, program(`
		j start
		.align 4
	to: .word 0x400D0000
	start: l32r a2, to
		callx0 a2
		callx0 a2`), Options{})
	for page, n := range map[uint32]byte{0x20000: 1, 0x30000: 2} { // movi.n a3, n; ret.n
		require.NoError(t, m.dev.Flash.Place(page, []byte{0x0C, n<<4 | 3, 0x0D, 0xF0}))
	}
	m.CPU.Watch = nil
	m.storeRegister(mmuTable+4*77, 2)
	returned := func(pc uint32) bool { return pc < codeWindow && m.CPU.A(3) != 0 }
	m.Advance(1, nil) // entry
	m.CPU.SetA(3, 0)
	_, done := m.Advance(100, returned)
	require.False(t, done)
	require.EqualValues(t, 1, m.CPU.A(3))
	m.storeRegister(mmuTable+4*77, 3)
	m.CPU.SetA(3, 0)
	_, done = m.Advance(100, returned)
	require.False(t, done)
	require.EqualValues(t, 2, m.CPU.A(3))
}

// A program in the middle of a sector that the window shows, shows.
func TestWindowShowsProgramsInsideSectors(t *testing.T) {
	m := board(t, program(""), Options{})
	m.storeRegister(mmuTable, 2)
	require.EqualValues(t, 0xFFFFFFFF, m.look(dataWindow+0x104))
	m.user(0x06, 0, nil, 0)
	m.user(0x02, 0x20104, []byte{1, 2, 3, 4}, 0)
	require.EqualValues(t, 0x04030201, m.look(dataWindow+0x104))
}

// eFuses show as of the last read command with its code, and never what read
// protection hides.
func TestEfuseReadsAreLatched(t *testing.T) {
	m := board(t, program(""), Options{})
	const key = efuseBase + 0x38
	read := func(code uint32) uint32 {
		m.storeRegister(efuseBase+0xFC, code)
		m.storeRegister(efuseBase+0x104, efuseRead)
		return m.loadRegister(key)
	}
	require.NoError(t, m.dev.Efuses.Burn(1, []uint32{0x1234}))
	require.Zero(t, read(efuseProgramCode), "another code")
	require.EqualValues(t, 0x1234, read(efuseReadCode))
	require.NoError(t, m.dev.Efuses.Burn(0, []uint32{1 << (16 + efuse.RdDisBlock1)}))
	require.EqualValues(t, 0x1234, m.loadRegister(key))
	require.Zero(t, read(efuseReadCode))
}

// The state after the last block of a padded message is its hash (FIPS 180-4).
func TestSHAVariants(t *testing.T) {
	message := []byte("abc")
	one, two := sha1.Sum(message), sha256.Sum256(message)
	five := sha512.Sum512(message)
	for start, c := range map[uint32]struct {
		block int
		want  []byte
	}{0x80: {64, one[:]}, 0x90: {64, two[:]}, 0xB0: {128, five[:]}} {
		m := board(t, program(""), Options{})
		b := make([]byte, c.block)
		b[copy(b, message)] = 0x80
		b[c.block-1] = byte(8 * len(message))
		for i := range c.block / 4 {
			m.storeRegister(shaBase+4*uint32(i), binary.BigEndian.Uint32(b[4*i:]))
		}
		m.storeRegister(shaBase+start, 1)
		m.storeRegister(shaBase+start+8, 1)
		var got []byte
		for i := range len(c.want) / 4 {
			got = binary.BigEndian.AppendUint32(got, m.loadRegister(shaBase+4*uint32(i)))
		}
		require.Equal(t, c.want, got, "0x%x", start)
	}
}

// A reset of the core has a cause of its own.
func TestResetCauses(t *testing.T) {
	for bit, want := range map[uint32]emu.ResetReason{resetSystem: 3, resetProCPU: 0xC} {
		m := board(t, program(""), Options{})
		m.storeRegister(rtcBase, bit)
		require.Equal(t, Reset, m.result.How)
		require.Equal(t, want, m.result.Cause)
	}
}

// Code of the loader that was overwritten is no longer the loader's.
func TestOverwrittenLoaderIsLeft(t *testing.T) {
	m := board(t, program("nop\nnop\nnop"), Options{})
	require.False(t, m.leavesLoader(codeAt+8))
	m.Store(codeAt+8, 1, 0)
	require.True(t, m.leavesLoader(codeAt+8))
	require.False(t, m.leavesLoader(codeAt+4))
}

// A byte that is stored to a register leaves the other three.
func TestBytesOfRegisters(t *testing.T) {
	m := board(t, program(""), Options{})
	m.Store(spi1+spiW0, 4, 0x11223344)
	m.Store(spi1+spiW0+1, 1, 0xAB)
	m.Store(spi1+spiW0+2, 2, 0xCDEF)
	v, _ := m.Load(spi1+spiW0, 4)
	require.EqualValues(t, 0xCDEFAB44, v)
}
