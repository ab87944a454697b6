package script

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// absolute is a path that does not depend on the folder: /…, ~/…, C:/….
var absolute = regexp.MustCompile(`^(?:/|~|[A-Za-z]:/|\$)`)

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
	case name == "cat":
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
	last, lastKind := program(calls[len(calls)-1].words[0].text)
	switch {
	case k == tool && !slices.ContainsFunc(calls[1:], notViewer):
		r.tool(line, calls[0], first, text)
	case len(calls) == 2 && lastKind == tool && (first == "echo" || first == "printf" || first == "yes"):
		calls[1].input = said(first, calls[0].words[1:])
		r.tool(line, calls[1], last, text)
	case first == "head" || first == "dd":
		r.fill(line, calls, text)
	case k == idle && !slices.ContainsFunc(calls, notViewer):
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

// said is what echo, printf or yes print.
func said(name string, words []token) string {
	if name == "yes" {
		return strings.Repeat(show(words)+"\n", 16)
	}
	if len(words) > 0 && words[0].text == "-n" {
		words = words[1:]
	}
	return strings.ReplaceAll(strings.TrimSuffix(show(words), `\n`), `\n`, "\n") + "\n"
}

// fill compiles the two usual ways of making a file of one byte:
// head -c SIZE /dev/zero | tr '\0' '\377' > FILE, and dd.
func (r *reader) fill(line int, calls []call, text string) {
	size, ok := sizeOf(calls[0].words)
	value, file := "0", calls[len(calls)-1].output
	if len(calls) == 2 {
		to := calls[1].words
		ok = ok && len(to) == 3 && to[0].text == "tr" && strings.Trim(to[1].text, `\0`) == "" && strings.Trim(to[2].text, `\`) == "377"
		value = "255"
	} else if name := calls[0].words[0].text; name == "dd" {
		file = argument(calls[0].words, "of=", file)
	}
	if !ok || file == "" || len(calls) > 2 || size > maxFill {
		r.refuse(line, text, "what it writes")
		return
	}
	c := call{words: []token{{text: "fill"}, {text: strconv.Itoa(size)}, {text: value}, {text: file}}}
	r.add(line, text, "fill", c)
}

// maxFill bounds such a file, in bytes: no flash is larger.
const maxFill = 16 << 20

var sizeForm = regexp.MustCompile(`^(\d+)([kKmM]?)[bB]?$`)

// sizeOf returns how many zeros head -c or dd read from /dev/zero.
func sizeOf(words []token) (int, bool) {
	text := show(words)
	if !strings.Contains(text, "/dev/zero") {
		return 0, false
	}
	if words[0].text == "dd" {
		bs, ok1 := number(argument(words, "bs=", "512"))
		count, ok2 := number(argument(words, "count=", ""))
		return bs * count, ok1 && ok2 && bs <= maxFill && count <= maxFill
	}
	for i, w := range words {
		if w.text == "-c" && i+1 < len(words) {
			return number(words[i+1].text)
		}
		if s, ok := strings.CutPrefix(w.text, "-c"); ok && s != "" {
			return number(s)
		}
	}
	return 0, false
}

func argument(words []token, prefix, otherwise string) string {
	for _, w := range words {
		if v, ok := strings.CutPrefix(w.text, prefix); ok {
			return v
		}
	}
	return otherwise
}

func number(s string) (int, bool) {
	m := sizeForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	n *= map[string]int{"": 1, "K": 1 << 10, "M": 1 << 20}[strings.ToUpper(m[2])]
	return n, err == nil && n >= 0 && n <= maxFill
}
