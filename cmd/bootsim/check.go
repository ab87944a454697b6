package main

import (
	"fmt"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/report"
	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/bootsim/sweep/lots"
)

const checkAbout = `Checks that every device of every lot boots what it should: as flashed, and after
every release is installed over every state that the device can reach.

PATH is a folder or file: bootsim.yaml, an ESP-IDF build folder (flasher_args.json,
flash_args), an ESP Web Tools manifest, PlatformIO or Arduino output, a merged image
or flash dump, Intel HEX, UF2. "-" reads an esptool command line from standard input.`

type checkFlags struct {
	deviceFlags
	format  string
	outputs []string
	failOn  string
	args    []string
	console bool
	quiet   bool
	sweep   bool
}

func (f *checkFlags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.format, "format", "text", "report `FORMAT` on standard output: "+strings.Join(report.Formats(), ", "))
	fs.StringArrayVar(&f.outputs, "output", nil, "write a report as `FORMAT=FILE`; may be given several times")
	fs.StringVar(&f.failOn, "fail-on", "error", "exit with 1 for findings of this `SEVERITY` or above: error, warning, note")
	fs.StringArrayVar(&f.args, "flash-args", nil, "`\"0x1000 a.bin 0x8000 b.bin\"`: addresses and files, as esptool takes them")
	fs.BoolVar(&f.console, "console", false, "text: show the console log of every scenario that does not pass")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print nothing on standard output; the exit code tells")
	fs.BoolVar(&f.sweep, "sweep", true, "also look at clean power cuts during every release, within bounds")
	f.deviceFlags.register(fs)
}

func (a *app) check(args []string) error {
	var f checkFlags
	fs := pflag.NewFlagSet("check [PATH...]", pflag.ContinueOnError)
	f.register(fs)
	if more, err := a.parse(fs, args, checkAbout); !more {
		return err
	}
	if !validSeverity(f.failOn) {
		return usagef("--fail-on %s: want error, warning or note", f.failOn)
	}
	writers, err := a.writers(&f)
	if err != nil {
		return err
	}
	engine, err := f.engine.engine(nil)
	if err != nil {
		return err
	}
	src, err := a.load(fs.Args(), f.args, &f.deviceFlags)
	if err != nil {
		return err
	}
	for _, n := range src.notes {
		fmt.Fprintln(a.stderr, "note: "+n)
	}
	defer thrifty(src)()
	opt := check.Options{Engine: engine, Tool: "bootsim " + buildVersion(), Workers: runtime.GOMAXPROCS(0)}
	if f.sweep {
		opt.Sweep = new(lots.Memory).Check
	}
	line := a.progressLine(f.quiet)
	defer line.clear()
	opt.Progress = line.checking()
	r := check.Run(src.lots, src.releases, opt)
	line.clear()
	if !f.quiet {
		a.tellSweeps(r)
	}
	if err := a.emit(writers, r, src.inputs); err != nil {
		return err
	}
	return outcome(r, bootsim.Severity(f.failOn))
}

// manyBytes of files are enough for the heap to be kept near to their size. Most of
// it is files then, which cost the collector nothing, so that it may come often.
const (
	manyBytes   = 64 << 20
	manyPercent = 40
)

// thrifty keeps a check of many files from taking twice their memory, unless the
// user has said what it may take. It returns what ends that.
func thrifty(src *source) (end func()) {
	size, seen := 0, map[*byte]bool{}
	count := func(b []byte) {
		if len(b) > 0 && !seen[&b[0]] {
			seen[&b[0]] = true
			size += len(b)
		}
	}
	for i := range src.lots {
		for _, p := range src.lots[i].Contents {
			count(p.Data)
		}
	}
	for i := range src.releases {
		for _, f := range src.releases[i].Artifacts {
			count(f.Data)
		}
	}
	if size < manyBytes {
		return func() {}
	}
	before := debug.SetGCPercent(manyPercent)
	if before != 100 {
		debug.SetGCPercent(before)
	}
	return func() { debug.SetGCPercent(before) }
}

func validSeverity(s string) bool {
	return s == string(bootsim.Error) || s == string(bootsim.Warning) || s == string(bootsim.Note)
}

// outcome is errFindings when a lot does not boot as it should, or a finding is
// as severe as the user minds.
func outcome(r *bootsim.Report, failOn bootsim.Severity) error {
	if r.Verdict != bootsim.Pass {
		return errFindings
	}
	for _, f := range r.Findings {
		if check.AtLeast(f.Severity, failOn) {
			return errFindings
		}
	}
	return nil
}

// target is one report to write.
type target struct {
	report.Writer
	file string // empty: standard output
}

// writers prepares every report that was asked for, so that a mistake shows
// before any work is done.
func (a *app) writers(f *checkFlags) ([]target, error) {
	opt := report.Options{Rules: rules.All(), Console: f.console,
		Colour: a.terminal(a.stdout) && a.getenv("NO_COLOR") == "", Width: a.width(a.stdout)}
	var out []target
	if !f.quiet {
		w, err := report.For(f.format, opt)
		if err != nil {
			return nil, err
		}
		out = append(out, target{w, ""})
	}
	opt.Colour, opt.Width = false, 0
	for _, o := range f.outputs {
		format, file, ok := strings.Cut(o, "=")
		if !ok || file == "" {
			return nil, usagef("--output %s: want FORMAT=FILE", o)
		}
		w, err := report.For(format, opt)
		if err != nil {
			return nil, err
		}
		out = append(out, target{w, file})
	}
	return out, nil
}

// emit writes the reports.
func (a *app) emit(targets []target, r *bootsim.Report, inputs map[string]bool) error {
	for _, t := range targets {
		if t.file == "" {
			if err := t.Write(a.stdout, r); err != nil {
				return err
			}
			continue
		}
		if inputs[path.Clean(filepath.ToSlash(t.file))] {
			return usagef("--output %s: that is an input of this check; choose another name", t.file)
		}
		if err := a.writeReport(t, r); err != nil {
			return err
		}
	}
	return nil
}
