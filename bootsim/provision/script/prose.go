package script

import (
	"fmt"
	"regexp"
	"strings"
)

// In a text that is not certainly a script, a line is a command when its first
// word is a program that is known and it is not a sentence that begins with
// such a word, or when it has the look of a command line.
var (
	programWord = regexp.MustCompile(`^[./~\w][\w./\\:+~$-]*$`)
	lowerWord   = regexp.MustCompile(`^[a-z][\w.+-]*$`)
	optionWord  = regexp.MustCompile(`(?:^|\s)--?[A-Za-z][\w-]*`)
	operator    = regexp.MustCompile(`\s(?:\|\||\||&&|>>?)\s`)
	fileWord    = regexp.MustCompile(`(?i)[\w$}-]\.(?:bin|pem|img|hex|key|csv|elf|uf2|py|sh|bat|exe|ps1)(?:["'\s]|$)`)
	scriptWord  = regexp.MustCompile(`(?i)^(?:\./|\.\\|~/|/).+|.+\.(?:py|sh|bat|exe|ps1|cmd)$`)
	trailing    = regexp.MustCompile(`\s#.*$`) // a comment behind a command
	sentence    = regexp.MustCompile(`(?i)\s(?:the|a|an|is|are|and|to|of|it|my|i|you|we|this|that)\s`)
)

// isCommand tells commands from prose.
func (r *reader) isCommand(text string) bool {
	if r.strict {
		return true
	}
	text = trailing.ReplaceAllString(text, "")
	words := strings.Fields(text)
	first := strings.Trim(words[0], `"'`)
	if assignment.MatchString(words[0]) {
		return !sentence.MatchString(text)
	}
	if m := variableForm.FindStringSubmatch(first); m != nil {
		_, known := r.vars[m[1]+m[2]+m[4]]
		return known
	}
	if !programWord.MatchString(first) || strings.Contains(first, "://") {
		return false
	}
	switch _, k := program(first); k {
	case tool, build:
		return !sentence.MatchString(text) || optionWord.MatchString(text) || strings.Contains(text, ".bin")
	case foreign:
		return looksLikeCommand(first, text, len(words))
	case files, wrapper, shell, leave:
		return !sentence.MatchString(text)
	}
	return lowerWord.MatchString(first) && !sentence.MatchString(text) || first == "@echo"
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
var blockForm = regexp.MustCompile(`^(?:for\s+\w+\s+in\b|for\s+/|for\s*\(\(|(?:while|until|if)\s+(?:\[|!|test\s|true|:|not\s|exist\s)|case\s.*\sin$|function\s+\w+|\w+\s*\(\)\s*\{?$|\{$|\($)`)

var inlineBlock = regexp.MustCompile(`^(?:for|while|until|if)\b.*;\s*(?:do|then)\b`)

// opensBlock tells that a loop, condition or function begins.
func (r *reader) opensBlock(text string) bool {
	if blockForm.MatchString(text) || inlineBlock.MatchString(text) {
		return true
	}
	return r.strict && regexp.MustCompile(`^(?:for|while|until|if|case|select)\s`).MatchString(text)
}

var (
	opens  = regexp.MustCompile(`(?:^|[;&|]\s*|\bdo\s+|\bthen\s+|\belse\s+)(?:for|while|until|if|case|select)\s|\{\s*$|^\($`)
	closes = regexp.MustCompile(`(?:^|[;&|\s])(?:done|fi|esac)\b|^\}|^\)`)
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
	if harmless(body) {
		r.pass(line, strings.Join(body, " "), "a condition that only prints or ends the script")
		return
	}
	r.refuse(line, strings.Join(body, " "), fmt.Sprintf("a loop, condition or function of the shell, up to line %d", r.at))
}

var bodyWords = regexp.MustCompile(`(?:^|[;&|]\s*|\b(?:then|else)\s+)([^\s;&|]+)`)

func harmless(body []string) bool {
	if !strings.HasPrefix(body[0], "if") {
		return false
	}
	for _, l := range body {
		l = strings.NewReplacer(">&2", "", "2>&1", "").Replace(l)
		for _, m := range bodyWords.FindAllStringSubmatch(l, -1) {
			switch m[1] {
			case "if", "then", "else", "fi", "elif":
				continue
			}
			if _, k := program(m[1]); k != idle && k != leave {
				return false
			}
		}
		if strings.Contains(l, ">") {
			return false
		}
	}
	return true
}
