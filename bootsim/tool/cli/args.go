package cli

import "strings"

// countArgs refuses a command with too few or too many arguments.
func (p *parser) countArgs(args []string) error {
	for i, a := range p.command.Args {
		if i >= len(args) && !a.Optional {
			return p.usage("Missing argument '%s'.", a.Metavar)
		}
		if a.Many {
			return nil
		}
	}
	n := len(p.command.Args)
	if len(args) <= n || p.tool.Chain { // in a chain the rest is taken for a command
		return nil
	}
	return p.usage("Got unexpected extra argument (%s)", strings.Join(args[n:], " "))
}

// cutExtra takes the arguments off a call that are too many for it, where they
// can only be meant as another command. It returns the first.
func (t *Tool) cutExtra(c *Call) (extra string) {
	if !t.Chain || c.Err != nil || c.Help {
		return ""
	}
	n := len(c.Command.Args)
	if len(c.Values.Args) <= n || n > 0 && c.Command.Args[n-1].Many {
		return ""
	}
	extra = c.Values.Args[n]
	c.Values.Args = c.Values.Args[:n]
	return extra
}
