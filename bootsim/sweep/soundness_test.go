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
	for name, s := range map[string]updates.Spec{
		"rollback":         {Updater: "esp-ota,rollback"},
		"crash":            {Updater: "crash"},
		"encrypted":        {Encrypted: true},
		"first encryption": {Updater: "first-boot", FirstEncryption: true, IDF: "v4.4.8"},
		"factory":          {Updater: "factory-reset", Table: updates.OneSlot, Running: "ota_0"},
		"anti-rollback":    {Updater: "esp-ota,anti-rollback", OldSecure: 1, NewSecure: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc := updates.New(tiny(s))
			opt := sweep.Options{Faults: fault.Power | fault.Of(fault.Warm)}
			quick, err := sweep.Run(sc, opt)
			require.NoError(t, err)
			slow, err := sweep.RunPlainly(sc, opt)
			require.NoError(t, err)
			require.Less(t, quick.Levels[0].Runs, slow.Levels[0].Runs)
			for _, r := range []*sweep.Result{quick, slow} {
				r.Levels[0].Runs, r.Levels[0].Boots, r.Levels[0].Unknown, r.Unknown = 0, 0, min(r.Levels[0].Unknown, 1), ""
			}
			require.Equal(t, slow.Levels, quick.Levels)
			require.Equal(t, slow.Verdicts, quick.Verdicts)
			require.Equal(t, slow.Windows, quick.Windows)
		})
	}
}

// No history of two faults, however drawn, breaks what a sweep calls proven.
func TestNothingEscapes(t *testing.T) {
	for name, s := range map[string]updates.Spec{
		"plain": {Updater: "esp-ota,rollback"}, "invalid": {Updater: "mark-invalid"},
		"sd": {Updater: "sd-card", Table: updates.OneSlot, IDF: "v3.1", Encrypted: true},
	} {
		sc := updates.New(tiny(s))
		r, err := sweep.Run(sc, sweep.Options{Depth: 2, Seed: 3})
		require.NoError(t, err)
		rapid.Check(t, func(rt *rapid.T) {
			h := drawHistory(rt, sc, 2)
			told, err := sweep.Tell(sc, h, 3)
			require.NoError(rt, err)
			for _, i := range told.Breaches {
				v := r.Verdict(i)
				require.Equal(rt, sweep.Violated, v.Answer, "%s: %v breaks %v: %s", name, h, i,
					sweep.Token{Inputs: sc.Inputs(), Seed: 3, Updater: s.Updater, History: h})
				require.LessOrEqual(rt, v.Counter.Faults, len(h))
			}
		})
	}
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
