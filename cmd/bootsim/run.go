package main

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"
)

// Exit codes. They are part of the contract, see README.md.
const (
	exitOK       = 0 // every lot boots what it should
	exitFindings = 1 // findings at or above --fail-on, or a lot that does not boot
	exitUsage    = 2 // usage or configuration
	exitInput    = 3 // unreadable or unrecognised input, or an internal error
)

// verb is one subcommand.
type verb struct {
	name, args, about string
	run               func(*app, []string) error
}

func verbs() []verb {
	return []verb{
		{"check", "[PATH...]", "tell whether every device of every lot boots what it should", (*app).check},
		{"boot", "[PATH...]", "print what the serial console shows", (*app).boot},
		{"sweep", "[PATH...]", "prove that no power cut or fault bricks a device that is updated", (*app).sweep},
		{"replay", "TOKEN [PATH...]", "replay a history of faults that a sweep has found", (*app).replay},
		{"provision", "PLAN", "run or judge the procedure of a production line", (*app).provision},
		{"release", "VERB ...", "build, serve or verify what a fleet of several lots is updated with", (*app).release},
		{"fuzz", "[PATH...]", "mutate devices below their encryption and judge every boot", (*app).fuzz},
		{"trace", "[PATH...]", "execute a bootloader and print what it does", (*app).trace},
		{"disasm", "FILE", "disassemble an image or ELF file", (*app).disasm},
		{"gdb", "[PATH...]", "let gdb step through a boot", (*app).gdb},
		{"engine", "", "list what the executing engine models", (*app).listEngine},
		{"demo", "DIR", "write example lots, good and broken, to play with", (*app).demo},
		{"rules", "[RULE]", "list what can be found, or explain one rule", (*app).rules},
		{"version", "", "print the version", (*app).version},
	}
}

// internalError, deferred, ends a run that panics: that is a bug of ours and not
// a verdict on the images.
func (a *app) internalError(code *int) {
	if p := recover(); p != nil {
		a.complain(fmt.Errorf("internal error: %v", p), "this is a bug of bootsim: please report it with the images, or with this trace:\n"+string(debug.Stack()))
		*code = exitInput
	}
}

// run carries out a command line and returns its exit code.
func (a *app) run(args []string) (code int) {
	defer a.internalError(&code)
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		a.usage()
		if len(args) == 0 {
			return exitUsage
		}
		return exitOK
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return a.exitCode(v.run(a, args[1:]))
		}
	}
	if t, ok := toolNamed(args[0]); ok {
		return a.runTool(t, "", args[1:])
	}
	return a.exitCode(usagef("there is no command %q", args[0]))
}

func (a *app) usage() {
	fmt.Fprintln(a.stdout, "bootsim tells whether ESP32 images will boot, before they ship.")
	fmt.Fprintln(a.stdout, "\nUsage: bootsim COMMAND [OPTIONS] [ARGUMENTS]")
	for _, v := range verbs() {
		fmt.Fprintf(a.stdout, "\n  %-22s %s", v.name+" "+v.args, v.about)
	}
	fmt.Fprint(a.stdout, "\n\nIn place of Espressif's tools, for the classic ESP32 (also when called by a link of\nthat name):\n")
	for _, t := range tools() {
		fmt.Fprintf(a.stdout, "\n  %-22s %s", t.name, t.about)
	}
	fmt.Fprintln(a.stdout, "\n\n`bootsim COMMAND --help` lists a command's options. Without a path, check and boot\ntake two embedded example lots.")
	fmt.Fprintln(a.stdout, "\nExit codes: 0 every lot boots what it should; 1 findings at or above --fail-on;\n2 usage or configuration; 3 unreadable or unrecognised input, or an internal error.")
}

// errFindings ends a run whose report says why.
var errFindings = errors.New("findings")

// usageError is a mistake on the command line.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// complain writes an error, and what to do next.
func (a *app) complain(err error, hint string) {
	for i, line := range strings.Split(strings.TrimRight(err.Error(), "\n"), "\n") {
		prefix := "error: "
		if i > 0 {
			prefix = "       "
		}
		fmt.Fprintln(a.stderr, prefix+line)
	}
	if hint != "" {
		fmt.Fprintln(a.stderr, "hint: "+hint)
	}
}

// parse reads options, which may stand before and after arguments. It returns
// false when help was asked for and printed.
func (a *app) parse(fs *pflag.FlagSet, args []string, about string) (bool, error) {
	fs.SetOutput(a.stderr)
	fs.Usage = func() {}
	err := fs.Parse(args)
	if errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintf(a.stdout, "Usage: bootsim %s\n\n%s\n\nOptions:\n%s", fs.Name(), about, fs.FlagUsagesWrapped(100))
		return false, nil
	}
	if err != nil {
		return false, usagef("%v", err)
	}
	return true, nil
}
