package espefuse_test

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// Every step by which the recorded states were made prints the same and leaves
// the same registers, in both spellings; the last leaves the same file.
func TestReplaySteps(t *testing.T) {
	for _, generation := range []string{"v4", "v5"} {
		files := map[string]afero.Fs{}
		tally := refdata.Count(t, "espefuse/steps, spelled as "+generation, 76)
		for i, step := range loadRecorded(t).Steps {
			name := step.State + ": " + step.V5
			if files[step.State] == nil {
				files[step.State] = shop(t)
			}
			cmd := map[string]string{"v4": step.V4, "v5": step.V5}[generation]
			got := try(files[step.State], "", strings.Fields(cmd)...)
			require.Equal(t, step.RC, got.rc, name)
			require.Equal(t, step.Stdout, withoutDescriptions(withoutSpelling(t, got.stdout, generation)), name)
			require.Empty(t, got.stderr, name)
			require.Equal(t, step.DumpAfter, hex.EncodeToString(readRegisters(file(t, files[step.State], "f.bin"))), "step %d, %s", i, name)
			tally.Equal()
		}
		require.Len(t, files, 29) // the blank state has no step
		for state, fs := range files {
			require.Equal(t, refdata.Read(t, "espefuse", state+".virt"), file(t, fs, "f.bin"), state)
		}
	}
}

// withoutSpelling takes out the remark that v5 makes about a command of v4.
func withoutSpelling(t *testing.T, stdout, generation string) string {
	if generation == "v5" {
		return stdout
	}
	head, tail, ok := strings.Cut(stdout, "Warning: Deprecated: Command '")
	require.True(t, ok, stdout)
	_, tail, ok = strings.Cut(tail, "' instead.\n")
	require.True(t, ok)
	return head + tail
}

// Every state shows the same: as text, as JSON, as dumps, and single fields.
func TestReplayViews(t *testing.T) {
	states, others := refdata.Count(t, "espefuse/states", 30), refdata.Count(t, "espefuse/further views of a state", 12)
	for _, run := range loadRecorded(t).Shows {
		fs := shop(t)
		place(t, fs, run.State)
		got := try(fs, "", virtual(run.Cmd)...)
		require.Zero(t, got.rc, run.Cmd)
		require.Equal(t, run.Stdout, withoutDescriptions(got.stdout), "%s: %s", run.State, run.Cmd)
		require.Empty(t, got.stderr)
		if run.JSON != "" {
			requireSameJSON(t, refdata.Read(t, "espefuse", run.JSON), file(t, fs, "s.json"))
			requireSameText(t, fs, run.State)
			states.Equal()
		} else {
			others.Equal()
		}
		require.Equal(t, refdata.Read(t, "espefuse", run.State+".virt"), file(t, fs, "f.bin"), "reading changed the file")
	}
}

func requireSameText(t *testing.T, fs afero.Fs, state string) {
	t.Helper()
	want := withoutSupply(string(refdata.Read(t, "espefuse", state+".v5.txt")))
	require.Equal(t, want, withoutSupply(try(fs, "", virtual("summary")...).stdout), state)
	require.Zero(t, try(fs, "", virtual("dump --format joint --file_name d.bin")...).rc)
	require.Equal(t, refdata.Read(t, "espefuse", state+".dump"), file(t, fs, "d.bin"), state)
}

// withoutSupply takes out descriptions and the last line, which the recorded
// texts do not have either.
func withoutSupply(text string) string {
	text = strings.TrimSuffix(withoutDescriptions(text), "\n")
	return text[:strings.LastIndexByte(text, '\n')]
}

// requireSameJSON compares JSON byte for byte but for the descriptions, which
// are lines of their own.
func requireSameJSON(t *testing.T, want, got []byte) {
	t.Helper()
	require.True(t, json.Valid(got))
	require.Equal(t, jsonLines(want), jsonLines(got))
}

func jsonLines(text []byte) (lines []string) {
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, `        "description": `) {
			lines = append(lines, line)
		}
	}
	return lines
}

// hidesKey lists the cases in whose error the reference shows bits of a key.
func hidesKey(id string) bool {
	return id == "other-key-over-visible" || id == "key-twice-same-block" || id == "digest-over-key"
}

// optionFirst lists the cases that v4 carries out and v5.3.1 refuses, because
// it loses count of the arguments when options come first. Their results are
// those of the cases with the options last.
func optionFirst(id string) (same string, ok bool) {
	same, ok = map[string]string{
		"force-other-key": "force-other-key-options-last",
		"show-sensitive":  "show-sensitive-options-last",
	}[id]
	return same, ok
}

// All recorded cases end as they did: exit code, output, error, file.
func TestReplayCases(t *testing.T) {
	cases := loadRecorded(t).Cases
	byID := map[string]recordedRun{}
	for _, c := range cases {
		byID[c.ID] = c
	}
	tally := refdata.Count(t, "espefuse/cases", 99)
	for _, c := range cases {
		want, as := c, ""
		if same, ok := optionFirst(c.ID); ok {
			want, as = byID[same], "options first, as v4"
		}
		t.Run(c.ID, func(t *testing.T) {
			fs := shop(t)
			place(t, fs, c.State)
			got := try(fs, c.Stdin, strings.Fields(c.V5)...)
			if c.FileLenAfter != 0 {
				requireLeftAlone(t, fs, c, got)
				tally.End("file of another size left alone")
				return
			}
			tally.End(cmp.Or(as, requireCase(t, fs, want, got)))
		})
	}
	require.Equal(t, "rows espefuse/cases: 99 run, 89 equal; on purpose: 2 file of another size left alone, 2 help page, 3 key hidden in the error, "+
		"1 message for a traceback, 2 options first, as v4", tally.String())
}

// requireLeftAlone wants an error, and nothing written, where the reference takes
// a file that is no virtual eFuse file for a chip and may write to it.
func requireLeftAlone(t *testing.T, fs afero.Fs, c recordedRun, got result) {
	t.Helper()
	require.Zero(t, c.RC, "the reference does it")
	require.Equal(t, 2, got.rc)
	require.Contains(t, got.stderr, "f.bin has "+strings.TrimPrefix(c.State, "#")+" bytes and a virtual eFuse file ")
	before := afero.NewMemMapFs()
	place(t, before, c.State)
	require.Equal(t, file(t, before, "f.bin"), file(t, fs, "f.bin"))
	_, err := fs.Stat("s.json")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// requireCase compares a case with what was recorded. It returns how they differ
// on purpose, "" if they do not.
func requireCase(t *testing.T, fs afero.Fs, want recordedRun, got result) (differs string) {
	require.Equal(t, want.RC, got.rc)
	requireFile(t, fs, want)
	switch {
	case want.Message != "": // the box around it belongs to Python's command-line library
		require.Contains(t, withoutBlanks(got.stderr), want.Message)
		return ""
	case want.Help:
		require.True(t, strings.HasPrefix(got.stdout, "Usage: bootsim espefuse [OPTIONS] COMMAND1 "), got.stdout)
		return "help page"
	}
	require.Equal(t, want.Stdout, withoutDescriptions(got.stdout))
	return requireError(t, want, got.stderr)
}

func requireError(t *testing.T, want recordedRun, stderr string) (differs string) {
	switch {
	case want.Traceback:
		require.Contains(t, stderr, "invalid literal for int() with base 0: 'one'")
		return "message for a traceback"
	case hidesKey(want.ID):
		before, after, _ := strings.Cut(want.Stderr, "(value will be 0x")
		require.Equal(t, before+"(value will be ??"+after[64:], stderr)
		return "key hidden in the error"
	}
	require.Equal(t, want.Stderr, stderr)
	return ""
}

func requireFile(t *testing.T, fs afero.Fs, want recordedRun) {
	after := file(t, fs, "f.bin")
	switch {
	case strings.HasPrefix(want.State, "#"):
		require.Len(t, after, 288)
	case want.Unchanged:
		require.Equal(t, refdata.Read(t, "espefuse", want.State+".virt"), after)
		return
	}
	require.Equal(t, want.DumpAfter, hex.EncodeToString(readRegisters(after)))
}
