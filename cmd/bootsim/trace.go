package main

import (
	"bufio"
	"fmt"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/execute"
	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/emu/esp32"
)

const traceAbout = `Executes a lot's bootloader and prints what it does: calls of ROM functions with
arguments and results, operations on flash and eFuses, the console, and, with
--instructions, single instructions. The first column is the number of instructions
executed before. The journal of what is written to flash has no keys in it.`

type traceFlags struct {
	deviceFlags
	args         []string
	lot, elf     string
	from         string
	instructions uint64
	appSteps     uint64
}

func (a *app) trace(args []string) error {
	var f traceFlags
	fs := pflag.NewFlagSet("trace [PATH...]", pflag.ContinueOnError)
	fs.StringVar(&f.lot, "lot", "", "trace this lot; needed where there are several")
	fs.StringVar(&f.elf, "elf", "", "ELF `FILE` of the bootloader, for names of functions")
	fs.Uint64Var(&f.instructions, "instructions", 0, "list the first `N` instructions")
	fs.StringVar(&f.from, "from", "", "list instructions from this `ADDRESS` or symbol on")
	fs.Uint64Var(&f.appSteps, "app-steps", 0, "follow the application for `N` instructions and list them")
	fs.StringArrayVar(&f.args, "flash-args", nil, "`\"0x1000 a.bin 0x8000 b.bin\"`: addresses and files, as esptool takes them")
	f.deviceFlags.register(fs)
	if more, err := a.parse(fs, args, traceAbout); !more {
		return err
	}
	symbols, err := a.symbols(f.elf)
	if err != nil {
		return err
	}
	from, err := address(f.from, "--from", symbols)
	if err != nil {
		return err
	}
	factory, err := a.oneDevice(fs.Args(), f.args, f.lot, &f.deviceFlags)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(a.stdout)
	r, err := execute.Trace(w, factory.Device, execute.TraceOptions{Symbols: symbols, Instructions: f.instructions, From: from, AppSteps: f.appSteps})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return err
	}
	if r == nil || r.How != esp32.Entered && f.appSteps == 0 {
		return errFindings
	}
	return nil
}

// oneDevice builds the device of the one lot that is meant.
func (a *app) oneDevice(paths, flashArgs []string, name string, dev *deviceFlags) (*check.Factory, error) {
	if dev.engine.name == execute.Model {
		dev.engine.name = execute.Exec
	}
	src, err := a.load(paths, flashArgs, dev)
	if err != nil {
		return nil, err
	}
	lots, err := pick(src.lots, name)
	if err != nil {
		return nil, err
	}
	if len(lots) != 1 {
		return nil, usagef("there are %d lots: choose one with --lot", len(lots))
	}
	if lots[0].Bootloader.Fielded {
		return nil, &execute.FieldedError{Lot: lots[0].Name}
	}
	return a.build(&lots[0])
}

func (a *app) build(lot *bootsim.Lot) (*check.Factory, error) {
	factory, err := check.Build(lot)
	if err != nil {
		return nil, err
	}
	for _, s := range factory.Assumed {
		fmt.Fprintln(a.stderr, "assumed: "+s)
	}
	return factory, nil
}

// symbols reads an ELF file's symbols; none when no file is named.
func (a *app) symbols(file string) (*execute.Symbols, error) {
	if file == "" {
		return nil, nil
	}
	b, err := input.ReadFile(a.fs, file)
	if err != nil {
		return nil, err
	}
	s, err := execute.ReadSymbols(b)
	if err != nil {
		return nil, &input.FileError{File: file, Offset: -1, Reason: "symbols", Err: err}
	}
	return s, nil
}

// address reads an address or the name of a symbol; 0 for nothing.
func address(text, flag string, symbols *execute.Symbols) (uint32, error) {
	if text == "" {
		return 0, nil
	}
	if v, ok := symbols.Address(text); ok {
		return v, nil
	}
	v, err := strconv.ParseUint(text, 0, 32)
	if err != nil {
		return 0, usagef("%s %s: neither a 32-bit address nor a symbol of --elf", flag, text)
	}
	return uint32(v), nil
}
