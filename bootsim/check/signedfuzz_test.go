package check_test

import (
	"testing"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/faults"
)

// FuzzSigned writes any bytes anywhere over a lot with Secure Boot, in eFuses
// that are as they should be or have another key: a check ends, with a verdict
// and whole findings.
func FuzzSigned(f *testing.F) {
	lots := [4]bootsim.Lot{faults.Signed(1, false), faults.Signed(1, true), faults.Signed(2, false), faults.Signed(2, true)}
	f.Add(uint8(0), uint32(0x80), []byte{1}, false)
	f.Add(uint8(0), uint32(0x1000), []byte{0xE9, 1}, true)
	f.Add(uint8(2), uint32(0x8000), []byte{0xE7, 2}, false)
	f.Add(uint8(2), uint32(0x14000), []byte{0, 0, 0, 0}, false)
	f.Add(uint8(1), uint32(0x10000), []byte{0xE9, 16}, false)
	f.Add(uint8(3), uint32(0x30018), []byte{0x20, 0, 0x40, 0x3F, 0, 0, 2, 0}, true)
	f.Fuzz(func(t *testing.T, which uint8, at uint32, data []byte, otherKey bool) {
		l := lots[which%4]
		data = data[:min(len(data), 0x4000)]
		l.Contents = append(l.Contents[:len(l.Contents):len(l.Contents)], bootsim.Placement{File: "data", Address: at % 0x60000, Data: data})
		if otherKey {
			l.Efuses = l.Efuses.Clone()
			_ = l.Efuses.PlaceData(2, append(data, make([]byte, 32)...)[:32])
		}
		requireWhole(t, runAll([]bootsim.Lot{l}, nil))
	})
}
