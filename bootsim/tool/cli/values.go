package cli

// Values is what a command line says for a tool or for one command.
type Values struct {
	Args  []string
	flags map[string]bool
	texts map[string]string
	lists map[string][]string
	// surroundings has the options whose value an environment variable gave.
	surroundings map[string]bool
}

// newValues returns the values that count when nothing is said.
func newValues(env Env, options []Option) *Values {
	v := &Values{flags: map[string]bool{}, texts: map[string]string{}, lists: map[string][]string{}, surroundings: map[string]bool{}}
	for _, o := range options {
		text := o.Default
		if set := env.variable(o.Env); set != "" {
			text = set
			v.surroundings[o.Name] = true
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

// FromEnv tells whether the value of an option is that of its environment
// variable.
func (v *Values) FromEnv(name string) bool { return v.surroundings[name] }

// keep stores the value of an option.
func (v *Values) keep(o *Option, value string) {
	if value != v.texts[o.Name] { // not the variable's own, which is stored again after it is checked
		delete(v.surroundings, o.Name)
	}
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
