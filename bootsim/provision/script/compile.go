package script

import (
	"strings"
)

// call is one program call with what stands around it.
type call struct {
	words  []token
	output string // file that standard output goes to
	append bool   // >>: behind what the file holds
	empty  bool   // standard input is /dev/null
	input  string // here-string
	fromIn bool   // "<": input from a file
}

// compile turns the tokens of a line into commands: calls that are joined by
// ;, && and ||, of which the last only rescues what failed.
func (r *reader) compile(line int, tokens []token) {
	var part []token
	rescue := false // after ||
	tested := false // a test stands before &&
	known := len(r.out.Commands)
	r.guarded = false
	flush := func(op string) {
		switch {
		case len(part) == 0:
		case r.guarded && (tested || len(r.out.Commands) > known) && !onlyShows(part, !tested):
			r.refuse(line, show(part), "it runs, or ends the script, only if what stands before it succeeds")
		default:
			r.pipeline(line, part, rescue)
		}
		tested = op == "&&" && (tested || isTest(part))
		r.guarded = op == "&&"
		part, rescue = nil, op == "||"
	}
	for _, t := range tokens {
		switch {
		case t.op && (t.text == ";" || t.text == "&&" || t.text == "||"):
			flush(t.text)
		case t.op && (t.text == "&" || t.text == "(" || t.text == ")" || t.text == "<<"):
			r.refuse(line, show(tokens), "background jobs, subshells and here-documents")
			return
		default:
			part = append(part, t)
		}
	}
	flush("")
}

// show writes tokens as one line.
func show(tokens []token) string {
	var words []string
	for _, t := range tokens {
		words = append(words, t.text)
	}
	return strings.Join(words, " ")
}

// pipeline compiles calls that are joined by |.
func (r *reader) pipeline(line int, tokens []token, rescue bool) {
	var calls []call
	for _, part := range split(tokens, "|") {
		c, ok := r.redirected(part)
		if !ok {
			r.refuse(line, show(tokens), "input from a file, or a redirection without its file")
			return
		}
		if c.words = unwrapped(r.assign(c.words)); len(c.words) > 0 {
			calls = append(calls, c)
		} else if c.output != "" && c.output != "/dev/null" {
			r.refuse(line, show(tokens), "it empties a file")
			return
		}
	}
	switch {
	case len(calls) == 0:
		r.pass(line, show(tokens), "sets a variable")
	case rescue:
		r.rescue(line, tokens, calls)
	case len(calls) == 1:
		r.single(line, calls[0], show(tokens))
	default:
		r.piped(line, calls, show(tokens))
	}
}

func split(tokens []token, op string) [][]token {
	out := [][]token{nil}
	for _, t := range tokens {
		if t.op && t.text == op {
			out = append(out, nil)
			continue
		}
		out[len(out)-1] = append(out[len(out)-1], t)
	}
	return out
}

// redirected takes redirections off a call.
func (r *reader) redirected(tokens []token) (c call, ok bool) {
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if !t.op || t.text == "2>&1" {
			if !t.op {
				c.words = append(c.words, t)
			}
			continue
		}
		i++
		if i == len(tokens) || tokens[i].op {
			return c, false
		}
		switch file := tokens[i].text; t.text {
		case ">", ">>", "&>", "&>>":
			c.output, c.append = file, strings.HasSuffix(t.text, ">>")
			if strings.EqualFold(file, "nul") {
				c.output = "/dev/null"
			}
		case "<<<":
			c.input = file + "\n"
		case "<":
			c.empty = file == "/dev/null"
			c.fromIn = c.fromIn || !c.empty
		}
	}
	return c, !c.fromIn
}

// isTest tells calls whose failure is no accident but an answer.
func isTest(part []token) bool {
	if len(part) == 0 {
		return false
	}
	switch name, _ := program(part[0].text); name {
	case "[", "[[", "test", "grep", "cmp", "diff", "which", "command", "false", "ls", "stat", "read":
		return true
	}
	return false
}

// onlyShows tells what may stand behind && whatever stands before it: behind a
// step that succeeds the next step, behind a test what changes nothing.
func onlyShows(part []token, step bool) bool {
	words := unwrapped(part)
	if len(words) == 0 {
		return false
	}
	_, k := program(words[0].text)
	return step && k != leave || !step && (k == idle || k == leave)
}
