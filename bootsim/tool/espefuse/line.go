package espefuse

import (
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// action is a command whose arguments were understood.
type action func() error

// carryOut looks at all commands, then runs them, then burns what a batch has
// gathered.
func (s *session) carryOut(line *cli.Line) error {
	s.batch = s.burnCount(line.Calls) > 1
	calls := slices.Concat(line.Calls, s.repeatedReads(line.Calls))
	var actions []action
	for _, call := range calls {
		act, err := s.prepare(call)
		if err != nil || call.Help {
			return err
		}
		actions = append(actions, act)
	}
	for i, act := range actions {
		s.env.Printf("\n=== Run \"%s\" command ===\n", calls[i].Command.Name)
		if err := act(); err != nil {
			return err
		}
	}
	if !s.batch {
		return nil
	}
	s.batch = false
	return s.burnAndConclude()
}

func (s *session) burnCount(calls []cli.Call) (n int) {
	for _, c := range calls {
		if c.Command != nil && s.commands[c.Command.Name].burns {
			n++
		}
	}
	return n
}

// repeatedReads lists the commands that only read, if others burn: they are run
// once more at the end. The spellings of v4 do not count.
func (s *session) repeatedReads(calls []cli.Call) (reads []cli.Call) {
	burns := false
	for _, c := range calls {
		switch {
		case c.Command == nil || c.Err != nil || strings.Contains(c.Spelled, "_"):
		case s.commands[c.Command.Name].burns:
			burns = true
		case c.Command.Name != cmdScripts:
			reads = append(reads, c)
		}
	}
	if !burns {
		return nil
	}
	return reads
}

// prepare understands the arguments of a command.
func (s *session) prepare(call cli.Call) (action, error) {
	if call.Command != nil && call.Spelled != call.Command.Name {
		s.env.Warn("Deprecated: Command '%s' is deprecated. Use '%s' instead.", call.Spelled, call.Command.Name)
	}
	if call.Err != nil {
		return nil, call.Err
	}
	if call.Help {
		s.showHelp(call.Command)
		return nil, nil
	}
	if knows(call.Command, optForce) {
		force := call.Values.Flag(optForce)
		s.force = &force
	}
	s.sensitive = s.sensitive || call.Values.Flag(optSensitive)
	return s.commands[call.Command.Name].prepare(s, call)
}

// knows tells whether a command has an option.
func knows(c *cli.Command, option string) bool {
	return slices.ContainsFunc(c.Options, func(o cli.Option) bool { return o.Name == option })
}

// readable and writeable say what can be protected at all.
func readable(f efuse.Field) bool { return f.ReadBit >= 0 }

func writeable(f efuse.Field) bool { return f.WriteBit >= 0 }
