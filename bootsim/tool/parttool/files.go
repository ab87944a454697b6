package parttool

import (
	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// WriteFile stores what was read from flash, but not over the files that the
// chip is made of. Errors are exceptions of the reference.
func (t *Target) WriteFile(name string, data []byte) error {
	for _, file := range t.Flasher.files() {
		if t.Flasher.Env.SameFile(name, file) {
			return Exceptionf("Exception", "%s is part of the simulated chip: name another file for the output", name)
		}
	}
	if err := afero.WriteFile(t.Flasher.Env.FS, name, data, 0o644); err != nil {
		return fileError(err, name)
	}
	return nil
}

// ReadFile reads a file that is to be written to flash. Errors are exceptions
// of the reference.
func (t *Target) ReadFile(name string) ([]byte, error) {
	if name == "" {
		return nil, Exceptionf("TypeError", "name the file to be written with --input")
	}
	const most = 16 << 20
	b, err := t.Flasher.Env.ReadInput(name, most)
	switch {
	case err != nil:
		return nil, fileError(err, name)
	case len(b) > most:
		return nil, Exceptionf("Exception", "Input file size exceeds partition size")
	}
	return b, nil
}

// fileError is the exception for a file that cannot be used.
func fileError(err error, name string) error {
	return Exceptionf(cli.Exception(err), "%s: '%s'", cli.Errno(err), name)
}

// files lists the files that a chip may be made of, as options or in the
// environment.
func (f *Flasher) files() []string {
	files := append([]string(nil), f.Args...)
	if f.Env.Getenv != nil {
		for _, name := range []string{"BOOTSIM_FLASH_FILE", "BOOTSIM_EFUSE_FILE", "BOOTSIM_KEY_FILE"} {
			files = append(files, f.Env.Getenv(name))
		}
	}
	return files
}
