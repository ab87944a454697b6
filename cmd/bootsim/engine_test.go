package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/cboot"
	"github.com/bootsim/bootsim/fixtures/lot"
)

// ownSet is a command line with our own bootloader.
const ownSet = "0x1000 own/bootloader.bin 0x8000 own/table.bin 0xd000 own/otadata.bin 0x10000 own/factory.bin 0x30000 own/app.bin"

// ownHarness has its files.
func ownHarness(t *testing.T) *harness {
	t.Helper()
	h := newHarness("", nil)
	for name, b := range map[string][]byte{
		"own/bootloader.bin": cboot.Image(), "own/boot.elf": cboot.ELF(),
		"own/table.bin":   lot.Table("otadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,128K,\nota_0,app,ota_0,0x30000,128K,\n"),
		"own/otadata.bin": lot.OTAData(lot.Blank(), lot.Blank()),
		"own/factory.bin": lot.App(lot.AppSpec{Version: "1.0"}), "own/app.bin": lot.App(lot.AppSpec{Version: "1.1"}),
	} {
		require.NoError(t, afero.WriteFile(h.fs, name, b, 0o644))
	}
	return h
}

func TestBootExecutesTheBinary(t *testing.T) {
	h := ownHarness(t)
	require.Equal(t, exitOK, h.call("boot", "--engine", "exec", "--flash-args", ownSet), h.err)
	require.Contains(t, h.out.String(), "I (*) cboot: Loaded app from partition at offset 0x30000")
	require.Equal(t, exitOK, h.call("boot", "--engine", "both", "--flash-args", ownSet), h.err)
	require.Contains(t, h.err.String(), "the engines disagree: the binary starts the application at 0x00030000")
}

// The first steps of an application of random bytes are an exception, with the
// place in flash behind it.
func TestAppSteps(t *testing.T) {
	h := ownHarness(t)
	require.Equal(t, exitOK, h.call("boot", "--engine", "exec", "--app-steps", "100000", "--flash-args", ownSet), h.err)
	require.Regexp(t, `application: \w+ .*after \d+ instructions`, h.err.String())
	require.Equal(t, exitUsage, h.call("boot", "--app-steps", "5", "--flash-args", ownSet))
	require.Contains(t, h.err.String(), "use --engine exec")
}

func TestCheckTakesEngines(t *testing.T) {
	h := ownHarness(t)
	r := h.json(t, "--engine", "exec", "--flash-args", ownSet)
	require.Equal(t, "ota_0", r.Lots[0].Scenarios[0].Boots.Label)
	require.Equal(t, exitUsage, h.call("check", "--engine", "qemu", "--flash-args", ownSet))
	require.Contains(t, h.err.String(), "use model, exec, both")
}

func TestTraceAndDisasm(t *testing.T) {
	h := ownHarness(t)
	require.Equal(t, exitOK, h.call("trace", "--elf", "own/boot.elf", "--from", "boot", "--instructions", "2", "--flash-args", ownSet), h.err)
	require.Contains(t, h.out.String(), "boot:\n")
	require.Contains(t, h.out.String(), "jumps to the application's entry")
	require.Equal(t, exitOK, h.call("disasm", "own/bootloader.bin", "--elf", "own/boot.elf"), h.err)
	require.Contains(t, h.out.String(), "<_start>:")
	require.Equal(t, exitOK, h.call("disasm", "own/boot.elf"), h.err)
	require.Contains(t, h.out.String(), "<_start>:")
	require.Equal(t, exitOK, h.call("disasm", "--base", "0x40080000", "own/table.bin"), h.err)
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"disasm"}, exitUsage, "want one file"}, {[]string{"disasm", "own/table.bin"}, exitInput, "--base"},
		{[]string{"disasm", "own"}, exitInput, "own"}, {[]string{"disasm", "none.bin"}, exitInput, "none.bin"},
		{[]string{"trace", "--elf", "own/app.bin", "--flash-args", ownSet}, exitInput, "no ELF file"},
		{[]string{"trace", "--from", "nowhere", "--flash-args", ownSet}, exitUsage, "--from nowhere"},
		{[]string{"trace"}, exitUsage, "choose one with --lot"}, {[]string{"engine", "x"}, exitUsage, "takes no arguments"},
	} {
		require.Equal(t, c.code, h.call(c.args...), "%v: %s", c.args, h.err)
		require.Contains(t, h.err.String(), c.want, "%v", c.args)
	}
	require.Equal(t, exitOK, h.call("engine"))
	require.Contains(t, h.out.String(), "## ROM functions")
}

// gdb is served on a port that only this machine reaches.
func TestGDBListensLocally(t *testing.T) {
	h := ownHarness(t)
	r, w := io.Pipe()
	h.app.stderr = w
	code := make(chan int, 1)
	go func() {
		code <- h.app.run([]string{"gdb", "--port", "0", "--flash-args", ownSet})
		w.Close()
	}()
	var addr string
	for lines := bufio.NewScanner(r); addr == "" && lines.Scan(); {
		_, addr, _ = strings.Cut(lines.Text(), "waiting for gdb at ")
	}
	require.True(t, strings.HasPrefix(addr, "127.0.0.1:"), addr)
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	fmt.Fprint(conn, "$p0#a0")
	answer := make([]byte, len("+$00800740#8b"))
	_, err = io.ReadFull(conn, answer)
	require.NoError(t, err)
	require.Equal(t, "+$00800740", string(answer[:10]))
	conn.Close()
	go io.Copy(io.Discard, r)
	require.Equal(t, exitOK, <-code)
}
