// Package espsecure stands in for Espressif's espsecure on the classic ESP32:
// flash encryption, keys, digests and signatures of both secure boot schemes.
// It follows v5.3.1 and takes the command lines of v4 too. What the classic
// ESP32 cannot use (AES-XTS, ECDSA in secure boot V2) works as in the reference
// where Go's library knows the algorithm, with a note on standard error.
//
// It differs from the reference in that it does not silently overwrite keys,
// and that beyond 16 MB it encrypts as the chip does.
package espsecure

import (
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
)

// version is the release whose behaviour and banner this is.
const version = "v5.3.1"

// job is one command that is being carried out.
type job struct {
	env     cli.Env
	tool    *cli.Tool
	command *cli.Command
	values  *cli.Values
}

// Run carries out a command line, without the program's name, and returns the
// exit code: 0, 2 for errors, and 1 where the reference stops with a traceback.
// Nothing but the named output file is written, and no key is ever printed.
func Run(env cli.Env, args []string) int {
	return env.Report(run(env, args))
}

func run(env cli.Env, args []string) error {
	tool := toolSpec()
	line, err := tool.Parse(env, args)
	if err != nil {
		return err
	}
	if line.Help || line.Bare && (len(args) == 0 || line.WantsHelp) {
		tool.ShowHelp(env, nil)
		return nil
	}
	if line.Bare {
		return noCommand(env, tool, args[0])
	}
	for _, w := range line.Warnings {
		env.Warn("%s", w)
	}
	return carryOut(env, tool, line.Calls[0])
}

// noCommand tells what is wrong with a command line in which no command is.
func noCommand(env cli.Env, tool *cli.Tool, word string) error {
	if strings.HasPrefix(word, "-") {
		return tool.Misused(env, nil, "No such option: %s", word)
	}
	return tool.Misused(env, nil, "No such command '%s'.", word)
}

func carryOut(env cli.Env, tool *cli.Tool, call cli.Call) error {
	if call.Command == nil {
		return call.Err
	}
	if call.Spelled != call.Command.Name {
		env.Warn("Deprecated: Command '%s' is deprecated. Use '%s' instead.", call.Spelled, call.Command.Name)
	}
	env.Print("espsecure " + version)
	if call.Err != nil {
		return call.Err
	}
	if call.Help {
		tool.ShowHelp(env, call.Command)
		return nil
	}
	j := &job{env: env, tool: tool, command: call.Command, values: call.Values}
	return handler(call.Command.Name)(j)
}
