package espsecure

import (
	"errors"
	"io/fs"
	"os"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/spf13/afero"
)

// Largest files that are read, in bytes. No flash of the chip is larger than
// 16 MB.
const (
	maxKeyFile  = 64 << 10
	maxDataFile = 64 << 20
)

// arg returns the command's positional argument.
func (j *job) arg() string { return j.values.Args[0] }

// data reads the file that is the command's positional argument.
func (j *job) data() ([]byte, error) { return j.read(j.command.Args[0].Metavar, j.arg(), maxDataFile) }

// key reads the file of the key option.
func (j *job) key() ([]byte, error) { return j.option(optKeyFile) }

// option reads the file that an option names.
func (j *job) option(name string) ([]byte, error) {
	return j.read(name, j.values.Text(name), maxKeyFile)
}

// read reads an input file; what names the option or argument that it is for.
func (j *job) read(what, name string, limit int64) ([]byte, error) {
	b, err := j.env.ReadInput(name, limit)
	if err == nil && int64(len(b)) <= limit {
		return b, nil
	}
	return nil, j.unreadable(what, name, limit, err)
}

// content opens the file that is the command's positional argument.
func (j *job) content() (*cli.Content, error) {
	c, err := j.env.OpenInput(j.arg(), maxDataFile)
	if err == nil && c.Size() <= maxDataFile {
		return c, nil
	}
	return nil, j.unreadable(j.command.Args[0].Metavar, j.arg(), maxDataFile, err)
}

// unreadable refuses an input that could not be read, or is too large if err is nil.
func (j *job) unreadable(what, name string, limit int64, err error) error {
	if err != nil {
		return j.tool.Invalid(j.env, j.command, what, "'%s': %s", name, cli.Reason(err))
	}
	return j.tool.Invalid(j.env, j.command, what, "'%s': larger than %d bytes; is it the right file?", name, limit)
}

// distinct refuses an output file that is one of the inputs. Empty names are
// files not given.
func (j *job) distinct(output string, inputs ...string) error {
	for _, in := range inputs {
		if in != "" && output != "" && j.env.SameFile(in, output) {
			return cli.Fatalf("The input \"%s\" and output \"%s\" should not be the same!", in, output)
		}
	}
	return nil
}

// Modes of the files that are written.
const (
	modePublic  = 0o644
	modePrivate = 0o600
)

// write writes an output file.
func (j *job) write(name string, b []byte, mode fs.FileMode) error {
	if name == "-" {
		_, err := j.env.Stdout.Write(b)
		return err
	}
	j.env.WarnReplaced(name)
	return j.put(name, b, mode)
}

func (j *job) put(name string, b []byte, mode fs.FileMode) error {
	return unwritten(name, afero.WriteFile(j.env.FS, name, b, mode))
}

// unwritten words why an output could not be written; nil stays nil.
func unwritten(name string, err error) error {
	if err == nil {
		return nil
	}
	return cli.Brokenf("Could not open file '%s': %s", name, cli.Reason(err))
}

// writeSecret writes a key file. One that exists is kept, unless the user
// agrees to lose it.
func (j *job) writeSecret(name string, b []byte) error {
	if j.values.Flag(optForce) {
		return j.put(name, b, modePrivate)
	}
	f, err := j.env.FS.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, modePrivate)
	if errors.Is(err, fs.ErrExist) {
		return keyExists(name)
	}
	if err != nil {
		return unwritten(name, err)
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

// keep refuses if a key file exists.
func (j *job) keep(name string) error {
	if j.values.Flag(optForce) {
		return nil
	}
	if ok, err := afero.Exists(j.env.FS, name); err != nil || !ok {
		return nil //nolint:nilerr // opening the file will tell
	}
	return keyExists(name)
}

func keyExists(name string) error {
	return cli.Fatalf("ERROR: Key file %s already exists. Choose another name; --%s overwrites the key, and what only it decrypts or signs is lost.", name, optForce)
}
