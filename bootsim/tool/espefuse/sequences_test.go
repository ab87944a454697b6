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
	runs := 0
	for _, seq := range recorded.Sequences {
		fs := shop(t)
		for name, content := range recorded.Inputs {
			require.NoError(t, afero.WriteFile(fs, name, unhex(t, content), 0o666))
		}
		switch seq.State {
		case "file":
			require.NoError(t, afero.WriteFile(fs, "f.bin", unhex(t, seq.Before), 0o666))
		case "blank":
		default:
			place(t, fs, seq.State)
		}
		for _, want := range seq.Runs {
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
			runs++
		}
	}
	t.Logf("%d runs in %d sequences equal", runs, len(recorded.Sequences))
	require.Equal(t, 127, runs)
}

func unhex(t testing.TB, text string) []byte {
	b, err := hex.DecodeString(text)
	require.NoError(t, err)
	return b
}
