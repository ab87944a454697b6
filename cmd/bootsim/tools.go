package main

import (
	"cmp"
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
	prog  string // what usage lines call the original when Python runs it, "" for our own name
	about string
	run   func(cli.Env, []string) int
}

func tools() []tool {
	return []tool{
		{"espsecure", "python -m espsecure", "encrypt, decrypt, sign and verify images", espsecure.Run},
		{"espefuse", "python -m espefuse", "read and burn a virtual eFuse file", espefuse.Run},
		{"esptool", "python -m esptool", "image-info, merge-bin, and a simulated device's flash", esptool.Run},
		{"gen_esp32part", "", "partition tables from CSV to binary and back", genpart.Run},
		{"parttool", "", "partitions of a flash file", parttool.Run},
		{"otatool", "", "otadata of a flash file", otatool.Run},
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

// runTool carries out a tool's command line. link is the name of the link that
// the user called it by, which usage lines then name, as the original's do. With
// "" the call was "bootsim TOOL ...", in place of the original run by Python.
func (a *app) runTool(t tool, link string, args []string) int {
	env := cli.Env{FS: a.fs, Stdin: a.stdin, Stdout: a.stdout, Stderr: a.stderr, Prog: link, Getenv: a.getenv}
	if link == "" {
		env.Called = "bootsim " + t.name
		env.Prog = cmp.Or(t.prog, env.Called)
	}
	return t.run(env, args)
}
