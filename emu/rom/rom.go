// Package rom models the first stage of a classic ESP32: the mask ROM, from
// reset to the jump into the second stage at 0x1000, in both generations that
// exist (spec section 1), and the ROM's console functions that later stages
// print with.
package rom

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// ImageAddress is where the ROM looks for the second stage.
const ImageAddress = 0x1000

// Result is what the ROM did.
type Result struct {
	Log []emu.Line
	// Loaded is the second stage that was started; nil when none was.
	Loaded *Loaded
	// The rest tells how the boot ended if nothing was started.
	End         emu.End
	Refusals    []emu.Refusal
	NotModelled string
	NextCause   emu.ResetReason
}

// Loaded is a second stage in memory.
type Loaded struct {
	Entry    uint32 // address jumped to
	Segments []espimage.Segment
	Length   uint32 // of the image, up to and with its checksum
}

// stage is one run of the ROM.
type stage struct {
	dev   *emu.Device
	flash flashmodel.Reader // through the cache
	out   Result
}

// Run starts the chip. The device is not changed.
func Run(d *emu.Device) Result {
	s := &stage{dev: d, flash: d.Cached()}
	s.banner()
	switch {
	case !s.flashBoot():
		s.download()
	case d.ROM == emu.ROM2019 && !s.precheck():
	case d.ROM == emu.ROM2019 && d.Efuses.AbsDone1():
		if s.secureBootV2() {
			s.enter()
		}
	case s.load():
		s.enter()
	}
	return s.out
}

// eco3 tells whether the ROM is that of chips v3.0 and later.
func (s *stage) eco3() bool { return s.dev.ROM == emu.ROM2019 }

func (s *stage) print(format string, args ...any) {
	s.out.Log = append(s.out.Log, emu.Line{Stage: emu.StageROM, Text: Sprintf(format, args...)})
}

// refuse ends the boot: the second stage is turned down. detail is the line
// that says why.
func (s *stage) refuse(reason emu.Reason, offset uint32, want, got uint64, detail string) {
	s.out.End = emu.EndROM
	s.out.Refusals = append(s.out.Refusals, emu.Refusal{
		Reason: reason, Slot: emu.SlotNone, Offset: offset, Want: want, Got: got, Detail: detail,
	})
}

// unmodelled ends the boot where no model of the ROM exists.
func (s *stage) unmodelled(what string) {
	s.out.End, s.out.NotModelled = emu.EndUnknown, what
}

// enter prints the entry point and leaves the ROM.
func (s *stage) enter() { s.print("entry 0x%08x", s.out.Loaded.Entry) }
