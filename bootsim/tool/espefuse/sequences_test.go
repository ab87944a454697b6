package espefuse_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// sequences is fixtures/refdata/espefuse/sequences.json: runs of the reference
// one after the other on the same file, in debug mode too.
type sequences struct {
	Inputs    map[string]string
	Sequences []struct {
		State, Before string
		Runs          []struct {
			Cmd            string
			RC             int
			Stdout, Stderr string
			Message        string
			Traceback      bool
			File, Saved    string
		}
	}
}

// Everything that the reference prints in longer stories is printed here as
// well, and the file is the same after every command.
func TestReplaySequences(t *testing.T) {
	var recorded sequences
	refdata.JSON(t, &recorded, "espefuse", "sequences.json")
	tally := refdata.Count(t, "espefuse/sequences", 127)
	for _, seq := range recorded.Sequences {
		fs, head := shop(t), false
		for name, content := range recorded.Inputs {
			require.NoError(t, afero.WriteFile(fs, name, unhex(t, content), 0o666))
		}
		switch seq.State {
		case "file":
			whole := unhex(t, seq.Before)
			require.NoError(t, afero.WriteFile(fs, "f.bin", whole[:288], 0o666))
			head = len(whole) > 288
			if head {
				requireNotTaken(t, whole, seq.Runs[0].Cmd)
			}
		case "blank":
		default:
			place(t, fs, seq.State)
		}
		for _, want := range seq.Runs {
			if head {
				want.File = want.File[:2*288]
			}
			got := try(fs, "", strings.Fields(want.Cmd)...)
			require.Equal(t, want.RC, got.rc, want.Cmd)
			if want.Message != "" {
				require.Contains(t, withoutBlanks(got.stderr), want.Message, want.Cmd)
			} else {
				require.Equal(t, want.Stdout, withoutDescriptions(got.stdout), want.Cmd)
			}
			if !want.Traceback && want.Message == "" {
				require.Equal(t, want.Stderr, got.stderr, want.Cmd)
			}
			require.Equal(t, want.File, hex.EncodeToString(file(t, fs, "f.bin")), want.Cmd)
			if want.Saved != "" {
				require.Equal(t, want.Saved, withoutDescriptions(string(file(t, fs, "s.txt"))))
			}
			if head {
				tally.End("on the head of a longer file, which is left alone")
			} else {
				tally.Equal()
			}
		}
	}
	require.Equal(t, "rows espefuse/sequences: 127 run, 124 equal; on purpose: 3 on the head of a longer file, which is left alone", tally.String())
}

// requireNotTaken wants a longer file refused, of which the reference takes the
// head for a chip.
func requireNotTaken(t *testing.T, whole []byte, cmd string) {
	t.Helper()
	fs := shop(t)
	require.NoError(t, afero.WriteFile(fs, "f.bin", whole, 0o666))
	got := try(fs, "", strings.Fields(cmd)...)
	require.Equal(t, 2, got.rc)
	require.Contains(t, got.stderr, "a virtual eFuse file")
	require.Equal(t, whole, file(t, fs, "f.bin"))
}

func unhex(t testing.TB, text string) []byte {
	b, err := hex.DecodeString(text)
	require.NoError(t, err)
	return b
}
