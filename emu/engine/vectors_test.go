package engine_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/fixtures/vectors"
)

// bootloaders names a folder with the binaries of recorded bootloaders, each as
// NAME.bin.
const bootloaders = "BOOTSIM_BOOTLOADERS"

// TestRecordings executes every recorded bootloader whose binary is at hand on
// every scenario: same outcome, same app, same log, same flash.
func TestRecordings(t *testing.T) {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		t.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	f, err := vectors.Load(vectors.Recorded())
	require.NoError(t, err)
	for i := range f.Recordings {
		r := &f.Recordings[i]
		if r.Bootloader == nil {
			continue
		}
		image, err := os.ReadFile(dir + "/" + r.Name + ".bin")
		if err != nil {
			continue
		}
		t.Run(r.Name, func(t *testing.T) {
			require.NoError(t, r.Bootloader.SetImage(image))
			e := &engine.Engine{Options: esp32.Options{Emulated: true}, SkipROM: true}
			report, err := f.Execute(r, e)
			require.NoError(t, err)
			fmt.Println(report.Line())
			if report.Identical != report.Runs {
				var b strings.Builder
				for i, x := range report.Failures {
					if i < 8 {
						fmt.Fprintf(&b, "\n  %s: %s", x.ID, strings.Join(x.Diffs, "; "))
					}
				}
				t.Error(report.Line(), b.String())
			}
		})
	}
}
