package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/fixtures/updates"
)

func TestTokensComeBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := sweep.Token{Seed: rapid.Uint64().Draw(rt, "seed"), Bound: rapid.IntRange(0, 24).Draw(rt, "bound"), Updater: rapid.StringN(0, 40, 200).Draw(rt, "updater")}
		copy(want.Inputs[:], rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(rt, "inputs"))
		for range rapid.IntRange(0, 5).Draw(rt, "faults") {
			s := sweep.Step{Kind: rapid.SampledFrom(fault.All.Kinds()).Draw(rt, "kind"), Site: rapid.Uint32().Draw(rt, "site"), Way: rapid.Uint32().Draw(rt, "way")}
			if s.Kind == fault.Flip2 {
				s.Second = rapid.Uint32().Draw(rt, "second")
			}
			want.History = append(want.History, s)
		}
		got, err := sweep.ParseToken(want.String())
		require.NoError(rt, err)
		require.Equal(rt, want, got)
	})
}

// No text makes the reader panic, and what it takes it writes again.
func FuzzParseToken(f *testing.F) {
	f.Add(sweep.Token{Updater: "esp-ota", History: sweep.History{{Kind: fault.Flip2, Site: 1, Way: 2, Second: 3}}}.String())
	f.Add("bs1.AAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		token, err := sweep.ParseToken(text)
		if err != nil {
			var bad *sweep.TokenError
			require.ErrorAs(t, err, &bad)
			return
		}
		again, err := sweep.ParseToken(token.String())
		require.NoError(t, err)
		require.Equal(t, token, again)
	})
}

// A history that asks for what a run does not have is refused.
func TestHistoriesAreChecked(t *testing.T) {
	sc := updates.New(tiny(updates.Spec{}))
	for _, s := range []sweep.Step{
		{Kind: fault.Cut, Site: 1 << 20}, {Kind: fault.Torn, Site: 0}, {Kind: fault.Torn, Site: 20, Way: 1 << 20}, {Kind: fault.Flip, Way: 1 << 31},
		{Kind: fault.Flip, Site: 99}, {Kind: fault.Read, Site: 1 << 20}, {Kind: fault.Flip2, Second: 1 << 31},
	} {
		var bad *sweep.StepError
		_, err := sweep.Tell(sc, sweep.History{s}, 0)
		require.ErrorAs(t, err, &bad, "%+v", s)
	}
}
