package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/rules"
)

func TestForKnowsItsFormats(t *testing.T) {
	for _, f := range Formats() {
		_, err := For(f, Options{})
		require.NoError(t, err, f)
	}
	_, err := For("xml", Options{})
	var unknown *FormatError
	require.ErrorAs(t, err, &unknown)
	require.EqualError(t, err, `unknown report format "xml": use one of text, json, junit, sarif, github, gitlab`)
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"größe.bin":    "größe.bin",
		"a\nb\r\tc":    `a\nb\r\tc`,
		"\x1b[31mred":  `\x1b[31mred`,
		"\xff\xc3":     `\xff\xc3`,
		"a\u202eb":     `a\u202eb`,
		"\U000e0001":   `\U000e0001`,
		"\ufffd stays": "\ufffd stays",
	} {
		require.Equal(t, want, visible(in))
	}
}

func TestFileURI(t *testing.T) {
	for in, want := range map[string]string{
		"a b/ü%.bin":       "a%20b/%C3%BC%25.bin",
		"/abs/x.bin":       "file:///abs/x.bin",
		"C:/build/app.bin": "file:///C:/build/app.bin",
		"a:b.bin":          "./a:b.bin",
		"x\n\xff.bin":      "x%0A%FF.bin",
		"../up.bin":        "../up.bin",
		"q?a#b.bin":        "q%3Fa%23b.bin",
		"":                 "",
	} {
		require.Equal(t, want, fileURI(in), in)
	}
}

// What identifies a finding is its place and rule; what only describes it may change.
func TestFingerprintIsStable(t *testing.T) {
	at := uint32(0x60000)
	base := bootsim.Finding{Rule: "wrong-address", Lot: "a", Release: "2", File: "app.bin", Partition: "ota_0", Offset: &at}
	print := func(f bootsim.Finding) string { return newFingerprints().of(f) }
	require.Equal(t, "bc44465a89c9e431e844f8ef6387a5f4", print(base), "fingerprints of published reports must not change")

	same := base
	same.Message, same.Remedy, same.Scenario, same.Severity, same.Evidence = "m", "r", "s", bootsim.Error, []string{"e"}
	require.Equal(t, print(base), print(same))

	other := uint32(0x70000)
	for name, change := range map[string]func(f *bootsim.Finding){
		"rule":      func(f *bootsim.Finding) { f.Rule = "x" },
		"lot":       func(f *bootsim.Finding) { f.Lot = "x" },
		"release":   func(f *bootsim.Finding) { f.Release = "x" },
		"file":      func(f *bootsim.Finding) { f.File = "x" },
		"partition": func(f *bootsim.Finding) { f.Partition = "x" },
		"offset":    func(f *bootsim.Finding) { f.Offset = &other },
		"no offset": func(f *bootsim.Finding) { f.Offset = nil },
		"shifted":   func(f *bootsim.Finding) { f.Lot, f.Release = "a2", "" },
	} {
		f := base
		change(&f)
		require.NotEqual(t, print(base), print(f), name)
	}
	p := newFingerprints()
	require.NotEqual(t, p.of(base), p.of(base), "twice in one report are two")
}

// A verdict without a cause shows in every format, also in those that list findings alone.
func TestNothingIsPassedOverInSilence(t *testing.T) {
	for verdict, rule := range map[bootsim.Verdict]string{bootsim.Fail: "boot-fails", bootsim.NotModelled: "not-modelled", "": "not-modelled"} {
		_, known := rules.Lookup(rule)
		require.True(t, known, rule)
		bare := bootsim.LotReport{Name: "a", Verdict: verdict}
		scenario := bare
		scenario.Scenarios = []bootsim.Scenario{{Name: "as flashed", Verdict: verdict}}
		for _, l := range []bootsim.LotReport{bare, scenario} {
			r := &bootsim.Report{Verdict: verdict, Lots: []bootsim.LotReport{l}}
			for _, format := range []string{"text", "junit", "sarif", "github", "gitlab"} {
				require.Contains(t, string(written(t, format, Options{}, r)), rule, format)
			}
		}
	}
}

// A failed scenario is accounted for by an error of its own release or of the
// lot, not by one of another release, nor by a warning.
func TestCauses(t *testing.T) {
	s := bootsim.Scenario{Name: "2.0 over ota_0", Release: "2.0", Verdict: bootsim.Fail}
	for name, c := range map[string]struct {
		f    bootsim.Finding
		want bool
	}{
		"names it":         {bootsim.Finding{Rule: "a", Severity: bootsim.Warning, Release: "2.0", Scenario: "2.0 over ota_0"}, true},
		"same release":     {bootsim.Finding{Rule: "a", Severity: bootsim.Error, Release: "2.0", Scenario: "2.0 over factory"}, true},
		"lot":              {bootsim.Finding{Rule: "a", Severity: bootsim.Error}, true},
		"other release":    {bootsim.Finding{Rule: "a", Severity: bootsim.Error, Release: "1.0"}, false},
		"only a warning":   {bootsim.Finding{Rule: "a", Severity: bootsim.Warning, Release: "2.0"}, false},
		"same name, other": {bootsim.Finding{Rule: "a", Severity: bootsim.Error, Release: "1.0", Scenario: "2.0 over ota_0"}, false},
	} {
		r := &bootsim.Report{Lots: []bootsim.LotReport{{Name: "l", Verdict: bootsim.Fail, Scenarios: []bootsim.Scenario{s}, Findings: []bootsim.Finding{c.f}}}}
		all := arrange(r).all()
		require.Equal(t, c.want, len(all) == 1, name)
	}
}

// A finding that the report and its lot both hold is shown once.
func TestFindingsAreShownOnce(t *testing.T) {
	require.Len(t, arrange(sample()).all(), 5)
}

// Wrapped prose stays within the width but for words that are longer.
func TestWrapping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.StringMatching("[a-zé:`]{0,12}"), 1, 30).Draw(t, "words"), " ")
		width := rapid.IntRange(1, 60).Draw(t, "width")
		p := &page{width: width}
		p.paragraph("  label: ", text)
		for line := range strings.Lines(p.String()) {
			line = strings.TrimSuffix(line, "\n")
			body := strings.TrimPrefix(strings.TrimPrefix(line, "  label: "), "         ")
			require.True(t, utf8.RuneCountInString(line) <= width || len(words(body)) == 1, "%q at %d", line, width)
		}
		require.Equal(t, squeeze("label: "+text), squeeze(p.String()))
	})
}

func TestQuotedCommandsStayWhole(t *testing.T) {
	p := &page{width: 20}
	p.prose("", "remedy: ", "Run `espsecure.py encrypt_flash_data --address 0x60000 x` now, then `stop")
	require.Equal(t, "remedy: Run\n        `espsecure.py encrypt_flash_data --address 0x60000 x`\n        now, then\n        `stop\n", p.String())
}

func TestColourOnlyWhenAsked(t *testing.T) {
	require.NotContains(t, string(written(t, "text", Options{}, sample())), "\x1b")
	require.Contains(t, string(written(t, "text", Options{Colour: true}, sample())), "\x1b[1;31mFAIL\x1b[0m")
}
