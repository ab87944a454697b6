package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/fixtures/updates"
)

// tiny keeps a sweep without reuse affordable.
func tiny(s updates.Spec) updates.Spec {
	s.AppSize = 1 << 10
	return s
}

// What is reused is what would have come out.
func TestReuseChangesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		spec   updates.Spec
		faults fault.Set
	}{
		"rollback":         {updates.Spec{Updater: "esp-ota,rollback"}, fault.Of(fault.Cut, fault.Erase, fault.Warm)},
		"crash":            {updates.Spec{Updater: "crash"}, fault.Of(fault.Cut, fault.Words)},
		"staging":          {updates.Spec{Updater: "staging", Encrypted: true}, fault.Of(fault.Cut)},
		"first encryption": {updates.Spec{Updater: "first-boot", FirstEncryption: true, IDF: "v4.4.8"}, fault.Of(fault.Cut, fault.Torn, fault.Burn)},
		"factory":          {updates.Spec{Updater: "factory-reset", Table: updates.OneSlot, Running: "ota_0"}, fault.Power | fault.Of(fault.Flip, fault.Warm)},
		"anti-rollback":    {updates.Spec{Updater: "esp-ota,anti-rollback", OldSecure: 1, NewSecure: 3}, fault.Of(fault.Cut, fault.Torn, fault.Burn)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc := updates.New(tiny(c.spec))
			opt := sweep.Options{Faults: c.faults}
			quick, err := sweep.Run(sc, opt)
			require.NoError(t, err)
			slow, err := sweep.RunPlainly(sc, opt)
			require.NoError(t, err)
			require.Less(t, quick.Levels[0].Runs, slow.Levels[0].Runs)
			for _, r := range []*sweep.Result{quick, slow} {
				r.Levels[0].Runs, r.Levels[0].Boots, r.Levels[0].Unknown, r.Unknown = 0, 0, min(r.Levels[0].Unknown, 1), ""
			}
			require.Equal(t, slow.Levels, quick.Levels) // fingerprints of all outcomes among them
			require.Equal(t, slow.Verdicts, quick.Verdicts)
			require.Equal(t, slow.Windows, quick.Windows)
		})
	}
}

// No history of two faults, however drawn, breaks what a sweep calls proven.
func TestNothingEscapes(t *testing.T) {
	type swept struct {
		name   string
		sc     *sweep.Scenario
		result *sweep.Result
	}
	var all []swept
	for _, s := range []updates.Spec{
		{Updater: "esp-ota,rollback"}, {Updater: "mark-invalid"}, {Updater: "staging"},
		{Updater: "sd-card", Table: updates.OneSlot, IDF: "v3.1"},
	} {
		sc := updates.New(tiny(s))
		r, err := sweep.Run(sc, sweep.Options{Depth: 2, Seed: 3})
		require.NoError(t, err)
		all = append(all, swept{s.Updater, sc, r})
	}
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.SampledFrom(all).Draw(rt, "scenario")
		h := drawHistory(rt, c.sc, 2)
		told, err := sweep.Tell(c.sc, h, 3)
		require.NoError(rt, err)
		for _, i := range told.Breaches {
			v := c.result.Verdict(i)
			token := sweep.Token{Inputs: c.sc.Inputs(), Seed: 3, Updater: c.name, History: h}
			require.Equal(rt, sweep.Violated, v.Answer, "%s breaks %v: replay %v", c.name, i, token)
			require.LessOrEqual(rt, v.Counter.Faults, len(h))
		}
	})
}

// drawHistory draws losses of power that the scenario has.
func drawHistory(rt *rapid.T, sc *sweep.Scenario, most int) (h sweep.History) {
	for range rapid.IntRange(1, most).Draw(rt, "faults") {
		ops, err := sweep.Operations(sc, h, 3)
		require.NoError(rt, err)
		if len(ops) == 0 {
			break
		}
		site := rapid.IntRange(0, len(ops)-1).Draw(rt, "site")
		var ways []sweep.Step
		for _, k := range fault.Power.Kinds() {
			for way := range fault.Ways(k, ops[site]) {
				ways = append(ways, sweep.Step{Kind: k, Site: uint32(site), Way: uint32(way)})
			}
		}
		h = append(h, rapid.SampledFrom(ways).Draw(rt, "way"))
	}
	return h
}
