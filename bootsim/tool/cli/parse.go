package cli

import "fmt"

// Line is a command line that was taken apart.
type Line struct {
	Values *Values
	Calls  []Call
	// Bare tells that no command was named at all.
	Bare bool
	// Help tells that the tool's help page is asked for, WantsHelp that any is.
	Help, WantsHelp bool
	// Warnings are about options, to be shown before anything else.
	Warnings []string
}

// Call is one command of a command line.
type Call struct {
	Command *Command
	Spelled string // the command as it was written
	Values  *Values
	Help    bool  // its help page is asked for
	Err     error // *UsageError: nothing after this call was read
}

// Parse takes a command line apart. *UsageError tells of a mistake before the
// first command; mistakes in a command are in its Call, so that a tool can do
// what it does before it looks at its commands.
func (t *Tool) Parse(env Env, args []string) (*Line, error) {
	p := &parser{tool: t, env: env, rest: args}
	p.line = &Line{Values: newValues(env, t.Options), Bare: !t.anyCommand(args), WantsHelp: asksForHelp(args)}
	p.values = p.line.Values
	if p.line.Bare {
		return p.line, nil
	}
	if err := p.toolOptions(); err != nil || p.line.Help {
		return p.line, err
	}
	for len(p.rest) > 0 {
		call := p.call()
		extra := t.cutExtra(&call)
		p.line.Calls = append(p.line.Calls, call)
		if call.Err != nil || call.Help {
			break
		}
		if extra != "" {
			err := t.Misused(env, nil, "No such command '%s'.", extra)
			p.line.Calls = append(p.line.Calls, Call{Spelled: extra, Err: err})
			break
		}
	}
	return p.line, t.checkEnv(p)
}

func asksForHelp(args []string) bool {
	for _, arg := range args {
		if arg == "-h" || arg == "--help" {
			return true
		}
	}
	return false
}

// checkEnv looks at choices that came from the environment.
func (t *Tool) checkEnv(p *parser) error {
	p.command = nil
	for i := range t.Options {
		o := &t.Options[i]
		if o.Many || !p.line.Values.Given(o.Name) {
			continue
		}
		if err := p.store(p.line.Values, o, p.line.Values.Text(o.Name)); err != nil {
			return err
		}
	}
	return nil
}

// parser walks over the words of a command line.
type parser struct {
	tool    *Tool
	env     Env
	line    *Line
	command *Command // nil before the first
	values  *Values  // of the command, or of the tool before the first
	help    bool
	plain   bool // after --, which ends the options
	rest    []string
}

// toolOptions reads what comes before the first command.
func (p *parser) toolOptions() error {
	for len(p.rest) > 0 && isOption(p.rest[0]) {
		if p.rest[0] == "--" {
			p.take()
			return nil
		}
		if err := p.option(p.take()); err != nil {
			return err
		}
		if p.help {
			p.line.Help = true
			return nil
		}
	}
	return nil
}

// call reads a command and everything up to the next.
func (p *parser) call() Call {
	word := p.take()
	p.command, p.help = p.tool.command(word), false
	p.plain = false
	if p.command == nil {
		return Call{Spelled: word, Err: p.usage("No such command '%s'.", word)}
	}
	c := Call{Command: p.command, Spelled: word, Values: newValues(p.env, p.command.Options)}
	p.values = c.Values
	for c.Err == nil && len(p.rest) > 0 && !p.nextCommand() {
		switch word := p.take(); {
		case word == "--" && !p.plain:
			p.plain = true
		case isOption(word) && !p.plain:
			c.Err = p.option(word)
		default:
			c.Values.Args = append(c.Values.Args, word)
		}
	}
	c.Help = p.help && c.Err == nil
	if c.Err == nil && !c.Help {
		if c.Err = p.required(c.Values); c.Err == nil {
			c.Err = p.countArgs(c.Values.Args)
		}
	}
	return c
}

// nextCommand tells whether another command begins here, or the first.
func (p *parser) nextCommand() bool {
	return (p.tool.Chain || p.command == nil) && p.tool.command(p.rest[0]) != nil
}

func (p *parser) take() string {
	word := p.rest[0]
	p.rest = p.rest[1:]
	return word
}

// usage makes an error about the command at hand.
func (p *parser) usage(format string, args ...any) error {
	return p.tool.Misused(p.env, p.command, format, args...)
}

// Misused makes an error about the use of a command, or of the tool if command
// is nil.
func (t *Tool) Misused(env Env, command *Command, format string, args ...any) error {
	e := &UsageError{Prog: env.Prog, Usage: t.usage(), Message: fmt.Sprintf(format, args...)}
	if command != nil {
		e.Prog += " " + command.Name
		e.Usage = command.usage()
	}
	return e
}
