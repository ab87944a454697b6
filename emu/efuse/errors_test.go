package efuse_test

import (
	"fmt"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/stretchr/testify/require"
)

// Every error names the place and tells what to do about it.
func TestErrorTexts(t *testing.T) {
	for want, err := range map[string]error{
		"eFuse BLOCK4 does not exist: use BLOCK0 to BLOCK3":                                                                                             &efuse.BurnError{Block: 4},
		"cannot burn 8 words into eFuse BLOCK0, which has 7":                                                                                            &efuse.BurnError{Block: 0, Words: 8},
		"eFuse FLASH_CRYPT_CNT already has bits set that the new value lacks, and a burnt bit stays: give a value that keeps them":                      &efuse.ClearError{Field: "FLASH_CRYPT_CNT"},
		"eFuse BLOCK1 is read-protected: burning over a value that cannot be seen may destroy it":                                                       &efuse.ProtectedError{Field: "BLOCK1", Read: true},
		"eFuse MAC is write-protected by WR_DIS and cannot change any more":                                                                             &efuse.ProtectedError{Field: "MAC"},
		"BLOCK1 takes 24 bytes under the 3/4 coding scheme, not 32: use a key of that size, or check CODING_SCHEME":                                     &efuse.KeySizeError{Block: 1, Size: 32, Want: 24, Scheme: efuse.Coding34},
		"eFuse BLOCK3 already holds data in groups [0 3] of six bytes, which the 3/4 coding scheme does not let change: only empty groups can be burnt": &efuse.CodedGroupError{Block: 3, Groups: []int{0, 3}},
		"eFuse BLOCK1 is not valid under the 3/4 coding scheme (groups [2]): it was burnt without the coding or only in part, so hardware uses other bytes than were meant": &efuse.CodingError{
			Block: 1, Scheme: efuse.Coding34, Groups: []int{2}},
		"this 32-byte key cannot be in a chip with 3/4 coding, which holds 24 bytes: use the chip's own 24-byte key file": &efuse.KeyExpansionError{},
		"eFuse summary, at 7: nonsense": &efuse.FormatError{What: efuse.FormatSummary.String(), Offset: 7, Reason: "nonsense"},
	} {
		require.EqualError(t, err, want)
	}
}

// CODING_SCHEME 2, which Espressif's tools refuse and ESP-IDF can burn
// (apply_repeat_encoding in esp_efuse_utility.c@v4.4.8): 16 bytes, twice.
func TestCodingRepeat(t *testing.T) {
	s, err := efuse.FromFields(map[string]any{"CODING_SCHEME": 2})
	require.NoError(t, err)
	data := []byte("sixteen bytes...")
	require.NoError(t, s.BurnData(2, data))
	require.Equal(t, append(data[:16:16], data...), s.Cells(2))
	require.Equal(t, data, s.Bytes(lookup(t, "BLOCK2")))
	require.NoError(t, s.CheckCoding(2))
	require.True(t, parse(t, s.Dump()).Set.Equal(s))
	require.NoError(t, s.Burn(2, []uint32{7: 1 << 31}))
	require.Equal(t, &efuse.CodingError{Block: 2, Scheme: efuse.CodingRepeat, Groups: []int{1}}, s.CheckCoding(2))
	require.Equal(t, byte('.')|0x80, s.Bytes(lookup(t, "BLOCK2"))[15])
}

func TestKeyState(t *testing.T) {
	for state, want := range map[string]efuse.KeyState{
		"blank": efuse.KeyUnset, "fe-dev-visible": efuse.KeyReadable, "fe-dev-protected": efuse.KeyProtected,
	} {
		require.Equal(t, want, parse(t, stateFile(t, state+".virt")).Set.KeyState(1), state)
	}
	s := efuse.New()
	require.NoError(t, s.Burn(0, []uint32{0xF << 16}))
	require.Equal(t, efuse.KeyUnset, s.KeyState(0), "BLOCK0 is no key block")
	require.Equal(t, efuse.KeyUnset, s.KeyState(4))
	require.Equal(t, "protected", s.KeyState(3).String())
}

// No verb prints a key.
func TestKeysAreNeverPrinted(t *testing.T) {
	s := parse(t, stateFile(t, "fe-and-sbv1.virt")).Set
	b := s.Begin()
	require.NoError(t, b.Key("BLOCK3", stateFile(t, "k1.bin"), false))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		require.Equal(t, s.String(), fmt.Sprintf(verb, s))
		require.Equal(t, "batch for "+s.String(), fmt.Sprintf(verb, b))
	}
	require.Equal(t, "eFuses(WR_DIS=0x0000 RD_DIS=0x0 FLASH_CRYPT_CNT=0x01 FLASH_CRYPT_CONFIG=0xf "+
		"CODING_SCHEME=NONE BLOCK1=readable BLOCK2=readable BLOCK3=unset)", s.String())
}
