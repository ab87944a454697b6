package script

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// In a text that is not certainly a script, a line is a command when its first
// word is a program that is known and it is not a sentence that begins with
// such a word, or when it has the look of a command line.
var (
	programWord = pattern.Of(`^[./~\w][\w./\\:+~$-]*$`)
	lowerWord   = pattern.Of(`^[a-z][\w.+-]*$`)
	optionWord  = pattern.Of(`(?:^|\s)--?[A-Za-z][\w-]*`)
	operator    = pattern.Of(`\s(?:\|\||\||&&|>>?)\s`)
	fileWord    = pattern.Of(`(?i)[\w$}-]\.(?:bin|pem|img|hex|key|csv|elf|uf2|py|sh|bat|exe|ps1)(?:["'\s]|$)`)
	scriptWord  = pattern.Of(`(?i)^(?:\./|\.\\|~/|/).+|.+\.(?:py|sh|bat|exe|ps1|cmd)$`)
	trailing    = pattern.Of(`\s#.*$`) // a comment behind a command
	sentence    = pattern.Of(`(?i)\s(?:the|a|an|is|are|and|to|of|it|my|i|you|we|this|that)\s`)
)

// isCommand tells commands from prose.
func (r *reader) isCommand(text string) bool {
	if r.strict {
		return true
	}
	text = trailing.ReplaceAllString(text, "")
	words := strings.Fields(text)
	first := firstWord(text)
	name, k := program(first)
	said := sentence.MatchString(text)
	switch {
	case assignment.MatchString(words[0]):
		return !said
	case strings.Contains(first, "://"):
		return false
	case k == tool:
		return !said || optionWord.MatchString(text) || strings.Contains(text, ".bin")
	case strings.HasPrefix(first, "$") || variableForm.MatchString(first):
		return !said
	case !programWord.MatchString(first):
		return false
	}
	if k == opaque {
		return !said && (name == "goto" || len(words) > 1 && strings.ContainsAny(text[len(words[0]):], "./$~'\"%=:"))
	}
	return r.callsProgram(first, text, k, len(words), said)
}

// callsProgram judges a line that begins with a word that may be a program; said
// tells that it reads like a sentence.
func (r *reader) callsProgram(first, text string, k kind, words int, said bool) bool {
	switch k {
	case build:
		return !said || optionWord.MatchString(text) || strings.Contains(text, ".bin")
	case foreign:
		return looksLikeCommand(first, text, words)
	case files, wrapper, shell, leave:
		return !said || operator.MatchString(text)
	}
	return lowerWord.MatchString(first) && !said || first == "@echo"
}

// firstWord is what a line begins with, without its quotes.
func firstWord(text string) string {
	if q := text[:1]; q == `"` || q == "'" {
		if word, _, closed := strings.Cut(text[1:], q); closed {
			return word
		}
	}
	return strings.Trim(strings.Fields(text)[0], `"'`)
}

// looksLikeCommand judges a line whose first word is no program that is known.
func looksLikeCommand(first, text string, words int) bool {
	switch {
	case scriptWord.MatchString(first):
		return true
	case words < 2 || !lowerWord.MatchString(first) || sentence.MatchString(text):
		return false
	}
	return optionWord.MatchString(text) || operator.MatchString(text) || fileWord.MatchString(text)
}

// Blocks of the shell, by what they begin with.
var blockForm = pattern.Of(`^(?:for\s+\w+\s+in\b|for\s+/|for\s*\(\(|(?:while|until|if)\s+(?:\[|!|test\s|true|:|not\s|exist\s)|case\s.*\sin$|function\s+\w+|\w+\s*\(\)\s*\{?$|\{$|\($)`)

var strictBlock = pattern.Of(`^(?:for|while|until|if|case|select)\s`)

var inlineBlock = pattern.Of(`^(?:for|while|until|if)\b.*;\s*(?:do|then)\b`)

// opensBlock tells that a loop, condition or function begins.
func (r *reader) opensBlock(text string) bool {
	if blockForm.MatchString(text) || inlineBlock.MatchString(text) {
		return true
	}
	return r.strict && strictBlock.MatchString(text)
}

var (
	opens  = pattern.Of(`(?:^|[;&|]\s*|\bdo\s+|\bthen\s+|\belse\s+)(?:for|while|until|if|case|select)\s|\{\s*$|^\($`)
	closes = pattern.Of(`(?:^|[;&|]\s*)(?:done|fi|esac)\b|^\}|^\)`)
)

// block passes over a block of the shell as a whole. One of echo and exit
// alone, a check of the arguments, changes nothing; any other is not modelled.
func (r *reader) block(line int, text string) {
	depth := len(opens.FindAllString(text, -1)) - len(closes.FindAllString(text, -1))
	body := []string{text}
	for depth > 0 && r.more() {
		next := strings.TrimSpace(r.lines[r.at])
		r.at++
		body = append(body, next)
		depth += len(opens.FindAllString(next, -1)) - len(closes.FindAllString(next, -1))
	}
	if r.harmless(body) {
		r.pass(line, strings.Join(body, " "), "a condition that only prints or ends the script")
		return
	}
	r.refuse(line, strings.Join(body, " "), fmt.Sprintf("a loop, condition or function of the shell, up to line %d", r.at))
}
