package script_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Names of files keep their characters, quoted or not.
func TestNamesInOtherScripts(t *testing.T) {
	s := parse(t, "esptool.py write_flash 0x1000 \"C:/Users/Müller/é.bin\" 0x8000 日本/ü.bin 0x9000 'ö.bin'")
	require.Equal(t, []string{"write_flash", "0x1000", "C:/Users/Müller/é.bin", "0x8000", "日本/ü.bin", "0x9000", "ö.bin"}, s.Commands[0].Args)
}
