package provision_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/example"
)

// TestErasedFilesAreNotNamed: of a place that is wrong only what lies there now is
// named, not what was written before the chip was erased.
func TestErasedFilesAreNotNamed(t *testing.T) {
	const write = "esptool.py --chip esp32"
	for erase, want := range map[string]int{"esptool.py erase_flash\n": 1, "": 2} {
		l := newLine(t)
		r, _ := l.check(t, l.load(t, example.PlanCorrected, text(t, example.PlanCorrected, "--address 0x10000 ", "--address 0x60000 ",
			write, "esptool.py write_flash 0x10000 Avior_ESP32_WiFi_v2.bin\n"+erase+write)))
		evidence := strings.Join(finding(t, r, "wrong-address").Evidence, "\n")
		require.Equal(t, want, strings.Count(evidence, "written by step"), evidence)
		require.Contains(t, evidence, "Avior_ESP32_WiFi_OTAfactory-encrypted.bin")
		require.Equal(t, want == 2, strings.Contains(evidence, "Avior_ESP32_WiFi_v2.bin"), evidence)
	}
}
