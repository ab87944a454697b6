package efuse_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/stretchr/testify/require"
)

// recordings is fixtures/refdata/espefuse/index.json.
type recordings struct {
	States []recordedState
	Cases  []recordedCase
}

type recordedState struct {
	State     string
	TextV4    string `json:"text_v4"`
	ConsoleV4 string `json:"console_v4"`
	ConsoleV5 string `json:"console_v5"`
	Steps     []recordedStep
}

type recordedStep struct {
	Cmd       string
	RC        int
	DumpAfter string `json:"dump_after"`
}

type recordedCase struct {
	ID, State, Cmd string
	Stdin          string
	RCV4           int    `json:"rc_v4"`
	RCV5           int    `json:"rc_v5"`
	DumpV4         string `json:"dump_after_v4"`
	DumpV5         string `json:"dump_after_v5"`
}

func record(t testing.TB) (r recordings) {
	refdata.JSON(t, &r, "espefuse", "index.json")
	require.Len(t, r.States, 30)
	require.Len(t, r.Cases, 99)
	return r
}

func stateFile(t testing.TB, name string) []byte { return refdata.Read(t, "espefuse", name) }

func parse(t require.TestingT, b []byte) *efuse.Dump {
	d, err := efuse.ParseDump(b)
	require.NoError(t, err)
	return d
}

func lookup(t testing.TB, name string) efuse.Field {
	t.Helper()
	f, err := efuse.Lookup(name)
	require.NoError(t, err)
	return f
}

// summaryEntry is one field of a JSON summary.
type summaryEntry struct {
	Value               any
	Raw                 string `json:"raw_value"`
	Readable, Writeable bool
	Category            string
	Block               int
	Word, Pos           *int
	BitLen              int    `json:"bit_len"`
	Type                string `json:"efuse_type"`
}

// Every field that either tool shows of every recorded chip has the same value,
// bits, place and protections here.
func TestVirtualFileReadsAsBothToolsRead(t *testing.T) {
	compared := 0
	for _, st := range record(t).States {
		d := parse(t, stateFile(t, st.State+".virt"))
		require.Equal(t, efuse.FormatVirtual, d.Format, st.State)
		for _, version := range []string{"v4", "v5"} {
			var summary map[string]summaryEntry
			require.NoError(t, json.Unmarshal(stateFile(t, st.State+"."+version+".json"), &summary))
			for name, want := range summary {
				requireField(t, d.Set, lookup(t, name), want)
				compared++
			}
		}
	}
	require.Equal(t, 2822, compared, "fields compared")
}

func requireField(t *testing.T, s *efuse.Set, f efuse.Field, want summaryEntry) {
	t.Helper()
	value := s.Value(f, true) // the virtual chip always has the third revision bit
	if n, ok := value.(int); ok {
		value = float64(n)
	}
	require.Equal(t, want.Value, value, f.Name)
	require.Equal(t, want.Raw, s.RawText(f, true), f.Name)
	require.Equal(t, want.Readable, s.Readable(f), f.Name)
	require.Equal(t, want.Writeable, s.Writeable(f), f.Name)
	require.Equal(t, want.Category, f.Category, f.Name)
	require.Equal(t, want.Block, f.Block, f.Name)
	require.Equal(t, want.BitLen, s.FieldLen(f), f.Name)
	kind := map[string]efuse.Kind{"bool": efuse.Bool, "uint": efuse.Uint, "bytes": efuse.Bytes}
	require.Equal(t, kind[strings.Split(want.Type, ":")[0]], f.Kind, f.Name)
	if want.Word != nil {
		require.Equal(t, 32**want.Word+*want.Pos, f.Bit, f.Name)
	}
	require.Equal(t, want.Word == nil, f.Derived, f.Name)
}

// The tables of both tools name no field that is missing here, and none is here
// that neither tool shows, but for the calibration points, which no recorded
// chip uses.
func TestFieldTableIsTheTools(t *testing.T) {
	var summary map[string]summaryEntry
	require.NoError(t, json.Unmarshal(stateFile(t, "custom-mac.v5.json"), &summary))
	var extra []string
	for _, f := range efuse.Fields() {
		if _, ok := summary[f.Name]; !ok {
			extra = append(extra, f.Name)
		}
	}
	require.Equal(t, []string{"ADC1_TP_LOW", "ADC1_TP_HIGH", "ADC2_TP_LOW", "ADC2_TP_HIGH"}, extra)
	require.Len(t, efuse.Fields(), len(summary)+4)
}

// Every form in which a state was recorded gives the same eFuses.
func TestEveryFormGivesTheSameSet(t *testing.T) {
	forms := map[efuse.Format]int{}
	for _, st := range record(t).States {
		want := parse(t, stateFile(t, st.State+".virt"))
		require.Equal(t, stateFile(t, st.State+".dump"), want.Set.Dump(), st.State)
		require.Equal(t, stateFile(t, st.State+".virt"), want.Set.Virtual(), st.State)
		inputs := [][]byte{
			stateFile(t, st.State+".dump"), stateFile(t, st.State+".v4.json"),
			stateFile(t, st.State+".v5.json"), stateFile(t, st.State+".v5.txt"),
			[]byte(st.ConsoleV4), []byte(st.ConsoleV5),
		}
		if st.TextV4 != "" {
			inputs = append(inputs, stateFile(t, st.TextV4))
		}
		for _, in := range inputs {
			if len(in) == 0 {
				continue // recorded for three states only
			}
			got := parse(t, in)
			require.True(t, want.Set.Equal(got.Set), "%s as %s", st.State, got.Format)
			require.Equal(t, want.Hidden, got.Hidden, "%s as %s", st.State, got.Format)
			require.Empty(t, got.Missing, "%s as %s: BLOCK3 covers what is not listed", st.State, got.Format)
			forms[got.Format]++
		}
	}
	require.Equal(t, map[efuse.Format]int{
		efuse.FormatJoint: 30, efuse.FormatJSON: 60, efuse.FormatSummary: 33, efuse.FormatConsole: 6,
	}, forms)
}

// What was read-protected when the state was recorded is reported as hidden.
func TestHiddenBlocks(t *testing.T) {
	hidden := map[string][efuse.BlockCount]bool{}
	for _, st := range record(t).States {
		if d := parse(t, stateFile(t, st.State+".v5.txt")); d.Hidden != [efuse.BlockCount]bool{} {
			hidden[st.State] = d.Hidden
		}
	}
	block1, block2 := [efuse.BlockCount]bool{1: true}, [efuse.BlockCount]bool{2: true}
	require.Equal(t, map[string][efuse.BlockCount]bool{
		"fe-dev-protected": block1, "fe-release": block1, "coding34-protected": block1, "sbv1-protected": block2,
	}, hidden)
}
