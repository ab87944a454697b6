package execute

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/vectors"
)

// TestOtherBootloaders boots bootloaders that nobody recorded on every scenario,
// with both engines: those of the folder other. What starts no application on the
// scenarios as they were recorded is also given some that it gets further on.
// Those of the folder snapshots are executed alone: they are from before v3.0, or
// from a commit between two releases, or from a fork, or built with an option of
// which their binary tells nothing.
func TestOtherBootloaders(t *testing.T) {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		t.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	f, err := vectors.Load(vectors.Recorded())
	require.NoError(t, err)
	for _, b := range binaries(t, dir, "other") {
		t.Run(filepath.Base(b.File), func(t *testing.T) {
			m := executeAll(t, f, b.image, asRecorded)
			m.report(t, b, "")
			if m.count(emu.EndApp) == 0 {
				m = executeAll(t, f, b.image, eased)
				m.report(t, b, "eased: ")
				require.Equal(t, b.Features == "plain", m.count(emu.EndApp) > 0, "with Secure Boot there are tests of their own")
			}
		})
	}
	for _, b := range binaries(t, dir, "snapshots") {
		m := executeAll(t, f, b.image, asRecorded)
		fmt.Printf("%s: alone: %d boots, %d start an application, %d not modelled\n", b, len(m.runs), m.count(emu.EndApp), m.count(emu.EndUnknown))
		require.Zero(t, m.count(emu.EndUnknown), b.File)
	}
}

// published is a bootloader of the list of where they are public, with its bytes.
type published struct {
	vectors.Published
	image []byte
}

func (p published) String() string {
	return fmt.Sprintf("%s (%s, %s)", filepath.Base(p.File), p.Version, p.Features)
}

// binaries are the bootloaders in a folder, which are the bytes that the list
// says. What is not in the list nobody could fetch again.
func binaries(t *testing.T, dir, folder string) (out []published) {
	files, err := filepath.Glob(filepath.Join(dir, folder, "*.bin"))
	require.NoError(t, err)
	list, err := vectors.Unrecorded()
	require.NoError(t, err)
	for _, file := range files {
		name := folder + "/" + filepath.Base(file)
		i := slices.IndexFunc(list, func(p vectors.Published) bool { return p.File == name })
		require.NotEqual(t, -1, i, "%s is not in unrecorded.tsv", name)
		image, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, list[i].SHA256, fmt.Sprintf("%x", sha256.Sum256(image)), name)
		out = append(out, published{list[i], image})
	}
	return out
}

// executed is one boot of a bootloader: the device before and after, and how it
// came out.
type executed struct {
	id            string
	before, after *emu.Device
	out           emu.Outcome
	draws         *emu.Draws
}

// matrix is a bootloader's boots on all scenarios.
type matrix struct{ runs []executed }

func (m *matrix) count(end emu.End) (n int) {
	for _, r := range m.runs {
		if r.out.End == end {
			n++
		}
	}
	return n
}

// report compares with the model that comes closest, and fails where it differs.
func (m *matrix) report(t *testing.T, b published, how string) {
	best := m.closest(b.image)
	fmt.Printf("%s: %s%d of %d alike%s, %d start an application, %d not modelled, %d left to the binary\n", b, how,
		len(m.runs)-len(best.diffs), len(m.runs), best.what, m.count(emu.EndApp), m.count(emu.EndUnknown), best.open)
	require.True(t, best.open <= mostOpen || best.open == len(m.runs), "the model knows a bootloader or does not")
	require.Empty(t, best.diffs[:min(len(best.diffs), 6)])
}

func executeAll(t *testing.T, f *vectors.Folder, image []byte, adapt func(*testing.T, *emu.Device)) *matrix {
	loader := vectors.WithImage(image)
	m := &matrix{}
	for id, s := range f.Scenarios {
		if s.Kind == "rom" {
			continue
		}
		d, err := f.Device(s, loader)
		require.NoError(t, err)
		adapt(t, d)
		r := executed{id: id, before: d.Fork(), after: d}
		r.out, r.draws = executionBy(&engine.Engine{})(d)
		m.runs = append(m.runs, r)
	}
	slices.SortFunc(m.runs, func(a, b executed) int { return strings.Compare(a.id, b.id) })
	return m
}

// mostOpen is how many scenarios load images over the bootloader itself.
const mostOpen = 4

// comparison is how a model does against a bootloader's boots.
type comparison struct {
	what  string // had to be said of the bootloader
	open  int    // where the model has no opinion on the end
	diffs []string
}

func (m *matrix) compare(o machine.Options, what string) (c comparison) {
	c.what = what
	model := machine.New(o)
	for _, r := range m.runs {
		twin := r.before.Fork()
		twin.Draws = r.draws
		out := model.Boot(twin)
		if noOpinion(out) != "" {
			c.open++
		}
		if found := Compare(out, r.out, twin, r.after); len(found) > 0 {
			c.diffs = append(c.diffs, r.id+": "+strings.Join(found, "; "))
		}
	}
	return c
}

// closest is the comparison with a model that was told what no binary betrays:
// whether updates want to be confirmed, where another place than 0x8000 is
// looked at for the partition table, and the version where the binary has none.
func (m *matrix) closest(image []byte) comparison {
	best := comparison{diffs: make([]string, len(m.runs)+1)}
	try := func(o machine.Options, what string) {
		for _, o.Rollback = range []bootloader.Tri{bootloader.No, bootloader.Yes} {
			if c := m.compare(o, what); len(c.diffs) < len(best.diffs) {
				best = c
			}
			if len(best.diffs) == 0 {
				return
			}
		}
	}
	try(machine.Options{}, "")
	for _, at := range append([]uint32{0x10000}, freePlaces...) {
		if len(best.diffs) > 0 {
			try(machine.Options{TableOffset: at}, fmt.Sprintf(" with the table at 0x%x", at))
		}
	}
	if p, err := bootloader.Detect(image); len(best.diffs) > 0 && err == nil && nameless(p) {
		for _, v := range idf.Releases() {
			if len(best.diffs) > 0 {
				try(machine.Options{IDF: v.String()}, " as "+v.String())
			}
		}
	}
	return best
}

// nameless tells whether a binary had to be taken for some version.
func nameless(p bootloader.Profile) bool {
	return slices.ContainsFunc(p.Assumed, func(s string) bool { return strings.Contains(s, "names no ESP-IDF version") })
}
