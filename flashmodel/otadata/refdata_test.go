package otadata_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// result is what versions of otatool did, all the same.
type result struct {
	Versions []string
	RC       *int
	Hangs    bool
	Stdout   string
	Stderr   string
	Changed  bool
	After    []string
	RestFF   bool `json:"rest_ff"`
	SHA256   string
	File     string
}

type row struct {
	Table, State, Op, Args string
	Before                 []string
	Results                []result
}

func recorded(t *testing.T) []row {
	t.Helper()
	var ix struct{ Runs []row }
	refdata.JSON(t, &ix, "otadata", "index.json")
	require.Equal(t, 154, len(ix.Runs))
	return ix.Runs
}

// sectors lays two entries out as a partition that is otherwise erased.
func sectors(t *testing.T, entries []string) []byte {
	t.Helper()
	content := []byte(strings.Repeat("\xff", otadata.Size))
	for i, text := range entries {
		b, err := hex.DecodeString(text)
		require.NoError(t, err)
		copy(content[i*otadata.SectorSize:], b)
	}
	return content
}

// otatool runs a command line on a partition's content. An error that is not of
// this package's is one of the command line.
func otatool(version string, table *parttable.Table, args []string, content []byte) (after []byte, stdout string, err error) {
	tool := otadata.Tool{Alternate: version == "6.0"}
	if len(args) == 0 {
		return content, "[help text]\n", errUsage("")
	}
	operation := map[string]bool{"read_otadata": true, "erase_otadata": true, "switch_ota_partition": true}
	if !operation[args[0]] {
		return content, "", errUsage(fmt.Sprintf("argument operation: invalid choice: '%s'", args[0]))
	}
	target, given, err := target(args[1:])
	if err != nil {
		return content, "", err
	}
	if _, err := tool.Locate(table); err != nil {
		return content, "", err
	}
	switch args[0] {
	case "read_otadata":
		stdout, err = tool.Read(content)
		return content, stdout, err
	case "erase_otadata":
		after, err = tool.Erase(content)
		return after, "Erased ota_data partition contents\n", err
	}
	if !given {
		return content, "", &otadata.ToolError{Exception: "TypeError",
			Text: "_switch_ota_partition() missing 1 required positional argument: 'ota_id'"}
	}
	after, err = tool.Switch(content, table, target)
	return after, "", err
}

type errUsage string

func (e errUsage) Error() string { return string(e) }

func target(args []string) (to otadata.Target, given bool, err error) {
	for i := 0; i+1 < len(args); i += 2 {
		if given {
			return to, given, errUsage("argument --name: not allowed with argument --slot")
		}
		given = true
		if args[i] == "--name" {
			to = otadata.ByName(args[i+1])
			continue
		}
		n, err := strconv.Atoi(args[i+1])
		if err != nil {
			return to, given, errUsage(fmt.Sprintf("argument --slot: invalid int value: '%s'", args[i+1]))
		}
		to = otadata.BySlot(n)
	}
	return to, given, nil
}

// Every recorded run of otatool of v4.4, v5.5 and v6.0 ends the same way, down
// to the 8 KiB it leaves behind. Where the reference hangs there is an error.
func TestOTATool(t *testing.T) {
	hangs := 0
	for _, r := range recorded(t) {
		t.Run(strings.Join([]string{r.Table, r.State, r.Op}, " "), func(t *testing.T) {
			table, err := parttable.Decode(refdata.Read(t, "otadata", r.Table))
			require.NoError(t, err)
			before := sectors(t, r.Before)
			for _, want := range r.Results {
				for _, version := range want.Versions {
					content := append([]byte(nil), before...)
					after, stdout, err := otatool(version, table, strings.Fields(r.Args), content)
					require.Equal(t, before, content, "the input stays as it is")
					if want.Hangs {
						hangs++
						var count *otadata.CountError
						require.ErrorAs(t, err, &count)
						continue
					}
					checkError(t, want, err)
					if err == nil || *want.RC == 1 && errors.As(err, new(errUsage)) {
						require.Equal(t, want.Stdout, stdout, version)
					}
					if err == nil {
						checkContent(t, want, before, after)
					}
				}
			}
		})
	}
	require.Equal(t, 4, hangs)
}

func checkError(t *testing.T, want result, err error) {
	t.Helper()
	var usage errUsage
	var tool *otadata.ToolError
	switch {
	case *want.RC == 0:
		require.NoError(t, err)
	case errors.As(err, &tool):
		require.Equal(t, 1, *want.RC)
		require.Equal(t, want.Stderr, "[traceback]\n"+err.Error())
	default:
		require.ErrorAs(t, err, &usage)
		require.Contains(t, want.Stderr, string(usage))
	}
}

func checkContent(t *testing.T, want result, before, after []byte) {
	t.Helper()
	if !want.Changed {
		require.Equal(t, before, after)
		return
	}
	require.True(t, want.RestFF)
	require.Equal(t, sectors(t, want.After), after)
	sum := sha256.Sum256(after)
	require.Equal(t, want.SHA256, hex.EncodeToString(sum[:]))
	if want.File != "" {
		require.Equal(t, refdata.Read(t, "otadata", want.File), after)
	}
}

// An application that follows the same table and entries writes the entry and
// the number otatool writes, where both have a choice at all.
func TestNextAsOTATool(t *testing.T) {
	compared := 0
	for _, r := range recorded(t) {
		slot, ok := strings.CutPrefix(r.Args, "switch_ota_partition --slot ")
		n, err := strconv.ParseUint(slot, 10, 32)
		if !ok || err != nil || r.Results[0].After == nil {
			continue
		}
		table, err := parttable.Decode(refdata.Read(t, "otadata", r.Table))
		require.NoError(t, err)
		before := otadata.DecodePair(sectors(t, r.Before))
		index, seq, err := before.Next(otadata.EraLabel, uint32(table.ConsecutiveOTA()), uint32(n))
		require.NoError(t, err)
		after := otadata.DecodePair(sectors(t, r.Results[0].After))
		require.Equal(t, after[index].Seq, seq, "%s %s", r.State, r.Args)
		require.Equal(t, before[1-index], after[1-index])
		require.True(t, after[index].CRCOK())
		compared++
	}
	require.Equal(t, 75, compared)
}
