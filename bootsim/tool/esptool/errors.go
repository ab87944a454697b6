package esptool

import (
	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// writeOutput writes an output file. Where that fails the reference ends with a
// traceback.
func (s *session) writeOutput(name string, data []byte) error {
	s.env.WarnReplaced(name)
	if err := afero.WriteFile(s.env.FS, name, data, 0o644); err != nil {
		return cli.Brokenf("cannot write %s: %s", name, cli.Reason(err))
	}
	return nil
}
