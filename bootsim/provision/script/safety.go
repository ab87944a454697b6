package script

import (
	"slices"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// What a line must hold that may reach a device: the name of a tool, and beside
// it a subcommand or an option. Burning is told by its subcommand alone.
var (
	toolName   = pattern.Of(`(?i)(?:^|[^A-Za-z0-9_])(?:espsecure|espefuse|esptool|gen_esp32part|parttool|otatool)(?:[^A-Za-z0-9_]|$)`)
	burning    = pattern.Of(`(?i)\b(?:burn[_-](?:efuse|key|bit|block|custom)|(?:read|write)[_-]protect[_-]efuse|set[_-]flash[_-]voltage)`)
	subcommand = pattern.Of(`(?i)\b(?:(?:write|erase|read|load|dump|verify|merge|sign|digest|encrypt|decrypt|generate|switch|set|get|adc|flash|chip|image|elf2image|execute|extract|signature|split)[_-]\w+|elf2image|run)\b`)
	anyOption  = pattern.Of(`(?:^|\s)-{1,2}[A-Za-z]`)
	idfTarget  = pattern.Of(`\bidf\.py\b.*\s(?:\w+[_-])*(?:flash|erase[_-]\w+|efuse-\w+)\b`)
	varForm    = pattern.Of(`\$\{?([A-Za-z_]\w*)\}?|%([A-Za-z_]\w*)%`)
)

// filled puts the variables that the text sets into a line, in quotes or not.
func (r *reader) filled(text string) string {
	return varForm.ReplaceAllStringFunc(text, func(s string) string {
		m := varForm.FindStringSubmatch(s)
		if v, known := r.vars[m[1]+m[2]]; known {
			return v
		}
		return s
	})
}

// acts tells whether a line of prose may be a command after all.
func (r *reader) acts(text string) bool {
	text = r.filled(text)
	return burning.MatchString(text) || idfTarget.MatchString(text) ||
		toolName.MatchString(text) && (subcommand.MatchString(text) || anyOption.MatchString(text))
}

// prose passes over a line that is no command, unless it may be one.
func (r *reader) prose(line int, text string) {
	whole := text
	for at := r.at; at < len(r.lines) && at < r.at+maxQuoted && strings.HasSuffix(whole, "\\"); at++ {
		whole = whole[:len(whole)-1] + " " + strings.TrimSpace(r.lines[at])
	}
	if r.acts(whole) {
		r.refuse(line, text, "it names a tool and what it is to do, and has not the form of a command: write the command alone, or leave the line out")
		return
	}
	r.pass(line, text, "no command")
}

// passCall passes over a call. One that names a tool may run it; those that
// only print a name, look for it or keep it in a variable do not.
func (r *reader) passCall(line int, c call, text, why string) {
	if toolName.MatchString(r.filled(text)) && !onlyNames(c) {
		r.refuse(line, text, "it names a tool and may run it")
		return
	}
	r.pass(line, text, why)
}

// onlyNames tells calls that do nothing with their words but show them.
func onlyNames(c call) bool {
	if len(c.words) == 0 {
		return true
	}
	switch name, _ := program(c.words[0].text); name {
	case "pip", "pip3", "which", "ls", "cd", "pushd", "chdir", "export", "readonly", "local", "declare", "command":
		return true
	case "echo", "@echo", "printf":
		return !strings.ContainsAny(show(c.words), "&|;\n`")
	case "set":
		return len(c.words) == 2 && assignment.MatchString(c.words[1].text)
	}
	return false
}

// asked are substitutions in a condition that look at who runs the script.
var asked = pattern.Of(`\$\((?:id -u|whoami|uname(?: -\w)?|hostname)\)`)

// harmless tells a condition that only prints or ends the script. Every call in
// it counts, those of the conditions too.
func (r *reader) harmless(body []string) bool {
	if !strings.HasPrefix(body[0], "if") {
		return false
	}
	for _, l := range body {
		vars := make(map[string]string, len(r.vars))
		for k, v := range r.vars {
			vars[k] = v
		}
		tokens, err := lex(asked.ReplaceAllString(l, "x"), vars)
		if err != nil || !quiet(tokens) {
			return false
		}
	}
	return true
}

// quiet tells whether every call among tokens only tests, prints or exits.
func quiet(tokens []token) bool {
	first := true
	for i, t := range tokens {
		switch {
		case t.op && slices.Contains([]string{";", "&&", "||", "|"}, t.text):
			first = true
		case t.op && t.text == "2>&1", t.op && t.text == ">&":
		case t.op && slices.Contains([]string{">", "2>", "&>"}, t.text):
			if i+1 == len(tokens) || tokens[i+1].text != "/dev/null" {
				return false
			}
		case t.op:
			return false
		case first && slices.Contains([]string{"if", "then", "else", "elif", "fi", "!"}, t.text):
		case first && !slices.Contains([]string{"[", "[[", "test", "echo", "printf", "exit", "return", "true", "false", ":", "which", "sleep"}, t.text) &&
			(t.text != "command" || i+1 == len(tokens) || tokens[i+1].text != "-v"):
			return false
		default:
			first = false
		}
	}
	return true
}
