// Package planfile reads provisioning plans: YAML, or a text with the command
// lines of a procedure, be it a shell script or a page that somebody wrote.
package planfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/bootsim/provision/script"
	"github.com/bootsim/bootsim/emu/pattern"
)

// FileError tells that a plan could not be read.
type FileError struct {
	File string
	Err  error
}

// Error names the file.
func (e *FileError) Error() string { return fmt.Sprintf("cannot read the plan %s: %v", e.File, e.Err) }

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// EmptyError tells that a text has no step.
type EmptyError struct{ File string }

// Error says what a plan is.
func (e *EmptyError) Error() string {
	return e.File + ": no step in it: a plan is YAML with \"steps:\", or a text with command lines of esptool, espefuse and espsecure"
}

// maxPlan bounds a plan, in bytes.
const maxPlan = 1 << 20

// Load reads a plan. Errors: *config.Errors and *config.FileError for YAML,
// *FileError and *EmptyError.
func Load(fs afero.Fs, name string) (*provision.Plan, error) {
	shown := filepath.ToSlash(name)
	text, err := read(fs, name)
	if err != nil {
		return nil, &FileError{shown, err}
	}
	p := &provision.Plan{Name: path.Base(shown), Source: shown, Dir: path.Dir(shown), Mode: provision.Development,
		Inputs: []string{shown}}
	if isYAML(name, text) {
		err = fromYAML(p, fs, name)
	} else {
		err = fromText(p, text)
	}
	if err != nil {
		return nil, err
	}
	if len(p.Steps) == 0 && len(p.Unmodelled) == 0 {
		return nil, &EmptyError{shown}
	}
	return p, nil
}

func read(fs afero.Fs, name string) ([]byte, error) {
	info, err := fs.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder: name the plan in it")
	}
	f, err := fs.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, maxPlan+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > maxPlan:
		return nil, errors.New("it has more than 1 MB")
	case len(bytes.TrimSpace(b)) == 0:
		return nil, errors.New("it is empty")
	}
	return b, nil
}

// yamlForm is a key that every plan in YAML has.
var yamlForm = pattern.Of(`(?m)^(?:steps|version):`)

func isYAML(name string, text []byte) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		return true
	case ".sh", ".bat", ".cmd", ".ps1", ".bash":
		return false
	}
	return yamlForm.Match(text)
}

func fromText(p *provision.Plan, text []byte) error {
	s, err := script.Parse(string(text))
	if err != nil {
		return &FileError{p.Source, err}
	}
	p.Passed = s.Passed
	take(p, s, "", 0)
	return nil
}

// take appends the commands of a script to a plan; line is added to theirs.
func take(p *provision.Plan, s *script.Script, name string, line int) {
	for _, c := range s.Commands {
		c.Line += line
		if why := provision.Refused(c); why != "" {
			p.Unmodelled = append(p.Unmodelled, script.Remark{Line: c.Line, Text: c.Text, Why: why})
			continue
		}
		p.Steps = append(p.Steps, provision.Step{Command: c, Number: len(p.Steps) + 1, Name: name})
	}
	for _, u := range s.Unmodelled {
		u.Line += line
		p.Unmodelled = append(p.Unmodelled, u)
	}
}

func fromYAML(p *provision.Plan, fs afero.Fs, name string) error {
	c, err := config.LoadProvision(fs, name)
	if err != nil {
		return err
	}
	p.Device, p.Mode, p.Images, p.Seed, p.Inputs = c.Device, provision.Mode(c.Mode), c.Images, c.Seed, c.Inputs
	for _, as := range slices.Sorted(maps.Keys(c.Files)) {
		p.Given = append(p.Given, provision.Given{Name: as, Place: script.Join(p.Dir, c.Files[as])})
	}
	for _, st := range c.Steps {
		if st.Run == "" {
			p.Steps = append(p.Steps, provision.Step{Command: script.Command{Line: st.Line}, Number: len(p.Steps) + 1, Name: st.Name, Boot: true})
			continue
		}
		s, err := script.ParseCommands(st.Run)
		if err != nil {
			return &FileError{p.Source, err}
		}
		before := len(p.Passed)
		p.Passed = append(p.Passed, s.Passed...)
		for i := range p.Passed[before:] {
			p.Passed[before+i].Line += st.Line - 1
		}
		take(p, s, st.Name, st.Line-1)
	}
	return nil
}
