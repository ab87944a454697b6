package script

import (
	"fmt"
	"slices"
)

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
		r.build(line, c, text)
	case idle:
		r.idle(line, c, text)
	case shell:
		r.shell(line, c, text)
	case leave:
		if r.guarded {
			r.pass(line, text, "may end the script: what follows is judged as if it did not")
			return
		}
		r.ended = true
		r.pass(line, text, "ends the script")
	case opaque:
		if setsUp(c.words) {
			r.pass(line, text, "sets up the environment of the tools")
			return
		}
		r.refuse(line, text, fmt.Sprintf("what %s runs or changes", clip(name)))
	default:
		r.refuse(line, text, fmt.Sprintf("what %q does is not known", clip(name)))
	}
}

func (r *reader) add(line int, text, name string, c call) *Command {
	cmd := Command{Line: line, Text: clip(text), Dir: r.dir, Tool: name, Input: c.input, NoInput: c.empty && c.input == ""}
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
func (r *reader) build(line int, c call, text string) {
	switch erases, flashes := deviceTargets(c.words); {
	case flashes:
		r.refuse(line, text, "it writes to the device what a build knows and this line does not tell: use the esptool command that it prints")
	case erases:
		c.words = []token{{text: "esptool"}, {text: "erase_flash"}}
		r.add(line, text, "esptool", c).Note = "followed as esptool erase_flash"
	default:
		r.passCall(line, c, text, "build step")
	}
}

func (r *reader) idle(line int, c call, text string) {
	name, _ := program(c.words[0].text)
	if name == "xxd" && len(c.words) > 2 {
		r.refuse(line, text, "what xxd writes to a file")
		return
	}
	if c.output != "" && c.output != "/dev/null" {
		r.refuse(line, text, fmt.Sprintf("what %s writes to a file", name))
		return
	}
	if c.words[0].text == "set" {
		for _, w := range c.words[1:] { // set NAME=value of cmd.exe
			r.assign([]token{w})
		}
	}
	r.passCall(line, c, text, "changes neither the device nor a file")
}

func (r *reader) shell(line int, c call, text string) {
	switch name, _ := program(c.words[0].text); name {
	case "cd", "pushd", "chdir":
		if extra := slices.DeleteFunc(slices.Clone(c.words[1:]), func(t token) bool { return t.text == "/d" || t.text == "--" }); len(extra) > 1 {
			r.refuse(line, text, "a change to more than one folder")
			return
		}
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
