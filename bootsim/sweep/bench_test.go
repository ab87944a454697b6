package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/fixtures/updates"
)

// sweepAll is a full sweep: every operation, every way of losing power.
func sweepAll(b *testing.B, s updates.Spec, opt sweep.Options) {
	b.Helper()
	sc := updates.New(s)
	b.ReportAllocs()
	var r *sweep.Result
	for b.Loop() {
		var err error
		r, err = sweep.Run(sc, opt)
		require.NoError(b, err)
	}
	last := r.Levels[len(r.Levels)-1]
	b.ReportMetric(float64(last.States), "states")
	b.ReportMetric(float64(last.Runs), "runs")
	b.ReportMetric(float64(last.Boots), "boots")
	b.ReportMetric(float64(r.Ops), "operations")
}

// megabyte is an update of 1 MiB: 4096 page programs and 256 erases.
var megabyte = updates.Spec{Updater: "esp-ota,sequential,rollback", AppSize: 1<<20 - 4096, SlotSize: "1M"}

func BenchmarkMegabyteOneFault(b *testing.B) {
	sweepAll(b, megabyte, sweep.Options{})
}

func BenchmarkMegabyteTwoFaults(b *testing.B) {
	sweepAll(b, megabyte, sweep.Options{Depth: 2})
}

func BenchmarkMegabyteEncrypted(b *testing.B) {
	s := megabyte
	s.Encrypted = true
	sweepAll(b, s, sweep.Options{})
}

func BenchmarkSmallTwoFaults(b *testing.B) {
	sweepAll(b, updates.Spec{Updater: "esp-ota,rollback"}, sweep.Options{Depth: 2})
}

func BenchmarkSmallAllKinds(b *testing.B) {
	sweepAll(b, updates.Spec{Updater: "esp-ota,rollback"}, sweep.Options{Faults: fault.All})
}
