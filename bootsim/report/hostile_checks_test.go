package report

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
)

type reportCheck func(t require.TestingT, r *bootsim.Report)

func hostileChecks(tb testing.TB) []reportCheck {
	jsonSchema, sarif, gitlab := schema(tb, reportSchema), schema(tb, sarifSubset), schema(tb, gitlabSchema)
	return []reportCheck{
		func(t require.TestingT, r *bootsim.Report) {
			b := output(t, "json", r)
			require.NoError(t, jsonSchema.Validate(decoded(t, b)))
			checkRoundTrip(t, b, r)
		},
		func(t require.TestingT, r *bootsim.Report) {
			b := output(t, "sarif", r)
			require.NoError(t, sarif.Validate(decoded(t, b)))
			checkSARIF(t, b, r)
		},
		func(t require.TestingT, r *bootsim.Report) {
			b := output(t, "gitlab", r)
			require.NoError(t, gitlab.Validate(decoded(t, b)))
			checkGitLab(t, b, r)
		},
		checkGitHub, checkHostileJUnit, checkText,
	}
}

func output(t require.TestingT, format string, r *bootsim.Report) []byte {
	var b strings.Builder
	w, err := For(format, Options{Width: 60, Rules: sampleRules(), Console: true})
	require.NoError(t, err)
	require.NoError(t, w.Write(&b, r))
	require.True(t, utf8.ValidString(b.String()), format)
	return []byte(b.String())
}

func decoded(t require.TestingT, b []byte) any {
	var v any
	require.NoError(t, json.Unmarshal(b, &v))
	return v
}

// checkRoundTrip reads the JSON back into the same report, but for what is not UTF-8.
func checkRoundTrip(t require.TestingT, b []byte, r *bootsim.Report) {
	var back bootsim.Report
	require.NoError(t, json.Unmarshal(b, &back))
	want, err := json.Marshal(complete(r))
	require.NoError(t, err)
	got, err := json.Marshal(&back)
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(got))
	for i, f := range r.Findings {
		if utf8.ValidString(f.Message) {
			require.Equal(t, f.Message, back.Findings[i].Message)
		}
	}
}

func checkSARIF(t require.TestingT, b []byte, r *bootsim.Report) {
	var log sarifLog
	require.NoError(t, json.Unmarshal(b, &log))
	all := arrange(r).all()
	require.Len(t, log.Runs[0].Results, len(all))
	seen := map[string]bool{}
	for i, res := range log.Runs[0].Results {
		require.Contains(t, res.Message.Text, unlinked(block(all[i].Message)))
		require.Equal(t, res.RuleID, log.Runs[0].Tool.Driver.Rules[res.RuleIndex].ID)
		print := res.Fingerprints["bootsimFinding/v1"]
		require.False(t, seen[print], "fingerprints are unique")
		seen[print] = true
		if all[i].File == "" {
			continue
		}
		u, err := url.Parse(res.Locations[0].Physical.Artifact.URI)
		require.NoError(t, err)
		require.Equal(t, strings.TrimLeft(all[i].File, "./"), strings.TrimLeft(u.Path, "./"))
	}
}

func checkGitLab(t require.TestingT, b []byte, r *bootsim.Report) {
	var issues []gitlabIssue
	require.NoError(t, json.Unmarshal(b, &issues))
	all := arrange(r).all()
	require.Len(t, issues, len(all))
	seen := map[string]bool{}
	for i, issue := range issues {
		require.Contains(t, issue.Description, block(all[i].Message))
		require.False(t, seen[issue.Fingerprint], "fingerprints are unique")
		seen[issue.Fingerprint] = true
	}
}

// command is a workflow command as the runner takes it apart.
var command = regexp.MustCompile(`^::(error|warning|notice) ((?:file=[^:,]*,)?title=[^:,]*)::(.*)$`)

func checkGitHub(t require.TestingT, r *bootsim.Report) {
	text := string(output(t, "github", r))
	all := arrange(r).all()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(all) == 0 {
		require.Empty(t, text)
		return
	}
	require.Len(t, lines, len(all), "one line a finding")
	for i, line := range lines {
		m := command.FindStringSubmatch(line)
		require.NotNil(t, m, line)
		data := strings.NewReplacer("%0A", "\n", "%0D", "\r", "%25", "%").Replace(m[3])
		require.True(t, strings.HasPrefix(data, block(all[i].Message)), line)
		requirePrintable(t, line)
	}
}

func checkHostileJUnit(t require.TestingT, r *bootsim.Report) {
	b := output(t, "junit", r)
	require.NoError(t, checkJUnit(b))
	all := decodeJUnit(t, b)
	requireCounts(t, all)
	var texts strings.Builder
	for _, s := range all.Suites {
		texts.WriteString(s.Out)
		for _, c := range s.Cases {
			for _, res := range []*xmlResult{c.Failure, c.Error} {
				if res != nil {
					texts.WriteString(res.Text)
				}
			}
		}
	}
	for _, f := range arrange(r).all() {
		require.Contains(t, texts.String(), block(f.Message), "every finding is somewhere")
	}
}

func checkText(t require.TestingT, r *bootsim.Report) {
	text := string(output(t, "text", r))
	require.NotContains(t, text, "##[")
	require.NotContains(t, text, "##vso[")
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		requirePrintable(t, line)
		require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), line)
	}
	squeezed := squeeze(text)
	for _, f := range arrange(r).all() {
		require.Contains(t, squeezed, squeeze(guard(block(f.Message))))
	}
}

// squeeze drops what wrapping changes: spaces, and the escape of "::" at a line's start.
func squeeze(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), ""), `\x3a:`, "::")
}

func requirePrintable(t require.TestingT, line string) {
	for _, r := range line {
		require.True(t, unicode.IsPrint(r), "%U in %q", r, line)
	}
}
