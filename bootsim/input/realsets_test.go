package input

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
)

// TestRealSets checks discovery on a collection of image sets from the field
// that is too large, and not ours, to be kept here. It runs when
// BOOTSIM_REALSETS names a folder with
//
//	sets/NAME/...    the files of a set
//	notes/NAME.md    what the set is, with the layout found by hand:
//
//	## By hand: what (table 0x8000)
//	  0x001000-0x0062f0 bootloader/bootloader.bin
//
// Every layout in a note has to be among the lots found; a set without one
// must not crash. With BOOTSIM_REALSETS_PRINT set, what is found is printed.
func TestRealSets(t *testing.T) {
	dir := os.Getenv("BOOTSIM_REALSETS")
	if dir == "" {
		return
	}
	sets, err := filepath.Glob(filepath.Join(dir, "sets", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, sets)
	layouts := 0
	for _, set := range sets {
		t.Run(filepath.Base(set), func(t *testing.T) {
			want := handLayouts(t, filepath.Join(dir, "notes", filepath.Base(set)+".md"))
			layouts += len(want)
			r, err := Find(afero.NewReadOnlyFs(afero.NewOsFs()), Request{Paths: []string{set}})
			if os.Getenv("BOOTSIM_REALSETS_PRINT") != "" {
				printResult(t, set, r, err)
			}
			for title, layout := range want {
				require.True(t, foundByHand(t, r.Lots, handLot(t, set, layout)), "%s\n%s", title, layout)
			}
		})
	}
	t.Logf("%d sets, %d layouts", len(sets), layouts)
}

// handLot makes a lot of a layout found by hand.
func handLot(t *testing.T, set, layout string) bootsim.Lot {
	var lot bootsim.Lot
	for line := range strings.Lines(layout) {
		var from, to uint32
		var file string
		at, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		_, err := fmt.Sscanf(at, "0x%x-0x%x", &from, &to)
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(set, file))
		require.NoError(t, err)
		require.Len(t, b, int(to-from))
		lot.Contents = append(lot.Contents, bootsim.Placement{Address: from, Data: b})
	}
	return lot
}

// foundByHand tells whether one of the lots is what was found by hand: all of that,
// and beyond it only data.
func foundByHand(t *testing.T, lots []bootsim.Lot, want bootsim.Lot) bool {
	for _, lot := range lots {
		want := bootsim.Lot{Contents: slices.Clone(want.Contents)}
		for _, p := range lot.Contents {
			if p.Role != roleBootloader && p.Role != roleTable && p.Role != roleApp {
				want.Contents = append(want.Contents, p)
			}
		}
		if equal(lot, want) {
			return true
		}
	}
	return false
}

func printResult(t *testing.T, set string, r Result, err error) {
	for _, lot := range r.Lots {
		t.Logf("lot %q (%s) table 0x%x flash 0x%x\n%s\n  assumed: %s", lot.Name, strings.TrimPrefix(lot.Source, set),
			lot.TableOffset, lot.FlashSize, layoutOf(lot, set), strings.Join(lot.Assumed, "\n           "))
	}
	for _, n := range r.Notes {
		t.Logf("note: %s", strings.ReplaceAll(n, set, ""))
	}
	t.Logf("error: %v config %q", err, r.ConfigFile)
}

func layoutOf(lot bootsim.Lot, set string) string {
	var lines []string
	for _, p := range lot.Contents {
		rel, _ := filepath.Rel(set, p.File)
		lines = append(lines, fmt.Sprintf("  0x%06x-0x%06x %s", p.Address, int(p.Address)+len(p.Data), rel))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

var handLine = regexp.MustCompile(`^  0x[0-9a-f]+-0x[0-9a-f]+ `)

// handLayouts returns the layouts of a note by their titles.
func handLayouts(t *testing.T, note string) map[string]string {
	text, err := os.ReadFile(note)
	require.NoError(t, err)
	lines := map[string][]string{}
	title := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(line, "## By hand: "); ok {
			title = rest
		}
		if handLine.MatchString(line) && !strings.Contains(line, " /") { // of decrypted copies
			lines[title] = append(lines[title], line)
		}
	}
	out := map[string]string{}
	for title, l := range lines {
		sort.Strings(l)
		out[title] = strings.Join(l, "\n")
	}
	return out
}
