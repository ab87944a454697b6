package lots

import (
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/ota"
)

// Bounds of the sweep that a check makes, in bytes of applications that its
// runs may write: about a second of one core. AES makes a run of an encrypted
// device dearer.
const (
	checkBytes          = 256 << 20
	checkBytesEncrypted = 16 << 20
)

// Check is the sweep of a check: clean cuts before every operation of the
// ordinary way to install a release, one in a history. It is bounded by a
// number of runs that follows from the size of the application. Nil where the
// release cannot be installed in such a way.
func Check(f *check.Factory, v check.Variant, r *bootsim.Release) *bootsim.Swept {
	return swept(f, v, r, nil)
}

// swept is Check, with a library of applications.
func swept(f *check.Factory, v check.Variant, r *bootsim.Release, l *sweep.Library) *bootsim.Swept {
	b := &builder{lot: f.Lot, device: f.Device, offset: f.TableOffset, variant: v, release: *r, library: l}
	b.release.Artifacts = forLot(r.Artifacts, f.Lot.Name)
	b.request.Spec = b.ordinary()
	p, err := b.prepare()
	if err != nil {
		return nil
	}
	result, err := sweep.Run(p.Scenario, sweep.Options{Faults: fault.Of(fault.Cut), Runs: b.affordable(), Spec: p.Spec, Brief: true})
	if err != nil {
		return nil
	}
	s := &bootsim.Swept{Release: r.Name, DependsOn: v.DependsOn, Updater: p.Spec, Verdict: bootsim.Pass, Broken: []string{}}
	s.States, s.Runs = result.Levels[0].States, result.Levels[0].Runs
	if !result.Complete() {
		s.Verdict = bootsim.NotModelled
	}
	for _, verdict := range result.Verdicts {
		if verdict.Answer == sweep.Violated {
			s.Broken = append(s.Broken, verdict.Invariant)
			if slices.Contains(severe(), verdict.Invariant) {
				s.Verdict, s.Evidence = bootsim.Fail, story(p.Scenario, verdict.Counter.History)
			}
		}
	}
	return s
}

// story tells a history that the sweep has found.
func story(sc *sweep.Scenario, h sweep.History) []string {
	told, err := sweep.Tell(sc, h, 0)
	if err != nil {
		panic("bug: a counterexample does not replay: " + err.Error())
	}
	return told.Story
}

// severe are the invariants without which a device is lost, or runs what it
// should not. The others are told and do not fail a check.
func severe() []string {
	return []string{sweep.Boots.String(), sweep.Recovers.String(), sweep.Known.String(), sweep.Secure.String()}
}

// ordinary is the way in which such a release is installed as a rule.
func (b *builder) ordinary() string {
	raw := b.device.Cipher() != nil && slices.ContainsFunc(b.release.Artifacts, func(a bootsim.Artifact) bool { return a.Encrypted })
	if !raw {
		return "esp-ota"
	}
	if t, err := ota.Table(b.device, b.offset); err == nil && t.ConsecutiveOTA() < 2 {
		return "sd-card"
	}
	return "server-slot"
}

// affordable is how many runs a check makes.
func (b *builder) affordable() int {
	size := 1
	for _, a := range b.release.Artifacts {
		size = max(size, len(a.Data))
	}
	if b.device.Cipher() != nil {
		return max(1, checkBytesEncrypted/size)
	}
	return max(1, min(sweep.DefaultRuns, checkBytes/size))
}
