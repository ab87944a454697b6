package engine_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/fixtures/vectors"
)

// BenchmarkBoot boots recorded bootloaders, plain and encrypted.
func BenchmarkBoot(b *testing.B) {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		b.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	f, err := vectors.Load(vectors.Recorded())
	require.NoError(b, err)
	for i := range f.Recordings {
		r := &f.Recordings[i]
		if r.Bootloader == nil {
			continue
		}
		image, err := os.ReadFile(dir + "/" + r.Name + ".bin")
		require.NoError(b, err)
		require.NoError(b, r.Bootloader.SetImage(image))
		for _, scenario := range []string{"od-erased", "im-exact-fit", "fe-good-a1b2"} {
			b.Run(r.Name+"/"+scenario, func(b *testing.B) {
				d, err := f.Device(f.Scenarios[scenario], r.Bootloader)
				require.NoError(b, err)
				var steps uint64
				e := &engine.Engine{Observe: func(_ *esp32.Machine, r *esp32.Result) {
					if r != nil {
						steps += r.Steps
					}
				}}
				b.ReportAllocs()
				for b.Loop() {
					e.Boot(d.Fork())
				}
				b.ReportMetric(float64(steps)/1e6/b.Elapsed().Seconds(), "Minsn/s")
			})
		}
	}
}

// BenchmarkOwnBootloader boots our own bootloader, with ROM and set-up.
func BenchmarkOwnBootloader(b *testing.B) {
	d := device(b, nil)
	e := &engine.Engine{}
	b.ReportAllocs()
	for b.Loop() {
		e.Boot(d.Fork())
	}
}
