package parttool

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/esptool"
)

// Flasher reaches the flash through bootsim's esptool, as the reference does
// through Espressif's.
type Flasher struct {
	Env cli.Env
	// Args are for esptool itself, the others for its commands. Those that the
	// user gave are written as "before=no-reset" or "no-stub", see EsptoolArgs.
	Args, ReadArgs, WriteArgs, EraseArgs []string
}

// EsptoolArgs turns values of --esptool-args and its kin into arguments.
func EsptoolArgs(values []string) (args []string) {
	pair := regexp.MustCompile(`^(.+)=(.+)`)
	for _, v := range values {
		if m := pair.FindStringSubmatch(v); m != nil {
			args = append(args, "--"+m[1], m[2])
			continue
		}
		args = append(args, "--"+v)
	}
	return args
}

// FlasherError tells that esptool failed. What it said is for the user to see.
type FlasherError struct {
	Args   []string
	Code   int
	Output string // of both streams
}

// Error says which command failed.
func (e *FlasherError) Error() string {
	return fmt.Sprintf("subprocess.CalledProcessError: Command 'esptool %s' returned non-zero exit status %d.", strings.Join(e.Args, " "), e.Code)
}

// scratch is a name for data that is in no file.
const scratch = "bootsim-scratch"

// scratchFS is the user's file system with one file more, which is in memory.
type scratchFS struct {
	afero.Fs
	memory afero.Fs
}

// Open opens either kind of file.
func (s scratchFS) Open(name string) (afero.File, error) {
	if name == scratch {
		return s.memory.Open(name)
	}
	return s.Fs.Open(name)
}

// OpenFile opens either kind of file.
func (s scratchFS) OpenFile(name string, flag int, perm os.FileMode) (afero.File, error) {
	if name == scratch {
		return s.memory.OpenFile(name, flag, perm)
	}
	return s.Fs.OpenFile(name, flag, perm)
}

// Stat tells about either kind of file.
func (s scratchFS) Stat(name string) (os.FileInfo, error) {
	if name == scratch {
		return s.memory.Stat(name)
	}
	return s.Fs.Stat(name)
}

// run carries out an esptool command. Its output is kept for the case that it
// fails.
func (f *Flasher) run(memory afero.Fs, args ...string) error {
	var out bytes.Buffer
	env := f.Env
	env.FS = scratchFS{f.Env.FS, memory}
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(""), &out, &out
	env.Prog = "esptool"
	args = append(append([]string(nil), f.Args...), args...)
	if code := esptool.Run(env, args); code != 0 {
		return &FlasherError{Args: args, Code: code, Output: out.String()}
	}
	return nil
}

// Read returns a stretch of flash as it lies there. Error: *FlasherError.
func (f *Flasher) Read(addr, size int64) ([]byte, error) {
	memory := afero.NewMemMapFs()
	if err := f.run(memory, append([]string{"read-flash", fmt.Sprint(addr), fmt.Sprint(size), scratch}, f.ReadArgs...)...); err != nil {
		return nil, err
	}
	return afero.ReadFile(memory, scratch)
}

// Erase erases sectors. Error: *FlasherError.
func (f *Flasher) Erase(addr, size int64) error {
	return f.run(nil, append([]string{"erase-region", fmt.Sprint(addr), fmt.Sprint(size)}, f.EraseArgs...)...)
}

// Write writes data to an address. Error: *FlasherError.
func (f *Flasher) Write(addr int64, data []byte) error {
	memory := afero.NewMemMapFs()
	if err := afero.WriteFile(memory, scratch, data, 0o600); err != nil {
		return err
	}
	return f.run(memory, append([]string{"write-flash", fmt.Sprint(addr), scratch}, f.WriteArgs...)...)
}
