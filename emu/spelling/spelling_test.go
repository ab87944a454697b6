package spelling_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/emu/spelling"
)

func TestClosest(t *testing.T) {
	known := []string{"FLASH_CRYPT_CNT", "FLASH_CRYPT_CONFIG", "flash-size", "MAC", "lot"}
	for word, want := range map[string]string{
		"FLASH_CRYPT_CN": "FLASH_CRYPT_CNT", "flashcryptconfig": "FLASH_CRYPT_CONFIG", "flashSize": "flash-size", "flash_siez": "flash-size",
		"mca": "MAC", "lots": "lot", "": "", "wxyz": "", "efuse": "", strings.Repeat("l", 41): "",
	} {
		require.Equal(t, want, spelling.Closest(word, known, 2), word)
	}
	require.Empty(t, spelling.Closest("mca", known, 1), "two slips where one is forgiven")
}

// A slip anywhere in a word still leads to it, if nothing else is as near.
func TestOneSlip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.StringMatching(`[a-z]{4,20}`).Draw(rt, "word")
		at := rapid.IntRange(0, len(word)-1).Draw(rt, "at")
		slip := rapid.SampledFrom([]string{"", word[at:at+1] + "q", "q", strings.ToUpper(word[at:at+1]) + "_"}).Draw(rt, "slip")
		require.Equal(rt, word, spelling.Closest(word[:at]+slip+word[at+1:], []string{strings.Repeat("0", len(word)), word}, 1))
	})
}
