package planfile_test

import (
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/bootsim/provision/planfile"
	"github.com/bootsim/bootsim/fixtures/example"
)

func load(t testing.TB, name, text string) (*provision.Plan, error) {
	t.Helper()
	fs := afero.NewMemMapFs()
	for _, f := range example.PlanFiles() {
		require.NoError(t, afero.WriteFile(fs, "line/"+f.Path, f.Data, 0o644))
	}
	require.NoError(t, fs.MkdirAll("line/folder", 0o755))
	if name != "line/folder" && name != "line/nosuch" {
		require.NoError(t, afero.WriteFile(fs, name, []byte(text), 0o644))
	}
	return planfile.Load(fs, name)
}

// Both forms of a plan give the same steps; lines are those of the file.
func TestForms(t *testing.T) {
	const yaml = "version: 1\nimages: build\nfiles: {a.bin: bootloader.bin}\nsteps:\n  - espefuse.py summary # no comment here\n  - run: |-\n      espefuse.py dump\n      espefuse.py summary\n  - reboot\n  - make all\n  - frobnicate\n"
	for _, name := range []string{"line/plan.yaml", "line/plan"} {
		p, err := load(t, name, yaml)
		require.NoError(t, err)
		require.Len(t, p.Steps, 4)
		require.Equal(t, "step 1 (line 5)", p.Steps[0].At())
		require.Equal(t, "espefuse.py dump", p.Steps[1].String())
		require.True(t, p.Steps[3].Boot)
		require.Equal(t, "power cycle", p.Steps[3].String())
		require.Len(t, p.Passed, 1)
		require.Len(t, p.Unmodelled, 1)
		require.Equal(t, 11, p.Unmodelled[0].Line)
		require.Equal(t, []provision.Given{{Name: "a.bin", Place: "line/bootloader.bin"}}, p.Given)
		require.Equal(t, "line", p.Dir)
	}
	p, err := load(t, "line/plan.txt", "steps to take:\n\nespefuse.py summary\n")
	require.NoError(t, err)
	require.Len(t, p.Steps, 1)
	require.Equal(t, 3, p.Steps[0].Line)
	require.Equal(t, provision.Development, p.Mode)
}

// What works on a chip of its own, or on another chip, is no step of a plan.
func TestRefusedCommands(t *testing.T) {
	for _, c := range []string{"espefuse.py --virt summary", "espefuse.py --path-efuse-file e.bin summary", "esptool.py --flash-file f.bin erase_flash", "esptool.py --chip esp32s3 erase_flash"} {
		p, err := load(t, "line/plan.sh", c+"\n")
		require.NoError(t, err)
		require.Empty(t, p.Steps, c)
		require.Len(t, p.Unmodelled, 1, c)
	}
}

func TestNoPlans(t *testing.T) {
	var (
		file  *planfile.FileError
		empty *planfile.EmptyError
		bad   *config.Errors
	)
	for name, text := range map[string]string{"line/nosuch": "", "line/folder": "", "line/empty.sh": " \n", "line/bin.txt": "a\x00b", "line/huge.txt": strings.Repeat("x\n", 1<<19+1)} {
		_, err := load(t, name, text)
		require.ErrorAs(t, err, &file, name)
	}
	_, err := load(t, "line/prose.txt", "Nothing to see here.\n")
	require.ErrorAs(t, err, &empty)
	_, err = load(t, "line/plan.yaml", "version: 1\n")
	require.ErrorAs(t, err, &bad)
	_, err = load(t, "line/plan.yaml", "version: 1\nsteps: [\"a\\0b\"]\n")
	require.Error(t, err)
}
