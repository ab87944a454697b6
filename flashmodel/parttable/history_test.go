package parttable_test

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
)

// The tools of 31 releases from v3.1 to v5.5, chosen around every change of
// their rules, end with the same code, texts and files.
func TestHistory(t *testing.T) {
	var history struct {
		Runs []struct {
			File    string
			Args    []string
			Results []run
		}
	}
	refdata.JSON(t, &history, "parttable", "history.json")
	require.Equal(t, 243, len(history.Runs))
	releases, runs := map[string]bool{}, 0
	for _, row := range history.Runs {
		t.Run(strings.Join(append([]string{row.File}, row.Args...), " "), func(t *testing.T) {
			input := read(t, row.File)
			for _, want := range row.Results {
				for i, v := range want.Versions {
					releases[v] = true
					want.Versions[i] = exact(v)
				}
				runs += len(want.Versions)
				check(t, want, row.Args, path.Base(row.File), input)
			}
		})
	}
	require.Equal(t, 31, len(releases))
	require.Equal(t, 6738, runs)
}

// exact names the first release of a branch by its patch number: v3.1 is
// v3.1.0.
func exact(tag string) string {
	if strings.Count(tag, ".") == 1 {
		return tag + ".0"
	}
	return tag
}

// Random tables, CSV and binary, right and wrong, come out as the releases made
// them come out.
func TestRandomTables(t *testing.T) {
	var random struct {
		Runs []struct {
			Input   []byte
			Args    []string
			Version string
			run
		}
	}
	refdata.JSON(t, &random, "parttable", "random.json")
	require.Equal(t, 500, len(random.Runs))
	for i, r := range random.Runs {
		t.Run(fmt.Sprint(i, " ", r.Version), func(t *testing.T) {
			r.Versions = []string{exact(r.Version)}
			check(t, r.run, r.Args, "in", r.Input)
		})
	}
}
