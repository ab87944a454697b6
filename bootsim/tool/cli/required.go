package cli

import "strings"

// required refuses a command without an option that it needs.
func (p *parser) required(values *Values) error {
	for i := range p.command.Options {
		o := &p.command.Options[i]
		if !o.Required || values.Given(o.Name) {
			continue
		}
		choose := ""
		if o.Choices != nil {
			choose = " Choose from: " + strings.Join(o.Choices, ", ")
		}
		return p.usage("Missing option %s.%s", o.names(), choose)
	}
	return nil
}

// Invalid makes an error about the value of an option of a command, by its name
// without dashes, or of a positional argument, by its metavar.
func (t *Tool) Invalid(env Env, command *Command, name, format string, args ...any) error {
	quoted := "'" + name + "'"
	for i := range command.Options {
		if command.Options[i].Name == name {
			quoted = command.Options[i].names()
		}
	}
	return t.Misused(env, command, "Invalid value for "+quoted+": "+format, args...)
}
