package cmdline

import "strings"

// group joins lines into commands: a line that starts with an address or an
// option goes on with the command before it, as in argument files and in
// command lines that a terminal has wrapped.
func group(lines [][]word) [][]word {
	var out [][]word
	for _, l := range lines {
		if n := len(out); n > 0 && continues(l[0].text) && takesPairs(out[n-1]) {
			out[n-1] = append(out[n-1], l...)
			continue
		}
		out = append(out, l)
	}
	return out
}

func continues(first string) bool {
	_, err := parseAddress(first)
	return err == nil || isOption(first)
}

// takesPairs tells whether a command can be followed by more pairs.
func takesPairs(words []word) bool {
	if continues(words[0].text) || strings.HasPrefix(words[0].text, "@") {
		return true
	}
	_, at := findVerb(words)
	return at >= 0
}

// isOption tells options from negative numbers and file names.
func isOption(s string) bool {
	return len(s) > 1 && s[0] == '-' && (s[1] == '-' || s[1] >= 'a' && s[1] <= 'z')
}

// findVerb returns the verb of a command and where it stands; -1: none.
func findVerb(words []word) (Verb, int) {
	first := strings.ToLower(words[0].text)
	if strings.HasPrefix(first, "::") {
		return 0, -1
	}
	switch first {
	case "echo", "rem", "@echo", "@rem", "printf", "print", "write-host", "//":
		return 0, -1
	}
	for i, w := range words {
		switch strings.ReplaceAll(w.text, "-", "_") {
		case "write_flash":
			return Write, i
		case "merge_bin":
			return Merge, i
		case "erase_flash":
			return Erase, i
		}
	}
	return 0, -1
}

// expandVariables replaces $X, ${X} and %X% by what the same text sets them to.
// Variables that it does not set stay as they are.
func expandVariables(lines [][]word) [][]word {
	vars := map[string]string{"~dp0": "./", "PWD": ".", "CD": "."}
	out := make([][]word, 0, len(lines))
	for _, l := range lines {
		for i := range l {
			l[i].text = expand(l[i].text, vars)
		}
		assign(l, vars)
		out = append(out, l)
	}
	return out
}

// assign notes "X=value", "export X=value", "set X=value" and "$X = value".
func assign(l []word, vars map[string]string) {
	w := make([]string, 0, 4)
	for i := 0; i < len(l) && i < 4; i++ {
		w = append(w, l[i].text)
	}
	switch strings.ToLower(w[0]) {
	case "set", "export", "local", "readonly":
		w = w[1:]
	}
	if len(w) == 3 && w[1] == "=" && strings.HasPrefix(w[0], "$") {
		w = []string{w[0][1:] + "=" + w[2]}
	}
	for _, s := range w {
		name, value, ok := strings.Cut(s, "=")
		if _, set := vars[name]; set && isParameter(value) {
			continue // a default stands, which the caller of the script may replace
		}
		if ok && isName(name) && len(value) < 4096 {
			vars[name] = value
		}
	}
}

// isParameter tells $1, ${1:-x}, $@ and %1, which only a script's caller knows.
func isParameter(value string) bool {
	v := strings.TrimPrefix(strings.TrimLeft(value, "$%"), "{")
	return len(v) < len(value) && v != "" && strings.IndexByte("0123456789@*", v[0]) >= 0
}

func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// maxExpanded bounds a word with its variables filled in.
const maxExpanded = 1 << 14

func expand(s string, vars map[string]string) string {
	if !strings.ContainsAny(s, "$%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		name, n := variableAt(s[i:])
		value, known := vars[name]
		if n == 0 || !known || b.Len()+len(value) > maxExpanded {
			n = max(n, 1)
			b.WriteString(s[i : i+n])
		} else {
			b.WriteString(value)
		}
		i += n
	}
	return b.String()
}

// variableAt returns the variable that s starts with and the length of its
// spelling; 0: none.
func variableAt(s string) (string, int) {
	switch {
	case strings.HasPrefix(s, "%~dp0"):
		return "~dp0", 5
	case strings.HasPrefix(s, "${"):
		if end := strings.IndexByte(s, '}'); end > 0 {
			return s[2:end], end + 1
		}
	case s[0] == '%':
		if end := strings.IndexByte(s[1:], '%'); end > 0 {
			return s[1 : 1+end], end + 2
		}
	case s[0] == '$':
		n := 1
		for n < len(s) && isName(s[1:n+1]) {
			n++
		}
		if n > 1 {
			return s[1:n], n
		}
	}
	return "", 0
}
