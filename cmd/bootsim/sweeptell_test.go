package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/fleet"
)

// A check of many lots and releases tells its sweeps in one line and one for what they break, one
// of few each in its own; the report is complete.
func TestManySweepsAreToldInOneLine(t *testing.T) {
	for _, c := range []struct{ lots, lines int }{{4, 8}, {5, 2}} {
		h := newHarness("", nil)
		s := fleet.Spec{Lots: c.lots, Releases: 2, AppSize: 16 << 10}
		require.NoError(t, fleet.Files(s, func(f example.File) error {
			h.write(t, "fleet/"+f.Path, f.Data)
			return nil
		}))
		require.Equal(t, exitOK, h.call("check", "fleet", "--format", "json"))
		require.Equal(t, c.lines, strings.Count(h.err.String(), "swept: "), h.err.String())
		require.Equal(t, 2*c.lots, strings.Count(h.out.String(), `"updater"`))
	}
}

// What is broken is told, with how often and where first.
func TestBrokenSweepsAreTold(t *testing.T) {
	l := bootsim.LotReport{Name: "lot-one"}
	for range 20 {
		l.Sweeps = append(l.Sweeps, bootsim.Swept{Release: "2", Updater: "esp-ota", States: 11, Verdict: bootsim.Pass})
	}
	l.Sweeps[7].Broken, l.Sweeps[7].Release = []string{"boots"}, "3"
	l.Sweeps[8].Broken, l.Sweeps[11].Broken = l.Sweeps[7].Broken, []string{"boots", "recovers"}
	l.Sweeps[9].Verdict = bootsim.NotModelled
	h := newHarness("", nil)
	h.tellSweeps(&bootsim.Report{Lots: []bootsim.LotReport{l}})
	lines := strings.Split(strings.TrimSpace(h.err.String()), "\n")
	require.Len(t, lines, 3)
	require.Contains(t, lines[0], "20 releases installed on lots, of which there are 1: a power cut at each of 200 points breaks only what follows as far as was looked (1 bounded)")
	require.Equal(t, "swept: 2 of 20 break boots, the first: lot lot-one, release 3, esp-ota", lines[1])
	require.Equal(t, "swept: 1 of 20 break boots, recovers, the first: lot lot-one, release 2, esp-ota", lines[2])
}
