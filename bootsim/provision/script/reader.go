package script

import (
	"errors"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// reader goes through a text line by line.
type reader struct {
	lines  []string
	at     int // index of the next line
	strict bool
	vars   map[string]string
	dir    string
	ended  bool // "exit" was reached
	// guarded tells that the call at hand runs only if one before it succeeds.
	guarded bool
	out     Script
}

func newReader(text string, strict bool) *reader {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\uFEFF"), "\r\n", "\n")
	return &reader{lines: strings.Split(text, "\n"), vars: map[string]string{}, strict: strict}
}

// strictForm is a line that only scripts have: whatever else stands in such a
// text is meant as a command.
var strictForm = pattern.Of(`(?m)\A#!|^\s*(?:set -[a-z]*[eux]|@echo off)\b`)

func (r *reader) more() bool { return r.at < len(r.lines) }

// What a terminal shows before a command that was copied with it, the name of a
// Python environment in front; and how pages mark the items of a list.
var (
	prompt     = pattern.Of(`^(?:\([\w.+-]+\)\s+)?(?:(?:\$|>|%)\s+|PS [^>]*>\s*|[A-Za-z]:\\[^>|]*>\s*|\[?[\w.-]+@[\w.-]+[^$#%>|&;]{0,100}[$#%>]\s+)`)
	listItem   = pattern.Of(`^(?:\d+[.)]|[-*\x{2022}]|\([\w.+-]+\))\s+`)
	quiets     = pattern.Of(`^[@!]([A-Za-z"$%])`)
	rootPrompt = pattern.Of(`^#\s+\S*(?:esp|gen_esp|parttool|otatool|python|sudo|\$|%)`)
)

// unprompted takes off what stands in front of a command.
func (r *reader) unprompted(text string) string {
	text = prompt.ReplaceAllString(text, "")
	if !r.strict {
		text = prompt.ReplaceAllString(listItem.ReplaceAllString(text, ""), "")
	}
	if strings.HasPrefix(text, "!") && r.strict {
		return text
	}
	return quiets.ReplaceAllString(text, "$1")
}

// statement reads one line, with those that continue it.
func (r *reader) statement() {
	line := r.at + 1
	text := r.unprompted(strings.TrimSpace(r.lines[r.at]))
	r.at++
	switch {
	case text == "":
	case r.ended:
		if toolName.MatchString(r.filled(text)) && !isComment(text) {
			r.refuse(line, text, "after the exit of the script, and it names a tool")
			return
		}
		r.pass(line, text, "after the exit of the script")
	case !r.strict && rootPrompt.MatchString(text) && r.acts(text):
		r.refuse(line, text, "a comment, or what root typed")
	case isComment(text):
		r.pass(line, text, "comment")
	case batchGuard.MatchString(text):
		r.pass(line, text, "a label, or what happens after a failure")
	case batchIf.MatchString(text):
		r.refuse(line, text, "a condition")
	case r.opensBlock(text):
		r.block(line, text)
	case !r.isCommand(text):
		r.prose(line, text)
	default:
		joined, broken := r.continued(text)
		if broken {
			r.refuse(line, joined, "a comment between continued lines ends the command: take the comment out")
			return
		}
		r.command(line, joined)
	}
}

// Labels and conditions of cmd.exe, which end with their line. A label's first
// character is that of true in sh.
var (
	batchGuard = pattern.Of(`(?i)^(?::[a-z]\w*$|if\s+errorlevel\s+[1-9]\d*\s+(?:goto|exit|pause)\b[^&|]*$)`)
	batchIf    = pattern.Of(`(?i)^if\s+(?:/i\s+)?(?:not\s+)?(?:errorlevel|exist|defined|"?%\S+)\s*[^(]*$`)
)

func isComment(text string) bool {
	low := strings.ToLower(text)
	return text[0] == '#' || strings.HasPrefix(text, "::") || low == "rem" || strings.HasPrefix(low, "rem ") || strings.HasPrefix(low, "@rem ")
}

// continued adds the lines that a \, ^ or ` at the end of a line asks for, and
// those behind an open && or |. A comment ends a command, whatever its last
// character: what follows it stands on its own. It tells of one in the midst.
func (r *reader) continued(text string) (joined string, broken bool) {
	for r.more() && text != "" && !commented(text) {
		marked := strings.ContainsAny(text[len(text)-1:], "\\^`") && !folder.MatchString(text)
		if !marked && !openEnd.MatchString(text) {
			break
		}
		next := strings.TrimSpace(r.lines[r.at])
		if marked {
			text = strings.TrimRight(text[:len(text)-1], " \t")
		}
		r.at++
		if next != "" && next[0] == '#' {
			return text, true
		}
		text = strings.TrimSpace(text + " " + next)
		if next == "" {
			break
		}
	}
	return text, false
}

var (
	openEnd = pattern.Of(`(?:&&|\|)$`)
	// folder is a line of cmd.exe that ends with the \ of a folder.
	folder = pattern.Of(`(?i)^@?(?:set\s+\w+=|copy|move|del|md|cd\s+/d|cd\s+[a-z]:\\).*\\$`)
)

// commented tells of a comment outside of quotes.
func commented(text string) bool {
	quote := rune(0)
	before := ' '
	for _, c := range text {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '#' && strings.ContainsRune(" \t;&|", before):
			return true
		}
		before = c
	}
	return false
}

// maxQuoted bounds the lines of a quotation.
const maxQuoted = 20

// command compiles a line of commands. One whose quotation is open goes on in
// the next line.
func (r *reader) command(line int, text string) {
	tokens, err := lex(text, r.vars)
	for n := 0; errors.Is(err, errOpenQuote) && r.more() && n < maxQuoted; n++ {
		text += "\n" + r.lines[r.at]
		r.at++
		tokens, err = lex(text, r.vars)
	}
	if err != nil {
		r.refuse(line, text, err.Error())
		return
	}
	r.compile(line, tokens)
}

func (r *reader) pass(line int, text, why string) {
	r.out.Passed = append(r.out.Passed, Remark{line, clip(text), why})
}

func (r *reader) refuse(line int, text, why string) {
	r.out.Unmodelled = append(r.out.Unmodelled, Remark{line, clip(text), why})
}

// maxShown bounds a line in a remark, in bytes.
const maxShown = 200

// secret is what may be a key that somebody wrote on a command line.
var secret = pattern.Of(`(?:0x)?[0-9A-Fa-f]{32,}`)

// clip writes a line to be shown: in one line, not too long, without keys.
func clip(s string) string {
	s = secret.ReplaceAllString(s, "<hidden>")
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for cut > 0 && s[cut]&0xC0 == 0x80 { // not inside a character
		cut--
	}
	return s[:cut] + "…"
}
