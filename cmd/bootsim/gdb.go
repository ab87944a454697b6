package main

import (
	"fmt"
	"net"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/gdb"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/rom"
)

const gdbAbout = `Waits for gdb on a local port and lets it step through a boot, from the bootloader's
first instruction on. In xtensa-esp32-elf-gdb: target remote 127.0.0.1:PORT.
Execution stops once at the jump into the application.`

func (a *app) gdb(args []string) error {
	var f traceFlags
	var port uint16
	fs := pflag.NewFlagSet("gdb [PATH...]", pflag.ContinueOnError)
	fs.Uint16Var(&port, "port", 3333, "local `PORT` to wait on; 0 takes any that is free")
	fs.StringVar(&f.lot, "lot", "", "boot this lot; needed where there are several")
	fs.StringArrayVar(&f.args, "flash-args", nil, "`\"0x1000 a.bin 0x8000 b.bin\"`: addresses and files, as esptool takes them")
	f.deviceFlags.register(fs)
	if more, err := a.parse(fs, args, gdbAbout); !more {
		return err
	}
	factory, err := a.oneDevice(fs.Args(), f.args, f.lot, &f.deviceFlags)
	if err != nil {
		return err
	}
	first := rom.Run(factory.Device)
	if first.Loaded == nil {
		for _, l := range first.Log {
			fmt.Fprintln(a.stderr, l.String())
		}
		fmt.Fprintln(a.stderr, "the ROM starts no bootloader: there is nothing to debug")
		return errFindings
	}
	return a.debug(port, esp32.New(factory.Device, first.Loaded, esp32.Options{}))
}

// debug serves one gdb. Only this machine can reach the port.
func (a *app) debug(port uint16, m *esp32.Machine) error {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
	if err != nil {
		return usagef("--port %d: %v", port, err)
	}
	defer func() { _ = l.Close() }()
	fmt.Fprintf(a.stderr, "waiting for gdb at %s\n", l.Addr())
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	err = gdb.Serve(conn, m)
	fmt.Fprint(a.stdout, m.Console())
	return err
}
