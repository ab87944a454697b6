package bootloader

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// A coding scheme that RD_DIS hides reads as none for the software.
func TestHiddenSchemes(t *testing.T) {
	p := ForVersion(idf.Version{Major: 5, Minor: 1, Stage: idf.StageRelease})
	p.LogLevel = LogDebug
	for hidden, words := range map[uint32]int{0: 6, 1 << 19: 8} {
		set := efuse.New()
		require.NoError(t, set.Burn(0, []uint32{0: hidden, 6: 1}))
		f, err := flashmodel.New(1 << 20)
		require.NoError(t, err)
		s := newSession(&emu.Device{Flash: f, Efuses: set}, &p, nil)
		s.touchKey(1)
		require.Len(t, s.out.Log, words)
	}
}

// The error number of a bootloader that refuses its own revision changed.
func TestErrorNumbersOfRefusals(t *testing.T) {
	f, err := flashmodel.New(1 << 20)
	require.NoError(t, err)
	for _, c := range []struct {
		v    idf.Version
		want int
	}{
		{idf.Version{Major: 5, Minor: 1, Stage: idf.StageRelease}, errFail},
		{idf.Version{Major: 4, Minor: 1, Stage: idf.StageRelease}, errImageInvalid},
	} {
		p := ForVersion(c.v)
		s := newSession(&emu.Device{Flash: f, Efuses: efuse.New()}, &p, nil)
		im := &image{check: true, header: espimage.Header{Magic: espimage.Magic, MinRev: 9, MinRevFull: 399}}
		require.ErrorIs(t, s.verifyHeader(im), errRefused)
		require.Equal(t, c.want, im.code())
	}
}

// A model guesses from the moment when a segment lies over what the bootloader
// runs on, by whatever name; the first such moment counts.
func TestSelfOverwritingLoadsAreGuesses(t *testing.T) {
	f, err := flashmodel.New(1 << 20)
	require.NoError(t, err)
	p := ForVersion(idf.Version{Major: 3, Minor: 1, Stage: idf.StageRelease})
	for addr, guessed := range map[uint32]bool{
		0x40078100:     true, // loader
		0x3FFF0100:     true, // data
		p.Memory.Stack: true,
		0x400BFE00:     true, // the word-reversed name of 0x3FFE0000
		0x400BC200:     true, // of the stack
		0x3FFAE270:     true, // g_rom_flashchip
		0x3FFB0000:     false, 0x40080000: false, 0x40080400: false, 0x400A0000: false, 0x50000000: false,
		0x40077F00: false,
	} {
		s := newSession(&emu.Device{Flash: f, Efuses: efuse.New()}, &p, nil)
		s.console("a line before")
		_ = s.store(addr, 0x100)
		require.Equal(t, guessed, s.out.Guess.Why != "", "0x%08x", addr)
		if guessed {
			require.Equal(t, 1, s.out.Guess.Lines)
			s.console("another")
			_ = s.store(0x40078000, 4)
			require.Equal(t, 1, s.out.Guess.Lines)
		}
	}
	s := newSession(&emu.Device{Flash: f, Efuses: efuse.New()}, &p, nil)
	_ = s.store(0x40078000, 0)
	require.Empty(t, s.out.Guess)
}
