package provision

import (
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/input/cmdline"
)

// remember notes what a step that succeeded did with keys and flash.
func (s *state) remember(st *Step, l *layer) {
	for i, file := range []string{encryptsWith(st), burnsKey(st), digestsWith(st), burnsBootKey(st)} {
		if file == "" {
			continue
		}
		full, ok := l.fetch(file)
		if !ok {
			continue
		}
		if k, ok := keyIn(l, full); ok {
			s.keys = append(slices.Clip(s.keys), keyUse{file: file, key: k, step: st.Number, boot: i > 1, burnt: i%2 == 1, full: full})
		}
	}
	if st.Tool == "esptool" {
		s.rememberWrites(st, l)
	}
}

// rememberWrites notes which files a write_flash put where.
func (s *state) rememberWrites(st *Step, l *layer) {
	commands, err := cmdline.Parse(quoted(st.Args), cmdline.Options{ReadFile: l.text})
	if err != nil {
		return
	}
	for _, c := range commands {
		if c.Verb == cmdline.Erase {
			s.writes = nil
			continue
		}
		if c.Verb != cmdline.Write {
			continue
		}
		for _, p := range c.Pairs {
			if size := l.size(p.File); size > 0 {
				s.writes = append(slices.Clip(s.writes), write{p.Address, size, p.File, st.Number, p.Encrypt, l.bytesOf(p.File)})
			}
		}
	}
}

func (l *layer) text(name string) (string, error) {
	f, err := l.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, cmdline.MaxText)
	n, _ := f.Read(b)
	return string(b[:n]), nil
}

// bytesOf is the content of a file, nil if there is none.
func (l *layer) bytesOf(name string) []byte {
	full := l.full(name)
	c, layered := l.below[full]
	if !layered {
		c = l.shelf.find(full)
	}
	if c == nil {
		return nil
	}
	return c.data
}

// size is that of a file in bytes, 0 if there is none.
func (l *layer) size(name string) uint32 {
	info, err := l.Stat(name)
	if err != nil {
		return 0
	}
	return uint32(info.Size())
}

// quoted writes arguments as one line of the shell.
func quoted(args []string) string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = a
		if strings.ContainsAny(a, " \t'\";&|<>#$") {
			words[i] = `"` + strings.ReplaceAll(a, `"`, `\"`) + `"`
		}
	}
	return strings.Join(words, " ")
}
