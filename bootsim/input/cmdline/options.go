package cmdline

import "strings"

// option reads one option, with its value if it takes one.
func (p *parser) option(w word) {
	name, value, given := strings.Cut(w.text, "=")
	name = normal(name)
	p.listed, p.unknown = false, false
	if p.flag(name) {
		return
	}
	if !p.takesValue(name) {
		p.unknown = !known(name)
		return
	}
	if !given {
		value = p.value(name)
	}
	p.unknown = name == "--diff-with" // takes several files
	p.set(name, value)
}

// normal spells an option as esptool 5 does. Short options keep their spelling.
func normal(name string) string {
	if strings.HasPrefix(name, "--") {
		return strings.ReplaceAll(name, "_", "-")
	}
	return name
}

// flag handles the options without value that change what is written.
func (p *parser) flag(name string) bool {
	switch name {
	case "--encrypt":
		p.encrypt = true
	case "--encrypt-files":
		p.listed = true
	case "--erase-all":
		p.c.EraseAll = true
	case "-e":
		if p.verbSeen && p.c.Verb != Merge {
			p.c.EraseAll = true
		}
	default:
		return false
	}
	return true
}

// takesValue tells whether a value follows. -p and -t mean a port and a trace
// before the verb, no progress and a target offset after it.
func (p *parser) takesValue(name string) bool {
	switch name {
	case "--chip", "-c", "--port", "--baud", "-b", "--before", "--after", "-a",
		"--connect-attempts", "--stub-version", "--port-filter",
		"--flash-mode", "-fm", "--flash-freq", "-ff", "--flash-size", "-fs",
		"--spi-connection", "-sc", "--flash-type", "-ft", "--nand-end-address", "--diff-with",
		"--output", "-o", "--format", "--target-offset", "--fill-flash-size",
		"--pad-to-size", "--chunk-size":
		return true
	case "-p":
		return !p.verbSeen || p.c.Verb == List && p.pos < len(p.words) && !continues(p.words[p.pos].text)
	case "-t", "-f":
		return p.verbSeen && p.c.Verb == Merge
	}
	return false
}

// known tells the options that take no value and change nothing here.
func known(name string) bool {
	switch name {
	case "-p", "-t", "-s", "-v", "-z", "-u", "--compress", "--no-compress", "--no-stub", "--trace",
		"--verbose", "--silent", "--verify", "--no-progress", "--force", "--skip-flashed",
		"--trust-flash-content", "--md5-disable", "--ignore-flash-enc-efuse",
		"--ignore-flash-encryption-efuse-setting":
		return true
	}
	return false
}

// value takes the next word as the value of an option.
func (p *parser) value(name string) string {
	if p.pos >= len(p.words) || name != "--port" && isOption(p.words[p.pos].text) {
		return ""
	}
	if !p.verbSeen && verbOf(p.words[p.pos].text) {
		return "" // a variable that was empty: the verb is no value
	}
	v := p.words[p.pos].text
	p.pos++
	return v
}

func (p *parser) set(name, value string) {
	value = strings.ToLower(value)
	switch name {
	case "--chip", "-c":
		p.c.Chip = strings.NewReplacer("-", "", "_", "").Replace(value)
	case "--flash-mode", "-fm":
		p.c.Mode = value
	case "--flash-freq", "-ff":
		p.c.Freq = value
	case "--flash-size", "-fs":
		p.c.Size = value
	}
}
