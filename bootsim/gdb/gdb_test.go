package gdb

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/fixtures/cboot"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
)

// client speaks to a session as gdb does.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
	end  chan error
}

func connect(t *testing.T) *client {
	t.Helper()
	flash, err := flashmodel.New(1 << 20)
	require.NoError(t, err)
	for addr, b := range map[uint32][]byte{0x1000: cboot.Image(), 0x8000: lot.Table("factory,app,factory,0x10000,128K,\n"),
		0x10000: lot.App(lot.AppSpec{Version: "1"})} {
		require.NoError(t, flash.Place(addr, b))
	}
	d := &emu.Device{Flash: flash, Efuses: efuse.New(), ROM: emu.ROM2019}
	here, there := net.Pipe()
	c := &client{t, here, bufio.NewReader(here), make(chan error, 1)}
	m := esp32.New(d, rom.Run(d).Loaded, esp32.Options{})
	go func() { c.end <- Serve(there, m) }()
	t.Cleanup(func() { here.Close() })
	return c
}

func (c *client) send(p string) {
	_, err := fmt.Fprintf(c.conn, "$%s#%02x", p, checksum(p))
	require.NoError(c.t, err)
}

// packet reads the next packet, acknowledgements left out.
func (c *client) packet() string {
	_, err := c.in.ReadString('$')
	require.NoError(c.t, err)
	p, err := c.in.ReadString('#')
	require.NoError(c.t, err)
	var sum [2]byte
	for i := range sum {
		sum[i], err = c.in.ReadByte()
		require.NoError(c.t, err)
	}
	p = strings.TrimSuffix(p, "#")
	require.Equal(c.t, fmt.Sprintf("%02x", checksum(p)), string(sum[:]))
	return p
}

func (c *client) ask(p string) string {
	c.send(p)
	return c.packet()
}

func (c *client) pc() string { return c.ask("p0") }

func TestStepping(t *testing.T) {
	c := connect(t)
	require.Contains(t, c.ask("qSupported:swbreak+"), "PacketSize")
	require.Equal(t, "S05", c.ask("?"))
	require.Equal(t, "00800740", c.pc())
	require.Equal(t, "S05", c.ask("s"))
	require.Equal(t, "03800740", c.pc())
	all := c.ask("g")
	require.Len(t, all, 8*105, "registers of Espressif's gdb")
	require.Equal(t, "03800740", all[:8])
	require.Equal(t, c.ask("p45"), all[8*69:8*70], "windowbase")
	require.Equal(t, "03000000", c.ask("p45"))
	require.Equal(t, "e0c20040", c.ask("p41"), "lbeg")
	require.Equal(t, "f6c20040", c.ask("p42"), "lend")
	require.Equal(t, "00000000", c.ask("p43"), "lcount")
	require.Equal(t, "05000000", c.ask("p44"), "sar")
	require.Equal(t, "xxxxxxxx", c.ask("p200"))
	require.Empty(t, c.ask("vMustReplyEmpty"))
}

func TestBreakpointsAndMemory(t *testing.T) {
	c := connect(t)
	require.Equal(t, "OK", c.ask("Z0,40078620,3"))
	require.Equal(t, "OK", c.ask("z0,40078620,3"))
	require.Equal(t, "OK", c.ask("Z0,40078005,3"))
	require.Equal(t, "S05", c.ask("c"))
	require.Equal(t, "05800740", c.pc())
	require.Equal(t, "OK", c.ask("M3ffb0000,4:01020304"))
	require.Equal(t, "0102030400", c.ask("m3ffb0000,5"))
	require.Equal(t, "E01", c.ask("m3ff42000,4"), "registers have effects when they are read")
	require.Equal(t, "E01", c.ask("m0,4"))
	require.Equal(t, "E01", c.ask("mzz,4"))
	require.Equal(t, "OK", c.ask("P0=00800740"))
	require.Equal(t, "00800740", c.pc())
	require.Equal(t, "OK", c.ask("P44=1f000000"), "SAR")
	require.Equal(t, "1f000000", c.ask("p44"))
}

// The run stops once at the jump into the application, and then ends.
func TestRunToTheEnd(t *testing.T) {
	c := connect(t)
	require.Equal(t, "S05", c.ask("c"))
	require.Equal(t, "c40f0840", c.pc(), "the application's entry")
	words := c.ask("c")
	require.True(t, strings.HasPrefix(words, "O"), words)
	text, err := hex.DecodeString(words[1:])
	require.NoError(t, err)
	require.NotEmpty(t, text)
	require.Equal(t, "W00", c.packet())
	require.Equal(t, "W00", c.ask("c"))
	require.Equal(t, "OK", c.ask("D"))
	require.NoError(t, <-c.end)
}

func TestBadPacketsAreAskedForAgain(t *testing.T) {
	c := connect(t)
	_, err := c.conn.Write([]byte("+$?#00"))
	require.NoError(t, err)
	b, err := c.in.ReadByte()
	require.NoError(t, err)
	require.EqualValues(t, '-', b)
	require.Equal(t, "S05", c.ask("?"))
	c.conn.Close()
	require.NoError(t, <-c.end)
}

// What gdb 13.1 sends in a session with a target of this many 32-bit registers,
// in its order: connecting, a hardware breakpoint, a step, a breakpoint, a run,
// a store (which it tries as binary first), and leaving.
func TestPacketsOfGDB(t *testing.T) {
	c := connect(t)
	for _, p := range []struct{ sent, want string }{
		{"qSupported:multiprocess+;swbreak+;hwbreak+;qRelocInsn+;fork-events+;vfork-events+;exec-events+;vContSupported+;QThreadEvents+;no-resumed+;memory-tagging+;xmlRegisters=i386", "PacketSize=4000"},
		{"vMustReplyEmpty", ""}, {"Hg0", "OK"}, {"qTStatus", ""}, {"?", "S05"}, {"qfThreadInfo", "m1"}, {"qsThreadInfo", "l"},
		{"qAttached", "1"}, {"Hc-1", "OK"}, {"qC", "QC1"}, {"qOffsets", ""}, {"qThreadExtraInfo,1", ""}, {"qP0000001f0000000000000001", ""},
		{"m0,4", "E01"}, {"Z1,40078003,3", "OK"}, {"vCont?", ""}, {"Hc0", "OK"}, {"s", "S05"}, {"p0", "03800740"}, {"z1,40078003,3", "OK"},
		{"Z0,40078005,3", "OK"}, {"c", "S05"}, {"p0", "05800740"}, {"z0,40078005,3", "OK"},
		{"X3ffb0000,0:", ""}, {"M3ffb0000,4:78563412", "OK"}, {"m3ffb0000,4", "78563412"},
		{"c", "S05"}, {"p0", "c40f0840"}, {"D", "OK"},
	} {
		require.Equal(t, p.want, c.ask(p.sent), p.sent)
	}
	require.NoError(t, <-c.end)
}

// Registers of the system are asked for one by one, by the numbers of gdb's
// description of the ESP32.
func TestSystemRegisters(t *testing.T) {
	c := connect(t)
	for number, want := range map[int]string{
		107: "01000000", // memctl
		142: "00000040", // vecbase
		146: "cdcd0000", // prid
		137: "00000000", // cpenable
		156: "00000000", // misc3
		157: "xxxxxxxx", // a0, which gdb takes from the physical registers
	} {
		require.Equal(t, want, c.ask(fmt.Sprintf("p%x", number)), number)
	}
	require.Equal(t, "OK", c.ask("P74=78563412"), "epc1")
	require.Equal(t, "78563412", c.ask("p74"))
}
