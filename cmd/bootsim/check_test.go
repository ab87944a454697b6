package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"path"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/report"
	"github.com/bootsim/bootsim/fixtures/example"
)

func (h *harness) json(t *testing.T, args ...string) bootsim.Report {
	t.Helper()
	h.call(append([]string{"check", "--format", "json"}, args...)...)
	var r bootsim.Report
	require.NoError(t, json.Unmarshal(h.out.Bytes(), &r), "%s%s", h.out, h.err)
	return r
}

func TestEmbeddedExampleBoots(t *testing.T) {
	r := newHarness("", nil).json(t)
	require.Equal(t, bootsim.Pass, r.Verdict)
	require.Len(t, r.Lots, 2)
	one, two := r.Lots[0].Scenarios[0], r.Lots[1].Scenarios[0]
	require.Equal(t, "factory", one.Boots.Label)
	require.EqualValues(t, 0x10000, one.Boots.Offset)
	require.Equal(t, "ota_0", two.Boots.Label)
	require.EqualValues(t, 0x10000, two.Boots.Offset)
	require.NotEmpty(t, one.Log)
}

// Every variant of the demo is found out, by the rule that it plants and as an
// error or a warning with its remedy.
func TestDemoVariants(t *testing.T) {
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("demo", "demo"), h.err)
	require.Equal(t, exitOK, h.call("check", "demo/good"))
	require.NotEmpty(t, example.Variants())
	for _, v := range example.Variants() {
		t.Run(v.Name, func(t *testing.T) {
			r := h.json(t, path.Join("demo", "broken-"+v.Name))
			var found []string
			for _, f := range r.Findings {
				found = append(found, f.Rule)
				require.NotEmpty(t, f.Remedy)
			}
			require.Contains(t, found, v.Rule)
			require.Equal(t, exitFindings, h.call("check", "--fail-on", "warning", path.Join("demo", "broken-"+v.Name)))
		})
	}
}

func TestOutputIsDeterministic(t *testing.T) {
	for _, format := range report.Formats() {
		h := newHarness("", nil)
		require.Equal(t, exitOK, h.call("check", "--format", format))
		first := h.out.String()
		require.NotEmpty(t, first)
		require.Equal(t, exitOK, h.call("check", "--format", format))
		require.Equal(t, first, h.out.String(), format)
	}
}

func TestSeveralOutputsAtOnce(t *testing.T) {
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("check", "-q", "--output", "json=out/a.json", "--output", "junit=out/b.xml"))
	require.Empty(t, h.out.String())
	a, err := afero.ReadFile(h.fs, "out/a.json")
	require.NoError(t, err)
	require.True(t, json.Valid(a))
	b, err := afero.ReadFile(h.fs, "out/b.xml")
	require.NoError(t, err)
	require.NoError(t, xml.Unmarshal(b, new(struct{ XMLName xml.Name })))
	require.Equal(t, exitOK, h.call("check", "-q", "--output", "json=out/a.json"), "a report may replace a report")
}

func TestColourOnlyOnTerminal(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want bool
	}{
		"pipe":                   {nil, false},
		"terminal":               {map[string]string{"TERMINAL": "1"}, true},
		"terminal with NO_COLOR": {map[string]string{"TERMINAL": "1", "NO_COLOR": "1"}, false},
	} {
		h := newHarness("", c.env)
		h.call("check")
		require.Equal(t, c.want, bytes.ContainsRune(h.out.Bytes(), 0x1B), name)
	}
}

// A key never shows, in no format and no error.
func TestKeysAreNeverPrinted(t *testing.T) {
	h := newHarness("", nil)
	h.writeExample(t, "good")
	key := example.Key().Bytes()
	for _, args := range [][]string{{"check", "good"}, {"check", "good", "--format", "json"}, {"boot", "good", "--log-level", "verbose"}, {"check", "good", "--format", "sarif"}} {
		h.call(args...)
		for _, needle := range secretForms(key[:]) {
			require.NotContains(t, h.out.String()+h.err.String(), needle)
		}
	}
}

func secretForms(key []byte) []string {
	const digits = "0123456789abcdef"
	var plain, spaced []byte
	for i, b := range key[:8] {
		if i > 0 {
			spaced = append(spaced, ' ')
		}
		plain = append(plain, digits[b>>4], digits[b&15])
		spaced = append(spaced, digits[b>>4], digits[b&15])
	}
	return []string{string(plain), string(spaced), string(key[:8])}
}

func TestStandardInputTakesACommandLine(t *testing.T) {
	h := newHarness("esptool.py --chip esp32 -p COM3 write_flash -z 0x1000 lot-one/bootloader-encrypted.bin\n", nil)
	h.writeExample(t, ".")
	r := h.json(t, "-")
	require.Len(t, r.Lots, 1)
	require.Equal(t, bootsim.Fail, r.Verdict, "a bootloader alone does not boot")
}
