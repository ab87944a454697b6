package script

import (
	"path"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/emu/pattern"
)

// absolute is a path that does not depend on the folder: /…, ~/…, C:/….
var absolute = pattern.Of(`^(?:/|~|[A-Za-z]:/|\$)`)

// Join is a name as it is found from a folder: with forward slashes, whatever
// system it was written on.
func Join(dir, name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if name == "" || absolute.MatchString(name) {
		return name
	}
	return path.Join(dir, name)
}

// file compiles a file operation: cp, mv, rm and mkdir with plain names, and
// cat that writes a file.
func (r *reader) file(line int, c call, name, text string) {
	names := map[string]string{"copy": "cp", "move": "mv", "del": "rm", "md": "mkdir"}
	if unix, ok := names[name]; ok {
		name = unix
	}
	var kept []token
	for _, w := range c.words {
		if !strings.HasPrefix(w.text, "-") && !(len(w.text) == 2 && w.text[0] == '/') {
			kept = append(kept, w)
		}
	}
	pattern := slices.ContainsFunc(kept, func(t token) bool { return t.pattern })
	switch n := len(kept) - 1; {
	case (name == "cat" || name == "head") && (c.output == "" || c.output == "/dev/null"):
		r.pass(line, text, "changes neither the device nor a file")
		return
	case name == "cat" && (pattern || len(c.words) != len(kept)):
		r.refuse(line, text, "options of cat, or a pattern of file names")
		return
	case name == "cat":
		if c.append {
			name = "append"
		}
		kept = append(kept, token{text: c.output})
	case pattern, n == 0, (name == "cp" || name == "mv") && n != 2, name == "head":
		r.refuse(line, text, "more than one file, or a pattern of file names")
		return
	case name == "dd":
		r.fill(line, []call{c}, text)
		return
	}
	c.words = kept
	r.add(line, text, name, c)
}

// piped compiles calls that are joined by |: what a tool prints may be shown
// or stored, and it may be told BURN. Zeros through tr make a file of ones.
func (r *reader) piped(line int, calls []call, text string) {
	first, k := program(calls[0].words[0].text)
	second, secondKind := program(calls[1].words[0].text)
	switch {
	case k == tool && !slices.ContainsFunc(calls[1:], notViewer):
		r.tool(line, calls[0], first, text)
	case secondKind == tool && (first == "echo" || first == "printf" || first == "yes") && !slices.ContainsFunc(calls[2:], notViewer):
		calls[1].input = said(first, calls[0].words[1:])
		r.tool(line, calls[1], second, text)
	case first == "head" || first == "dd":
		r.fill(line, calls, text)
	case k == idle && !slices.ContainsFunc(calls, notViewer) && !slices.ContainsFunc(calls, writes) && !toolName.MatchString(r.filled(text)):
		r.pass(line, text, "changes neither the device nor a file")
	default:
		r.refuse(line, text, "a pipe")
	}
}

// notViewer tells programs that do more than show what they read.
func notViewer(c call) bool {
	switch name, _ := program(c.words[0].text); name {
	case "tee", "grep", "egrep", "cat", "less", "more", "head", "tail", "sort", "findstr", "Out-Null", "Tee-Object", "cut", "awk", "sed", "wc", "tr", "echo", "ls":
		return false
	}
	return true
}

// writes tells calls that put what they read into a file.
func writes(c call) bool {
	name, _ := program(c.words[0].text)
	return c.output != "" && c.output != "/dev/null" || name == "tee" && len(c.words) > 1 || name == "sed"
}

// said is what echo, printf or yes print.
func said(name string, words []token) string {
	if name == "yes" {
		if len(words) == 0 {
			words = []token{{text: "y"}}
		}
		return strings.Repeat(show(words)+"\n", 16)
	}
	if len(words) > 0 && words[0].text == "-n" {
		words = words[1:]
	}
	return strings.ReplaceAll(strings.TrimSuffix(show(words), `\n`), `\n`, "\n") + "\n"
}
