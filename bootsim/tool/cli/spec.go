package cli

import "strings"

// Option is an option of a tool or command.
type Option struct {
	Name     string // long name without the dashes: "do-not-confirm"
	Short    string // its letter, "" for none
	Flag     bool   // takes no value
	Many     bool   // takes every word up to the next option, and may be repeated
	Required bool   // a command line without it is refused
	Off      string // long name of the option that clears the flag, "" for none
	Metavar  string // what a help page calls the value
	Choices  []string
	// Normal makes a value comparable with Choices; nil for values as they are.
	Normal func(string) string
	// Env names a variable whose value counts when the option is not given.
	Env     string
	Default string
	Help    string
}

// Arg is a positional argument.
type Arg struct {
	Metavar  string
	Optional bool
	Many     bool // takes all that are left; only the last one can
}

// Command is a command of a tool.
type Command struct {
	Name    string // with hyphens
	Args    []Arg
	Options []Option
	Brief   string // a line for the tool's help page
	Help    string // paragraphs for its own
}

// Tool is the command line of a tool.
type Tool struct {
	Brief    string
	Options  []Option
	Commands []Command
	Chain    bool // several commands in one run
}

// hyphened returns a name with the hyphens of v5.
func hyphened(name string) string { return strings.ReplaceAll(name, "_", "-") }

// command finds a command by either spelling.
func (t *Tool) command(name string) *Command {
	for i := range t.Commands {
		if t.Commands[i].Name == hyphened(name) {
			return &t.Commands[i]
		}
	}
	return nil
}

// anyCommand tells whether a word of the command line is a command.
func (t *Tool) anyCommand(args []string) bool {
	for _, arg := range args {
		if t.command(arg) != nil {
			return true
		}
	}
	return false
}

// usage returns what follows the program's name in the usage line.
func (t *Tool) usage() string {
	if t.Chain {
		return " [OPTIONS] COMMAND1 [ARGS]... [COMMAND2 [ARGS]...]..."
	}
	return " [OPTIONS] COMMAND [ARGS]..."
}

func (c *Command) usage() string {
	text := " [OPTIONS]"
	for _, a := range c.Args {
		text += " " + a.Metavar
	}
	return text
}

// names returns the option as messages quote it: '--chip' / '-c'.
func (o *Option) names() string {
	if o.Short == "" {
		return "'--" + o.Name + "'"
	}
	return "'--" + o.Name + "' / '-" + o.Short + "'"
}
