package fuzz

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"reflect"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
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
	for i, s := range t.course {
		why, ok := t.second.Disagrees(s.before, &t.Profile, s.after, s.out)
		if why != "" {
			return &Failure{OracleSecond, fmt.Sprintf("boot %d: %s", i+1, why)}
		}
		if ok {
			t.covered++
		}
	}
	return nil
}

// engine executes every boot.
func (t *trial) engine() *Failure {
	if t.witness == nil || t.Lot.Bootloader.Fielded || t.otherCode() {
		return nil
	}
	for i, s := range t.course {
		why, ok := t.witness.Disagrees(s.before, &t.Profile, s.after, s.out)
		if why != "" {
			return &Failure{OracleEngine, fmt.Sprintf("boot %d: %s", i+1, why)}
		}
		if ok {
			t.executed++
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

// started is the app that the first boot started.
func (t *trial) started() *emu.App { return t.course[0].out.App }

// verified tells whether the bootloader looks at apps at all.
func (t *trial) verified() bool {
	p := &t.Profile
	return p.SkipValidate == bootloader.SkipNever && !t.before.JTAG
}

// flip applies to mutations that flip bytes within the app that boots and
// repair nothing: that image must not boot. The byte that says whether there is
// a hash is exempt where nobody signs.
func (t *trial) flip() *Failure {
	if f := t.flippedStage(); f != nil {
		return f
	}
	p, ok := t.booting()
	if !ok || !t.verified() || t.started() == nil || t.started().Offset != p.at || !t.flipsWithin(p) {
		return nil
	}
	if t.unhashed(p) {
		return nil
	}
	return &Failure{OracleFlip, fmt.Sprintf("the image at 0x%08x boots with a flipped byte", p.at)}
}

// flippedStage is flip for a second stage that Secure Boot protects, and the
// digest of scheme V1: the ROM must not start it.
func (t *trial) flippedStage() *Failure {
	for _, p := range t.parts {
		if (p.kind == partBootloader || p.kind == partDigest) && t.base.App != nil && t.flipsWithin(p) && t.course[0].out.Stage != emu.StageROM {
			return &Failure{OracleFlip, fmt.Sprintf("the second stage is started with a flipped byte in the %s", p.name)}
		}
	}
	return nil
}

// hashFlag is the header's byte that tells of a hash.
const hashFlag = 23

// unhashed tells whether nobody would notice: the image has no hash, or no
// longer, and no signature is asked for.
func (t *trial) unhashed(p part) bool {
	var b [1]byte
	t.before.Cached().Read(p.at+hashFlag, b[:])
	return (p.image.HashAppended == 0 || b[0] == 0) && t.Profile.SignedApps == bootloader.SecureBootNone
}

// flipsWithin tells whether all that was done is to flip bytes of a part where
// none may change.
func (t *trial) flipsWithin(p part) bool {
	p.size = p.fatal
	for _, c := range t.mutation.Changes {
		inside := c.At >= p.at && uint64(c.At)+uint64(len(c.Data)) <= uint64(p.at)+uint64(p.size)
		if c.Kind != KindFlip && c.Kind != KindCipher || len(c.Repair) > 0 || !inside {
			return false
		}
	}
	// Changes may undo each other.
	return len(t.mutation.Changes) > 0 && !slices.Equal(t.read(t.before.Cached(), p), t.read(t.Device.Cached(), p))
}

// intact hashes what boots, whatever was done to it.
func (t *trial) intact() *Failure {
	app := t.started()
	if app == nil || !t.verified() || app.Offset == bootloader.ImageAddress || t.Profile.SignedApps != bootloader.SecureBootNone {
		return nil // where a signature counts, nobody compares the hash
	}
	im, b := imageAt(t.before.Cached(), app.Offset, app.Size)
	if im == nil || im.HashAppended == 0 {
		return nil // the length is the business of the second opinion
	}
	if end := im.Length - espimage.HashSize; sha256.Sum256(b[:end]) != [32]byte(b[end:im.Length]) {
		return &Failure{OracleIntact, fmt.Sprintf("the app at 0x%08x boots, and its hash is wrong", app.Offset)}
	}
	return nil
}

// checkable tells whether a check is told all of the mutated device: straps,
// causes and pins are no part of a lot.
func (t *trial) checkable() bool {
	d, b := t.before, t.Device
	return d.Strap == b.Strap && d.Cause == b.Cause && d.TestAppHeld == b.TestAppHeld && d.FactoryResetHeld == b.FactoryResetHeld &&
		t.sameKey()
}

// verdict compares the check with the boot.
func (t *trial) verdict() *Failure {
	last := t.course[len(t.course)-1].out
	if !t.checkable() || t.report.Verdict != bootsim.Pass || last.End == emu.EndApp || t.newBootloader() {
		return nil
	}
	return &Failure{OracleVerdict, fmt.Sprintf("the check passes a device that starts no app (end %d, %s)", last.End, last.NotModelled)}
}

// unexplained are rules that name no cause.
var unexplained = [...]string{"boot-fails"}

// diagnosis wants a cause for every check that does not pass.
func (t *trial) diagnosis() *Failure {
	if t.report.Verdict == bootsim.Pass {
		return nil
	}
	worst := ""
	for _, f := range t.report.Findings {
		if f.Severity != bootsim.Error {
			continue
		}
		if f.Message == "" || f.Remedy == "" {
			return &Failure{OracleDiagnosis, fmt.Sprintf("finding %s has no message or no remedy", f.Rule)}
		}
		if !slices.Contains(unexplained[:], f.Rule) {
			return nil
		}
		worst = f.Rule + ": " + f.Message
	}
	if worst == "" {
		return &Failure{OracleDiagnosis, fmt.Sprintf("verdict %s without a finding", t.report.Verdict)}
	}
	return &Failure{OracleDiagnosis, "no cause: " + worst}
}

// benignBoots wants a device that passed to pass.
func (t *trial) benignBoots() *Failure {
	if !t.mutation.Benign || !t.passes || t.report.Verdict == bootsim.Pass {
		return nil
	}
	why := "no finding"
	if len(t.report.Findings) > 0 {
		why = t.report.Findings[0].Rule + ": " + t.report.Findings[0].Message
	}
	return &Failure{OracleBenign, "no longer passes its check: " + why}
}
