package espsecure

import (
	"errors"
	"os"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// output is an output file that is opened, and what it held is lost, when there is
// something to write.
type output struct {
	fs   afero.Fs
	name string
	file afero.File // nil until then
}

// Write writes. The error says what the tool says.
func (o *output) Write(b []byte) (n int, err error) {
	if o.file == nil {
		if o.file, err = o.fs.OpenFile(o.name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, modePublic); err != nil {
			o.file = nil
			return 0, unwritten(o.name, err)
		}
	}
	n, err = o.file.Write(b)
	return n, unwritten(o.name, err)
}

// close ends the output. err is what went wrong before, if anything did: then
// nothing is left in the file, since half an image would be flashed by mistake.
func (o *output) close(err error) error {
	if o.file == nil {
		return err
	}
	if err != nil {
		_ = o.file.Truncate(0) // what is no regular file cannot take it back
	}
	if failed := o.file.Close(); err == nil {
		err = unwritten(o.name, failed)
	}
	return err
}

// pipe writes the output from the command's argument, chunk by chunk.
func (j *job) pipe(c *cli.Content, change cli.Change) (err error) {
	if name := j.values.Text(optOutput); name == "-" {
		err = c.Pipe(j.env.Stdout, change)
	} else {
		j.env.WarnReplaced(name)
		out := &output{fs: j.env.FS, name: name}
		err = out.close(c.Pipe(out, change))
	}
	return j.unread(err)
}

// unread words an error of reading the command's argument; others stay as they are.
func (j *job) unread(err error) error {
	var failed *cli.ReadError
	if errors.As(err, &failed) {
		return j.unreadable(j.command.Args[0].Metavar, failed.Name, maxDataFile, failed.Err)
	}
	return err
}
