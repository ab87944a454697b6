package script

import (
	"fmt"
	"slices"
	"strings"
)

// call is one program call with what stands around it.
type call struct {
	words  []token
	output string // file that standard output goes to
	input  string // here-string
	fromIn bool   // "<": input from a file
}

// compile turns the tokens of a line into commands: calls that are joined by
// ;, && and ||, of which the last only rescues what failed.
func (r *reader) compile(line int, tokens []token) {
	var part []token
	rescue := false // after ||
	flush := func(op string) {
		if len(part) > 0 {
			r.pipeline(line, part, rescue)
		}
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
			c.output = file
		case "<<<":
			c.input = file + "\n"
		case "<":
			c.fromIn = c.fromIn || file != "/dev/null"
		}
	}
	return c, !c.fromIn
}

// rescue is what stands behind ||: it runs if the call before it fails, which
// ends the procedure here unless the script means to go on.
func (r *reader) rescue(line int, tokens []token, calls []call) {
	name, k := program(calls[0].words[0].text)
	switch {
	case len(calls) > 1 || k != idle && k != leave:
		r.refuse(line, show(tokens), "a command that runs only if the one before it fails")
	case name == "true" || name == ":" || name == "echo":
		if n := len(r.out.Commands); n > 0 && r.out.Commands[n-1].Line == line {
			r.out.Commands[n-1].MayFail = true
		}
		r.pass(line, "|| "+show(tokens), "goes on after a failure")
	default:
		r.pass(line, "|| "+show(tokens), "ends the script after a failure")
	}
}

// single compiles one call.
func (r *reader) single(line int, c call, text string) {
	name, k := program(c.words[0].text)
	switch k {
	case tool:
		r.tool(line, c, name, text)
	case files:
		r.file(line, c, name, text)
	case build:
		r.build(line, c, name, text)
	case idle:
		r.idle(line, c, text)
	case shell:
		r.shell(line, c, text)
	case leave:
		r.ended = true
		r.pass(line, text, "ends the script")
	default:
		r.refuse(line, text, fmt.Sprintf("what %q does is not known", clip(name)))
	}
}

func (r *reader) add(line int, text, name string, c call) *Command {
	cmd := Command{Line: line, Text: clip(text), Dir: r.dir, Tool: name, Input: c.input}
	for _, w := range c.words[1:] {
		cmd.Args = append(cmd.Args, w.text)
	}
	r.out.Commands = append(r.out.Commands, cmd)
	return &r.out.Commands[len(r.out.Commands)-1]
}

func (r *reader) tool(line int, c call, name, text string) {
	if slices.ContainsFunc(c.words, func(t token) bool { return t.pattern }) {
		r.refuse(line, text, "a pattern of file names: name the files")
		return
	}
	cmd := r.add(line, text, name, c)
	if c.output != "" && c.output != "/dev/null" {
		cmd.Note = "what it prints is not kept in " + clip(c.output)
	}
}

// build passes builds over. Erasing the flash is followed, other ways of
// reaching the device are not.
func (r *reader) build(line int, c call, name, text string) {
	switch erases, flashes := deviceTargets(c.words); {
	case flashes:
		r.refuse(line, text, "it writes to the device what a build knows and this line does not tell: use the esptool command that it prints")
	case erases:
		c.words = []token{{text: "esptool"}, {text: "erase_flash"}}
		r.add(line, text, "esptool", c).Note = "followed as esptool erase_flash"
	default:
		r.pass(line, text, "build step")
	}
	_ = name
}

func (r *reader) idle(line int, c call, text string) {
	if name, _ := program(c.words[0].text); c.output != "" && c.output != "/dev/null" {
		r.refuse(line, text, fmt.Sprintf("what %s writes to a file", name))
		return
	}
	if c.words[0].text == "set" {
		for _, w := range c.words[1:] { // set NAME=value of cmd.exe
			r.assign([]token{w})
		}
	}
	r.pass(line, text, "changes neither the device nor a file")
}

func (r *reader) shell(line int, c call, text string) {
	switch name, _ := program(c.words[0].text); name {
	case "cd", "pushd", "chdir":
		r.chdir(c.words[1:])
		r.pass(line, text, "changes the folder")
	default:
		for _, w := range c.words[1:] {
			r.assign([]token{w})
		}
		r.pass(line, text, "sets a variable")
	}
}

// chdir follows cd. Home folders and other drives are absolute.
func (r *reader) chdir(args []token) {
	for _, a := range args {
		if a.text == "/d" || a.text == "--" || a.text == "." {
			continue
		}
		r.dir = Join(r.dir, a.text)
		return
	}
}
