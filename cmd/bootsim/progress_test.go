package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
)

// screen is what a terminal line shows after what was written to it.
func screen(t *testing.T, written string) string {
	t.Helper()
	var cells []rune
	at := 0
	for _, r := range written {
		if r == '\r' {
			at = 0
			continue
		}
		require.NotEqual(t, '\x1b', r, "no escape sequences")
		require.NotEqual(t, '\n', r)
		for _, c := range append([]rune{r}, []rune{covered}[:wide(r)]...) {
			if at == len(cells) {
				cells = append(cells, ' ')
			}
			cells[at] = c
			at++
		}
	}
	return strings.TrimRight(strings.ReplaceAll(string(cells), string(rune(covered)), ""), " ")
}

// covered stands for the second column of a character.
const covered = 0

// wide is 1 for the characters of these tests that take two columns.
func wide(r rune) int {
	if unicode.Is(unicode.Han, r) {
		return 1
	}
	return 0
}

// A line is written over, shortened to the terminal, and gone in the end.
func TestProgressLine(t *testing.T) {
	var b bytes.Buffer
	p := &progressLine{w: &b, now: ticking(), width: 20}
	p.show("a long line that does not fit at all")
	require.Equal(t, "a long line that do", screen(t, b.String()))
	p.show("short \x1b[2J\nend")
	require.Equal(t, "short ?[2J?end", screen(t, b.String()))
	p.show("lot 深圳工厂第一批次产品")
	require.Equal(t, "lot 深圳工厂第一批", screen(t, b.String()), "two columns each")
	p.clear()
	require.Empty(t, screen(t, b.String()))
	require.True(t, strings.HasSuffix(b.String(), "\r"))
	n := b.Len()
	p.clear()
	require.Equal(t, n, b.Len(), "there is nothing to clear")
}

// Not before a command has worked for a while, and then now and then.
func TestProgressIsThrottled(t *testing.T) {
	var b bytes.Buffer
	var now time.Time
	a := &app{stderr: &b, terminal: func(io.Writer) bool { return true }, width: func(io.Writer) int { return 40 },
		getenv: func(string) string { return "" }, now: func() time.Time { return now }}
	p := a.progressLine(false)
	for i := range 1000 { // a second
		p.show("%d", i)
		now = now.Add(time.Millisecond)
	}
	require.Equal(t, 9, strings.Count(b.String(), "\r"))
	require.NotContains(t, b.String(), "\r99 ")
	require.Contains(t, b.String(), "\r100")
}

// Progress is for people at a terminal: nothing of it in pipes, CI jobs and
// quiet runs, and the report is the same with it.
func TestCheckProgress(t *testing.T) {
	var want string
	for name, c := range map[string]struct {
		env  map[string]string
		args []string
		sees bool
	}{
		"pipe":     {nil, nil, false},
		"terminal": {map[string]string{"TERMINAL": "1", "NO_COLOR": "1"}, nil, true},
		"quiet":    {map[string]string{"TERMINAL": "1"}, []string{"--quiet"}, false},
		"CI":       {map[string]string{"TERMINAL": "1", "CI": "true", "NO_COLOR": "1"}, nil, false},
		"dumb":     {map[string]string{"TERMINAL": "1", "TERM": "dumb", "NO_COLOR": "1"}, nil, false},
	} {
		h := newHarness("", c.env)
		require.Equal(t, exitOK, h.call(append([]string{"check"}, c.args...)...), name)
		before, after, _ := strings.Cut(h.err.String(), "swept: ")
		require.Equal(t, c.sees, strings.Contains(h.err.String(), "\r"), name)
		require.NotContains(t, after, "\r", "%s: gone before anything else is written", name)
		if c.sees {
			require.Regexp(t, regexp.MustCompile(`\r\d of 2 lots, \d+ scenarios; lot lot-(one|two) `), before)
			require.Empty(t, screen(t, before))
		}
		if name == "quiet" {
			continue
		}
		if want == "" {
			want = h.out.String()
		}
		require.Equal(t, want, h.out.String(), name)
	}
}

// An error, too, begins on a clean line.
func TestProgressIsGoneAfterAnError(t *testing.T) {
	h := newHarness("", map[string]string{"TERMINAL": "1"})
	require.Equal(t, exitInput, h.panicking())
	before, after, ok := strings.Cut(h.err.String(), "error: internal error")
	require.True(t, ok)
	require.Empty(t, screen(t, before))
	require.NotContains(t, after, "\r")
}

// panicking is a command that breaks while its progress is shown.
func (h *harness) panicking() (code int) {
	defer h.internalError(&code)
	line := h.progressLine(false)
	defer line.clear()
	line.show("half way")
	panic("broken")
}
