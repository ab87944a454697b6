// Package esptool stands in for Espressif's esptool on files: it merges and
// explains images of every chip, and reads, writes, erases and verifies the
// flash of a classic ESP32 whose flash is an image file and whose eFuses are a
// dump. It follows v5.3.1 and takes the command lines of v4 too.
package esptool

import (
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/simchip"
)

// version is the release whose behaviour and banner this is.
const version = "5.3.1"

// maxFile bounds input files, in bytes: twice the largest flash, because text
// such as Intel HEX takes more room than what it holds.
const maxFile = 64 << 20

// session is one run of the tool.
type session struct {
	env     cli.Env
	tool    *cli.Tool
	global  *cli.Values
	command *cli.Command
	values  *cli.Values   // of the command
	chip    *simchip.Chip // once connected
}

// Run carries out a command line, without the program's name, and returns the
// exit code: 0, 2 for errors, and 1 where the reference stops with a traceback.
func Run(env cli.Env, args []string) int {
	return env.Report(run(env, args))
}

func run(env cli.Env, args []string) error {
	args, err := cli.ExpandFiles(env, args)
	if err != nil {
		return err
	}
	tool := commandLine()
	args, warnings := modern(args)
	line, err := tool.Parse(env, args)
	if line == nil {
		return err
	}
	if line.Values.Flag(optSilent) {
		env.Stdout = io.Discard
	}
	for _, w := range append(warnings, line.Warnings...) {
		env.Warn("%s", w)
	}
	switch {
	case err != nil:
		return err
	case line.Help || len(args) == 0 || line.Bare && line.WantsHelp:
		tool.ShowHelp(env, nil)
		return nil
	case line.Bare:
		return noCommand(env, tool, args)
	}
	s := &session{env: env, tool: tool, global: line.Values}
	return s.call(line.Calls[0])
}

// call carries out a command.
func (s *session) call(c cli.Call) error {
	s.command, s.values = c.Command, c.Values
	if c.Command != nil && c.Spelled != c.Command.Name {
		s.env.Warn("Deprecated: Command '%s' is deprecated. Use '%s' instead.", c.Spelled, c.Command.Name)
	}
	if err := s.checkVerbosity(); err != nil {
		return err
	}
	s.env.Print("esptool v" + version)
	if c.Err != nil {
		return c.Err
	}
	if c.Help {
		s.tool.ShowHelp(s.env, c.Command)
		return nil
	}
	return s.carryOut()
}

func (s *session) checkVerbosity() error {
	for _, other := range []string{"verbose", "trace"} {
		if s.global.Flag(other) && s.global.Flag(optSilent) {
			return cli.Fatalf("Cannot use both --%s and --silent options at the same time.", other)
		}
	}
	return nil
}

// carryOut starts the command that was named.
func (s *session) carryOut() error {
	switch s.command.Name {
	case "image-info":
		return s.imageInfo()
	case "merge-bin":
		return s.mergeBin()
	case "version":
		s.env.Print(version)
		return nil
	}
	return s.onChip(map[string]func() (action, error){
		"write-flash":  s.writeFlash,
		"read-flash":   s.readFlash,
		"verify-flash": s.verifyFlash,
		"erase-flash":  s.eraseFlash,
		"erase-region": s.eraseRegion,
		"flash-id":     s.flashID,
		"chip-id":      s.chipID,
		"read-mac":     s.readMAC,
	}[s.command.Name])
}

// noCommand complains about a command line without a command that there is.
func noCommand(env cli.Env, tool *cli.Tool, args []string) error {
	word := firstWord(tool, args)
	for _, name := range notModelled() {
		if name == strings.ReplaceAll(word, "_", "-") {
			return cli.Fatalf("%s is not modelled: bootsim works on image files and on simulated flash, "+
				"see `%s -h` for what it does", name, env.CalledAs(env.Prog))
		}
	}
	if word == "" {
		return tool.Misused(env, nil, "Missing command.")
	}
	return tool.Misused(env, nil, "No such command '%s'.", word)
}

// notModelled lists the commands of the reference that need more than flash.
func notModelled() []string {
	return []string{"load-ram", "dump-mem", "read-mem", "write-mem", "run", "elf2image", "read-flash-status",
		"write-flash-status", "read-flash-sfdp", "get-security-info", "make-image"}
}

// note prints a note as the reference does.
func (s *session) note(format string, args ...any) {
	s.env.Printf("Note: "+format+"\n", args...)
}
