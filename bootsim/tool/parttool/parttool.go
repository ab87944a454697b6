// Package parttool is parttool, ESP-IDF's tool for partitions, as a command of
// bootsim that works on a simulated chip. It follows parttool.py of v5.5.5.
package parttool

import (
	"errors"
	"fmt"

	"github.com/bootsim/bootsim/bootsim/tool/argparse"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Exit codes. The reference ends with a Python traceback for most failures.
const (
	exitOK      = 0
	exitCrash   = 1
	exitRefused = 2 // the command line, a table, or anything with --quiet
)

// Run carries out a command line and returns the exit code.
func Run(env cli.Env, args []string) int {
	p := parser(env.Prog)
	v, err := p.Parse(args)
	var usage *argparse.UsageError
	switch {
	case errors.As(err, &usage):
		usage.Print(env.Stderr)
		return exitRefused
	case v.Help:
		p.PrintHelp(env.Stdout, v)
		return exitOK
	case v.Operation == "":
		if !v.Flag("quiet") {
			p.PrintHelp(env.Stdout, v)
		}
		return exitCrash
	}
	t := &tool{env: env, values: v}
	if err := t.open(); err != nil {
		return Crash(env, err)
	}
	return t.end(t.operate())
}

// Crash reports an error that ends the reference with a traceback.
func Crash(env cli.Env, err error) int {
	var flasher *FlasherError
	if errors.As(err, &flasher) {
		_, _ = fmt.Fprint(env.Stderr, flasher.Output)
	}
	_, _ = fmt.Fprintln(env.Stderr, err)
	return exitCrash
}

// tool is one run.
type tool struct {
	env    cli.Env
	values *argparse.Values
	target *Target
	choice Selection
}

// open understands the options and reads the partition table.
func (t *tool) open() error {
	v := t.values
	t.choice = Selection{Name: v.Text("partition-name"), Type: v.Text("partition-type"), Subtype: v.Text("partition-subtype"),
		All: v.Flag("part-list")}
	switch {
	case t.choice.Name != "":
	case t.choice.Type != "":
		if t.choice.Subtype == "" {
			return Exceptionf("RuntimeError", "--partition-subtype should be defined when --partition-type is defined")
		}
	case !v.Flag("partition-boot-default"):
		return Exceptionf("RuntimeError", "Partition to operate on should be defined using --partition-name OR partition-type,--partition-subtype OR partition-boot-default")
	default:
		t.choice = Selection{}
	}
	src, err := SourceOf(v)
	if err != nil {
		return err
	}
	src.ExtraSubtypes = v.List("extra-partition-subtypes")
	t.target, err = Open(NewFlasher(Flasher{Env: t.env}, v), src)
	return err
}

// SourceOf returns where options say that the partition table is.
func SourceOf(v *argparse.Values) (src Source, err error) {
	src = Source{File: v.Text("partition-table-file"), Offset: parttable.DefaultStart}
	if n, err := offset(v, "partition-table-offset"); err != nil {
		return src, err
	} else if n != nil {
		src.Offset = *n
	}
	if src.Primary, err = offset(v, "primary-bootloader-offset"); err != nil {
		return src, err
	}
	src.Recovery, err = offset(v, "recovery-bootloader-offset")
	return src, err
}

// offset reads an option that is a number, nil if it is not given.
func offset(v *argparse.Values, name string) (*int64, error) {
	text := v.Text(name)
	if text == "" {
		return nil, nil
	}
	n, ok := cli.ParseInt(text)
	if !ok || n.BitLen() > 32 {
		return nil, notNumber(text)
	}
	value := n.Int64()
	return &value, nil
}

// end reports how the operation ended.
func (t *tool) end(err error) int {
	var input *parttable.InputError
	var readOnly *ReadOnlyError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &readOnly):
		_, _ = fmt.Fprintln(t.env.Stderr, err)
		return exitCrash
	case t.values.Flag("quiet"):
		return exitRefused
	case errors.As(err, &input):
		_, _ = fmt.Fprintln(t.env.Stderr, err)
		return exitRefused
	}
	return Crash(t.env, err)
}

func (t *tool) operate() error {
	switch t.values.Operation {
	case "read_partition":
		return t.read()
	case "write_partition":
		return t.write()
	case "erase_partition":
		return t.erase()
	}
	t.info()
	return nil
}
