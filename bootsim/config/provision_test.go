package config

import (
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/example"
)

// loadPlan reads a plan beside the example's images.
func loadPlan(t testing.TB, text string) (*Provision, error) {
	t.Helper()
	fs := afero.NewMemMapFs()
	for _, f := range example.PlanFiles() {
		require.NoError(t, afero.WriteFile(fs, "line/"+f.Path, f.Data, 0o644))
	}
	require.NoError(t, afero.WriteFile(fs, "line/plan.yaml", []byte(text), 0o644))
	return LoadProvision(fs, "line/plan.yaml")
}

const wholePlan = `version: 1
mode: release
device:
  flash_size: 8MB
  chip_revision: v1.0
  coding_scheme: 3/4
  efuse: {fields: {CONSOLE_DEBUG_DISABLE: 1}}
  bootloader: {idf: v3.1, rollback: false}
  partition_table_offset: 0x9000
files: {"C:/app.bin": bootloader.bin}
images: [., build]
seed: 7
steps:
  - espefuse.py summary
  - {name: two, run: "a\nb", note: why}
  - power-cycle
  - reboot
expect: {boots: factory, version: "1.0"}
`

func TestPlan(t *testing.T) {
	p, err := loadPlan(t, wholePlan)
	require.NoError(t, err)
	require.Equal(t, "release", p.Mode)
	require.EqualValues(t, 8<<20, p.Device.FlashSize)
	require.EqualValues(t, 0x9000, p.Device.TableOffset)
	require.Equal(t, "v3.1", p.Device.Bootloader.IDF)
	require.False(t, *p.Device.Bootloader.Rollback)
	require.Equal(t, efuse.Coding34, p.Device.Efuses.CodingScheme())
	require.True(t, p.Device.Efuses.ConsoleDebugDisable())
	require.Equal(t, "v1.0", p.Device.Efuses.Revision(false).String())
	require.Equal(t, map[string]string{"C:/app.bin": "bootloader.bin"}, p.Files)
	require.Equal(t, []string{"line", "line/build"}, p.Images)
	require.Equal(t, "7", p.Seed)
	require.Equal(t, []ProvisionStep{{Run: "espefuse.py summary", Line: 14}, {Name: "two", Run: "a\nb", Line: 15}, {Line: 16}, {Line: 17}}, p.Steps)
	require.Equal(t, "factory", p.Device.Expect.Slot)
	require.Equal(t, "1.0", p.Device.Expect.Version)
	require.Equal(t, []string{"line/bootloader.bin", "line/plan.yaml"}, p.Inputs)
}

func TestPlanDefaults(t *testing.T) {
	p, err := loadPlan(t, "version: 1\nsteps: [power-cycle]\n")
	require.NoError(t, err)
	require.Equal(t, "development", p.Mode)
	require.Nil(t, p.Device.Efuses)
	require.Zero(t, p.Device.FlashSize)
}

func planSchema(t *testing.T) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	return compiled(t, "../../schemas/provision.schema.json")
}

// Mistakes are told with line and column, and the schema refuses what an editor
// can see.
func TestPlanMistakes(t *testing.T) {
	s, _ := planSchema(t)
	for _, c := range []struct {
		text, want string
		editor     bool
	}{
		{"version: 1\n", `1:1: no steps`, true},
		{"version: 2\nsteps: [power-cycle]\n", `1:10: version 2`, true},
		{"steps: [power-cycle]\n", `1:1: no version`, true},
		{"version: 1\nstep: []\nsteps: [power-cycle]\n", `2:1: the plan has no key "step": did you mean "steps"?`, true},
		{"version: 1\nmode: relaese\nsteps: [power-cycle]\n", `2:7: "relaese" is no mode: development or release`, true},
		{"version: 1\nsteps: []\n", `2:8: "steps" is empty`, true},
		{"version: 1\nsteps: [\"\"]\n", `2:9: a step is a command line`, true},
		{"version: 1\nsteps: [{name: x}]\n", `2:9: a step needs the key "run"`, true},
		{"version: 1\nsteps: [{run: x, at: 1}]\n", `2:18: a step has no key "at"`, true},
		{"version: 1\nsteps: [[x]]\n", `2:9: a step is a command line`, true},
		{"version: 1\ndevice: {coding_scheme: 4/3}\nsteps: [x]\n", `2:25: "4/3" is no coding scheme`, true},
		{"version: 1\ndevice: {flash_size: 3MB}\nsteps: [x]\n", `2:22: no flash chip has this size`, false},
		{"version: 1\ndevice: {chip_revision: v9}\nsteps: [x]\n", `2:25: "v9" is no chip revision`, true},
		{"version: 1\ndevice: {key: k.bin}\nsteps: [x]\n", `2:10: "device" has no key "key"`, true},
		{"version: 1\ndevice: {partition_table_offset: 0x8001}\nsteps: [x]\n", `2:34: a partition table starts at`, false},
		{"version: 1\ndevice: {bootloader: {file: b.bin}}\nsteps: [x]\n", `2:23: "bootloader" has no key "file"`, true},
		{"version: 1\nfiles: {a.bin: nosuch.bin}\nsteps: [x]\n", `2:16: there is no file "line/nosuch.bin"`, false},
		{"version: 1\nfiles: [a]\nsteps: [x]\n", `2:8: "files" is a mapping`, true},
		{"version: 1\nfiles: {a.bin: bootloader.bin, a.bin: bootloader.bin}\nsteps: [x]\n", `2:32: the file "a.bin" is given twice`, false},
		{"version: 1\nexpect: {version: x}\nsteps: [x]\n", `2:9: "expect" needs the key "boots"`, true},
		{"version: 1\nsteps: &a [x]\n", `2:8: anchors and aliases`, false},
		{"", `the configuration`, false},
	} {
		_, err := loadPlan(t, c.text)
		require.ErrorContains(t, err, c.want, c.text)
		if c.editor {
			require.Error(t, s.Validate(values(t, []byte(c.text))), c.text)
		}
	}
	_, err := LoadProvision(afero.NewMemMapFs(), "nosuch.yaml")
	var file *FileError
	require.ErrorAs(t, err, &file)
}

// The schema takes the plans that the parser takes, and has its keys.
func TestPlanSchema(t *testing.T) {
	s, doc := planSchema(t)
	require.NoError(t, s.Validate(values(t, []byte(wholePlan))))
	for _, f := range example.PlanFiles() {
		if strings.HasSuffix(f.Path, ".yaml") {
			require.NoError(t, s.Validate(values(t, f.Data)))
		}
	}
	device := at(doc, "properties", "device")
	step := at(doc, "properties", "steps", "items")["oneOf"].([]any)[1].(map[string]any)
	for config, object := range map[string]map[string]any{
		"KEY: 1": doc, "device: {KEY: 1}": device, "expect: {KEY: 1}": at(doc, "properties", "expect"),
		"device: {efuse: {KEY: 1}}": at(device, "properties", "efuse"), "device: {bootloader: {KEY: 1}}": at(device, "properties", "bootloader"),
		"steps: [{KEY: 1}]": step,
	} {
		_, err := loadPlan(t, strings.ReplaceAll(config, "KEY", "qqqqqqqqqqqqqqqqqqqqqqq"))
		m := regexp.MustCompile(`has no key "q+": it can have (.*)`).FindStringSubmatch(err.Error())
		require.NotNil(t, m, "%s: %v", config, err)
		require.ElementsMatch(t, strings.Split(m[1], ", "), keys(at(object, "properties")), config)
	}
	require.Equal(t, fieldNames(t, schemaFile, "$defs", "lot"), fieldNames(t, "../../schemas/provision.schema.json", "properties", "device"))
}

// fieldNames are the eFuse fields that a schema completes.
func fieldNames(t *testing.T, file string, path ...string) []string {
	_, doc := compiled(t, file)
	return texts(at(at(doc, path...), "properties", "efuse", "properties", "fields", "propertyNames")["enum"])
}

// That nothing boots cannot be expected, and is not taken for a label.
func TestNothingIsNoLabel(t *testing.T) {
	fs := afero.NewMemMapFs()
	require.NoError(t, afero.WriteFile(fs, "plan.yaml", []byte("version: 1\nsteps: [power-cycle]\nexpect: {boots: none}\n"), 0o644))
	_, err := LoadProvision(fs, "plan.yaml")
	require.ErrorContains(t, err, "that nothing boots cannot be expected")
	require.ErrorContains(t, err, "3:")
}
