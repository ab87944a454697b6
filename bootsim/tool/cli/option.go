package cli

import (
	"slices"
	"strings"
)

// isOption tells whether a word is one or more options. A single dash is a file
// name.
func isOption(word string) bool { return len(word) > 1 && word[0] == '-' }

// option reads an option, its value included.
func (p *parser) option(word string) error {
	if !strings.HasPrefix(word, "--") {
		return p.letters(word[1:])
	}
	name, value, attached := strings.Cut(word[2:], "=")
	o, values, err := p.long(name)
	if err != nil {
		return err
	}
	if o.Name == "help" {
		p.help = true
		return nil
	}
	if o.Flag {
		if attached {
			return p.usage("Option '--%s' does not take a value.", o.Name)
		}
		values.flags[o.Name] = !isOff(o, name)
		return nil
	}
	if !attached {
		if len(p.rest) == 0 {
			return p.usage("Option '--%s' requires an argument.", o.Name)
		}
		value = p.take()
	}
	return p.storeAll(values, o, value)
}

// isOff tells whether a flag was named by the option that clears it.
func isOff(o *Option, name string) bool {
	return o.Off != "" && strings.HasPrefix(o.Off, hyphened(name)) && !strings.HasPrefix(o.Name, hyphened(name))
}

// letters reads short options that share a dash.
func (p *parser) letters(word string) error {
	for i := range len(word) {
		o, values := p.short(word[i : i+1])
		switch {
		case o == nil:
			return p.usage("No such option: -%s", word[i:i+1])
		case o.Name == "help":
			p.help = true
			return nil
		case o.Flag:
			values.flags[o.Name] = true
			continue
		}
		value := strings.TrimPrefix(word[i+1:], "=")
		if value == "" {
			if len(p.rest) == 0 {
				return p.usage("Option '-%s' requires an argument.", o.Short)
			}
			value = p.take()
		}
		return p.storeAll(values, o, value)
	}
	return nil
}

func (p *parser) short(letter string) (*Option, *Values) {
	for _, s := range p.scopes() {
		for i := range s.options {
			if s.options[i].Short == letter {
				return &s.options[i], s.values
			}
		}
	}
	return nil, nil
}

// scope is where an option may belong.
type scope struct {
	options []Option
	values  *Values
}

// scopes lists the command at hand, then the tool.
func (p *parser) scopes() []scope {
	help := scope{options: []Option{helpOption()}}
	tool := scope{options: p.tool.Options, values: p.line.Values}
	if p.command == nil {
		return []scope{tool, help}
	}
	return []scope{{options: p.command.Options, values: p.values}, help, tool}
}

func helpOption() Option {
	return Option{Name: "help", Short: "h", Flag: true, Help: "Show this page."}
}

// long finds an option by its name, or by a start of it that no other has.
func (p *parser) long(name string) (*Option, *Values, error) {
	want := hyphened(name)
	for _, s := range p.scopes() {
		for i := range s.options {
			if o := &s.options[i]; o.Name == want || o.Off != "" && o.Off == want {
				p.respelled(name, want)
				return o, s.values, nil
			}
		}
	}
	for _, s := range p.scopes() {
		found := startingWith(s.options, want)
		if len(found) == 1 && want != "" {
			return found[0], s.values, nil
		}
		if len(found) > 1 && want != "" {
			return nil, nil, p.usage("Option --%s could be --%s or --%s.", name, found[0].Name, found[1].Name)
		}
	}
	return nil, nil, p.usage("No such option: --%s", name)
}

func startingWith(options []Option, start string) (found []*Option) {
	for i := range options {
		o := &options[i]
		if strings.HasPrefix(o.Name, start) || o.Off != "" && strings.HasPrefix(o.Off, start) {
			found = append(found, o)
		}
	}
	return found
}

// respelled notes that an option was written with underscores.
func (p *parser) respelled(name, want string) {
	if name != want {
		p.line.Warnings = append(p.line.Warnings,
			"Deprecated: Option '--"+name+"' is deprecated. Use '--"+want+"' instead.")
	}
}

// storeAll keeps the value of an option and, of one that takes many, the words
// up to the next option.
func (p *parser) storeAll(values *Values, o *Option, value string) error {
	err := p.store(values, o, value)
	for err == nil && o.Many && len(p.rest) > 0 && !strings.HasPrefix(p.rest[0], "-") && !p.nextCommand() {
		err = p.store(values, o, p.take())
	}
	return err
}

// store keeps the value of an option if it is one of its choices.
func (p *parser) store(values *Values, o *Option, value string) error {
	if o.Choices == nil {
		values.keep(o, value)
		return nil
	}
	normal := value
	if o.Normal != nil {
		normal = o.Normal(value)
	}
	if !slices.Contains(o.Choices, normal) {
		return p.usage("Invalid value for %s: '%s' is not one of %s.", o.names(), normal, Quoted(o.Choices))
	}
	values.keep(o, normal)
	return nil
}

// Quoted lists words as messages do: 'a', 'b'.
func Quoted(words []string) string { return "'" + strings.Join(words, "', '") + "'" }
