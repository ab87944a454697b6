package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/fixtures/toy"
	"github.com/bootsim/bootsim/fixtures/updates"
)

// machine drives one device through faults at random.
type machine struct {
	sc      *sweep.Scenario
	name    string
	allowed []sweep.Invariant // that faults are known to break there
	history sweep.History
	checked int // faults of the history that is checked already
}

// strike draws one fault of some kinds for the operations that come next.
func (m *machine) strike(rt *rapid.T, kinds fault.Set) {
	if len(m.history) == 3 {
		return
	}
	ops, err := sweep.Operations(m.sc, m.history, 7)
	require.NoError(rt, err)
	if len(ops) == 0 {
		return
	}
	site := rapid.IntRange(0, len(ops)-1).Draw(rt, "site")
	var ways []sweep.Step
	for _, k := range kinds.Kinds() {
		for way := range fault.Ways(k, ops[site]) {
			ways = append(ways, sweep.Step{Kind: k, Site: uint32(site), Way: uint32(way)})
		}
	}
	if len(ways) > 0 {
		m.history = append(m.history, rapid.SampledFrom(ways).Draw(rt, "fault"))
	}
}

// check holds the history against the invariants, and gives a line that
// replays it.
func (m *machine) check(rt *rapid.T) {
	if len(m.history) == m.checked {
		return
	}
	m.checked = len(m.history)
	told, err := sweep.Tell(m.sc, m.history, 7)
	require.NoError(rt, err)
	for _, i := range told.Breaches {
		token := sweep.Token{Inputs: m.sc.Inputs(), Seed: 7, Updater: m.name, History: m.history}
		require.Contains(rt, m.allowed, i, "%s: replay '%v'\n%v", m.name, token, told.Story)
	}
}

// Power cuts and resets at random, several in a row, break nothing but what a
// sweep says they break.
func TestRandomHistories(t *testing.T) {
	machines := []machine{
		{sc: toy.Scenario(toy.Bootloader{}, toy.Updater{Invalidates: true}, 3), name: "toy"},
		{sc: toy.Scenario(toy.Bootloader{}, toy.Copier{}, 3), name: "toy-copier"},
		{sc: updates.New(tiny(updates.Spec{})), name: "esp-ota"},
		{sc: updates.New(tiny(updates.Spec{Updater: "mark-invalid", Running: "ota_1"})), name: "mark-invalid"},
		{sc: updates.New(tiny(updates.Spec{Updater: "esp-ota,rollback", IDF: "v4.4.8"})), name: "esp-ota,rollback", allowed: []sweep.Invariant{sweep.Keeps}},
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := rapid.SampledFrom(machines).Draw(rt, "machine")
		m.history, m.checked = nil, 0
		rt.Repeat(map[string]func(*rapid.T){
			"power cut":  func(rt *rapid.T) { m.strike(rt, fault.Power) },
			"warm reset": func(rt *rapid.T) { m.strike(rt, fault.Of(fault.Warm)) },
			"new device": func(*rapid.T) { m.history, m.checked = nil, 0 },
			"":           m.check,
		})
	})
}
