package espefuse

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

func prepareDump(s *session, call cli.Call) (action, error) {
	name := call.Values.Text(optFileName)
	if dir, err := afero.IsDir(s.env.FS, name); err == nil && dir && name != "" {
		return nil, s.tool.Misused(s.env, call.Command, "Invalid value for '--file-name': File '%s' is a directory.", name)
	}
	return func() error { return s.dump(call.Values.Text(optFormat), name) }, nil
}

func (s *session) dump(format, name string) error {
	switch {
	case format == "default" && name == "":
		for i := range s.chip.blocks {
			s.chip.printBlock(i, s.chip.blocks[i].data, "dump", true)
		}
		return nil
	case name == "":
		for i := range s.chip.blocks {
			s.env.Printf("%x\n", s.chip.blocks[i].data.bytes())
		}
		return nil
	case format == "joint":
		return s.dumpJoint(name)
	}
	return s.dumpSplit(name)
}

func (s *session) dumpJoint(name string) error {
	s.env.Print("Dump eFuse blocks -> " + name)
	var all []byte
	for i := range s.chip.blocks {
		all = append(all, s.chip.blocks[i].data.bytes()...)
	}
	return s.writeDump(name, all)
}

func (s *session) dumpSplit(name string) error {
	stem, ext := splitName(name)
	for i := range s.chip.blocks {
		one := fmt.Sprintf("%s%d%s", stem, i, ext)
		s.env.Printf("Dump eFuse block%d -> %s\n", i, one)
		if err := s.writeDump(one, s.chip.blocks[i].data.bytes()); err != nil {
			return err
		}
	}
	return nil
}

// splitName cuts the extension off a file name. Dots at its start are none.
func splitName(name string) (stem, ext string) {
	base := name[strings.LastIndexAny(name, "/"+string(filepath.Separator))+1:]
	dot := strings.LastIndex(base, ".")
	if dot < 0 || strings.Trim(base[:dot], ".") == "" {
		return name, ""
	}
	return name[:len(name)-len(base)+dot], base[dot:]
}

func (s *session) writeDump(name string, data []byte) error {
	if err := afero.WriteFile(s.env.FS, name, data, 0o666); err != nil {
		return cli.Brokenf("cannot write the dump to %s: %s", name, cli.Reason(err))
	}
	return nil
}
