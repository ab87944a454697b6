package fuzz

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Oracles, by the names that failures bear.
const (
	OracleTerminates = "terminates" // the run ends
	OraclePanics     = "panics"     // the program does not
	OracleForks      = "forks"      // two forks of one device do the same
	OracleSecond     = "second"     // the second opinion predicts the same
	OracleEngine     = "engine"     // the bootloader's own binary, executed, does the same
	OracleDiagnosis  = "diagnosis"  // a cause is named where the intended app does not boot
	OracleVerdict    = "verdict"    // the check does not pass what does not boot
	OracleBenign     = "benign"     // what passes goes on passing
	OracleFlip       = "flip"       // an image with a flipped byte does not boot
	OracleIntact     = "intact"     // what boots with a hash has the right one
)

// Failure is a judge's no.
type Failure struct {
	Oracle  string `json:"oracle"`
	Message string `json:"message"`
}

// trial is one run under way.
type trial struct {
	*Subject
	mutation Mutation
	before   *emu.Device // mutated, not booted
	second   Second
	course   []step
	report   *bootsim.LotReport
	covered  int // boots on which there was a second opinion
	executed int // boots that were executed and compared
}

// step is one boot of a course.
type step struct {
	before, after *emu.Device
	out           emu.Outcome
}

// rounds bounds the boots that are followed: a state written at the first shows
// at the second.
const rounds = 3

// follow boots a device until it stays as it is.
func (s *Subject) follow(d *emu.Device) []step {
	var course []step
	for range rounds {
		before := d.Fork()
		out := s.boot(d)
		course = append(course, step{before, d.Fork(), out})
		if d.Flash.Sum() == before.Flash.Sum() && d.Efuses.Equal(before.Efuses) {
			break
		}
		d.Cause = out.NextCause
		if out.App != nil {
			d.Cause = emu.ResetSoftware
		}
	}
	return course
}

// judges are asked in this order; the first no counts.
func (t *trial) judge() *Failure {
	for _, j := range []func() *Failure{t.forks, t.opinion, t.engine, t.flip, t.intact, t.verdict, t.diagnosis, t.benignBoots} {
		if f := j(); f != nil {
			return f
		}
	}
	return nil
}

// forks boots once more from the same state.
func (t *trial) forks() *Failure {
	again := t.follow(t.before.Fork())
	if len(again) != len(t.course) {
		return &Failure{OracleForks, fmt.Sprintf("%d boots, then %d", len(t.course), len(again))}
	}
	for i, a := range again {
		b := t.course[i]
		if !reflect.DeepEqual(a.out, b.out) || a.after.Flash.Sum() != b.after.Flash.Sum() || !a.after.Efuses.Equal(b.after.Efuses) {
			return &Failure{OracleForks, fmt.Sprintf("boot %d differs between two forks", i+1)}
		}
	}
	return nil
}

// opinion asks for the second opinion on every boot.
func (t *trial) opinion() *Failure {
	if t.second == nil || t.Lot.Bootloader.Fielded {
		return nil
	}
	return t.compared(t.second, OracleSecond, &t.covered)
}

// engine executes every boot.
func (t *trial) engine() *Failure {
	if t.witness == nil || t.Lot.Bootloader.Fielded || t.otherCode() {
		return nil
	}
	return t.compared(t.witness, OracleEngine, &t.executed)
}

// compared holds every boot against what somebody else says of it, and counts
// those that he has something to say of.
func (t *trial) compared(by Second, oracle string, n *int) *Failure {
	for i, s := range t.course {
		why, ok := by.Disagrees(s.before, &t.Profile, s.after, s.out)
		if why != "" {
			return &Failure{oracle, fmt.Sprintf("boot %d: %s", i+1, why)}
		}
		if ok {
			*n++
		}
	}
	return nil
}

// otherCode tells whether the chip sees another bootloader than the one that the
// profile was read from, but for fields of the header that the model looks at.
func (t *trial) otherCode() bool {
	i := slices.IndexFunc(t.parts, func(p part) bool { return p.kind == partBootloader })
	if i < 0 {
		return true
	}
	p := t.parts[i]
	was, is := t.read(t.Device.Cached(), p), t.read(t.before.Cached(), p)
	end := p.image.ChecksumOffset
	for _, at := range []uint32{1, 4, 5, 6, 7} { // how many segments, and where to start
		if was[at] != is[at] {
			return true
		}
	}
	return !bytes.Equal(was[espimage.HeaderSize:end], is[espimage.HeaderSize:end])
}
