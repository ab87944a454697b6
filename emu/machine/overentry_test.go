package machine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/machine"
)

// Bootloaders of v3.1 give up by returning. Where a refused app lies over the
// function that they return to, nobody knows what they do; the lines before that
// are certain. Later ones reset, and do not come back there.
func TestReturningOverARefusedAppIsAGuess(t *testing.T) {
	const inIRAM = 0x40080000 // where the fixture's apps load their second piece of code
	for _, c := range []struct {
		idf        string
		start, end uint32
		guessed    bool
	}{
		{"v3.1", inIRAM + 0x334, inIRAM + 0x35E, true},
		{"v3.1", inIRAM - 0x30, inIRAM + 1, true},
		{"v3.1", inIRAM + 0x1000, inIRAM + 0x1030, false}, // behind what is loaded
		{"v3.1", 0, 0, false},                             // not known
		{"v4.4.8", inIRAM + 0x334, inIRAM + 0x35E, false},
	} {
		d := device(t, c.idf)
		p, err := machine.New(machine.Options{}).Profile(d)
		require.NoError(t, err)
		p.Memory.EntryStart, p.Memory.EntryEnd = c.start, c.end
		m := machine.WithProfile(p)
		require.Empty(t, m.Boot(d.Fork()).Guess, "an app that starts")
		for _, at := range []uint32{0x10000, 0x30000, 0x50000} {
			poke(t, d, at+0x30) // the checksum comes after the load
		}
		for range 2 {
			out := m.Boot(d.Fork())
			require.NotEqual(t, emu.EndApp, out.End)
			require.Equal(t, c.guessed, out.Guess.Why != "", "%s, 0x%08x", c.idf, c.start)
			if c.guessed {
				require.Equal(t, emu.EndReturned, out.End)
				require.Equal(t, "user code done", out.Log[out.Guess.Lines].Text)
				require.Len(t, out.Log, out.Guess.Lines+1)
			}
		}
	}
}
