package xtensa

import "testing"

// BenchmarkRun executes what hashing and copying loops are made of.
func BenchmarkRun(b *testing.B) {
	m := newBoard(b, `
		movi a2, 0
	again:
		movi a3, 64
		mov.n a4, a1
	copy:
		l32i.n a5, a4, 0
		xor a2, a2, a5
		extui a6, a2, 8, 8
		add.n a2, a2, a6
		s32i.n a2, a4, 4
		addi.n a4, a4, 4
		addi.n a3, a3, -1
		bnez a3, copy
		j again`)
	const steps = 1 << 20
	for b.Loop() {
		if s := m.Run(steps); s.Kind != StopLimit {
			b.Fatalf("stopped: %+v", s)
		}
	}
	b.ReportMetric(float64(m.Instructions())/1e6/b.Elapsed().Seconds(), "Minsn/s")
}
