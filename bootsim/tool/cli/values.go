package cli

// Values is what a command line says for a tool or for one command.
type Values struct {
	Args  []string
	flags map[string]bool
	texts map[string]string
	lists map[string][]string
}

// newValues returns the values that count when nothing is said.
func newValues(env Env, options []Option) *Values {
	v := &Values{flags: map[string]bool{}, texts: map[string]string{}, lists: map[string][]string{}}
	for _, o := range options {
		text := o.Default
		if set := env.variable(o.Env); set != "" {
			text = set
		}
		switch {
		case o.Flag:
			v.flags[o.Name] = text != ""
		case text != "":
			v.texts[o.Name] = text
		}
	}
	return v
}

// Flag tells whether a flag is set.
func (v *Values) Flag(name string) bool { return v.flags[name] }

// Text returns the value of an option, "" when there is none.
func (v *Values) Text(name string) string { return v.texts[name] }

// List returns the values of an option that takes many, nil when there is none.
func (v *Values) List(name string) []string { return v.lists[name] }

// keep stores the value of an option.
func (v *Values) keep(o *Option, value string) {
	v.texts[o.Name] = value
	if o.Many {
		v.lists[o.Name] = append(v.lists[o.Name], value)
	}
}

// Given tells whether an option has a value, be it an empty one.
func (v *Values) Given(name string) bool {
	_, ok := v.texts[name]
	return ok
}
