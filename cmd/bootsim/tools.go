package main

import (
	"path/filepath"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espefuse"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/bootsim/tool/esptool"
	"github.com/bootsim/bootsim/bootsim/tool/genpart"
	"github.com/bootsim/bootsim/bootsim/tool/otatool"
	"github.com/bootsim/bootsim/bootsim/tool/parttool"
)

// tool is a stand-in for one of Espressif's tools. It answers to the original's
// command lines, with the original's exit codes.
type tool struct {
	name  string
	about string
	run   func(cli.Env, []string) int
}

func tools() []tool {
	return []tool{
		{"espsecure", "encrypt, decrypt, sign and verify images", espsecure.Run},
		{"espefuse", "read and burn a virtual eFuse file", espefuse.Run},
		{"esptool", "image-info, merge-bin, and a simulated device's flash", esptool.Run},
		{"gen_esp32part", "partition tables from CSV to binary and back", genpart.Run},
		{"parttool", "partitions of a flash file", parttool.Run},
		{"otatool", "otadata of a flash file", otatool.Run},
	}
}

// toolNamed finds a tool by the name that it was called by: "espsecure",
// "espsecure.py", or a link of such a name to this command.
func toolNamed(name string) (tool, bool) {
	base := filepath.Base(filepath.ToSlash(name))
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".exe"), ".py")
	for _, t := range tools() {
		if t.name == base {
			return t, true
		}
	}
	return tool{}, false
}

// runTool carries out a tool's command line. prog is how the user called it.
func (a *app) runTool(t tool, prog string, args []string) int {
	env := cli.Env{FS: a.fs, Stdin: a.stdin, Stdout: a.stdout, Stderr: a.stderr, Prog: prog, Getenv: a.getenv}
	return t.run(env, args)
}
