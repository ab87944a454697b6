package main

import (
	"bufio"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/execute"
	"github.com/bootsim/bootsim/bootsim/input"
)

const disasmAbout = `Disassembles the code of an image (bootloader or application, in plaintext), of an
ELF file, or of raw bytes whose address --base gives.`

func (a *app) disasm(args []string) error {
	var base, elf string
	fs := pflag.NewFlagSet("disasm FILE", pflag.ContinueOnError)
	fs.StringVar(&base, "base", "", "the file is raw code that lies at this `ADDRESS`")
	fs.StringVar(&elf, "elf", "", "ELF `FILE` with the symbols of an image's code")
	if more, err := a.parse(fs, args, disasmAbout); !more {
		return err
	}
	if fs.NArg() != 1 {
		return usagef("disasm: want one file")
	}
	file := fs.Arg(0)
	b, err := input.ReadFile(a.fs, file)
	if err != nil {
		return err
	}
	if elf == "" && len(b) > 4 && string(b[:4]) == "\x7fELF" {
		elf = file
	}
	symbols, err := a.symbols(elf)
	if err != nil {
		return err
	}
	sections := []execute.Section{{Name: file, Data: b}}
	if base != "" {
		sections[0].Addr, err = address(base, "--base", symbols)
	} else {
		sections, err = execute.CodeOf(b)
	}
	if err != nil {
		return err
	}
	w := bufio.NewWriter(a.stdout)
	if err := execute.Disassemble(w, sections, symbols); err != nil {
		return err
	}
	return w.Flush()
}
