// Package gdb is the remote side of gdb's serial protocol for a machine that
// executes a bootloader: registers, memory, breakpoints, stepping.
//
// The order of registers is that of Espressif's gdb for the ESP32 (ESP-IDF
// v5.2.2 components/esp_gdbstub, esp_gdbstub_gdb_regfile_t; the numbers behind
// those: espressif/xtensa-overlays, xtensa_esp32/gdb/gdb/xtensa-config.c).
package gdb

import (
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/xtensa"
)

// Serve answers one gdb until it detaches, kills the target or goes away. The
// error is that of the connection.
func Serve(conn io.ReadWriter, m *esp32.Machine) error {
	s := &session{m: m, link: newLink(conn), breakpoints: map[uint32]bool{}}
	for !s.over {
		packet, ok := s.link.receive()
		if !ok {
			break
		}
		s.link.send(s.answer(packet))
	}
	return s.link.failure()
}

// session is one gdb at work.
type session struct {
	m           *esp32.Machine
	link        *link
	breakpoints map[uint32]bool
	over        bool
	ended       bool // the machine's run is over
}

// Answers of the protocol.
const (
	done      = "OK"
	failed    = "E01"
	trapped   = "S05"
	interrupt = "S02"
	exited    = "W00"
)

func (s *session) answer(p string) string {
	if p == "" {
		return ""
	}
	rest := p[1:]
	switch p[0] {
	case '?':
		return trapped
	case 'g':
		return s.registers()
	case 'p':
		return s.register(rest)
	case 'P':
		return s.setRegister(rest)
	case 'm':
		return s.memory(rest)
	case 'M':
		return s.setMemory(rest)
	case 'c':
		return s.run(^uint64(0))
	case 's':
		return s.run(1)
	case 'Z', 'z':
		return s.breakpoint(p[0] == 'Z', rest)
	case 'H':
		return done
	case 'D':
		s.over = true
		return done
	case 'k':
		s.over = true
		return ""
	case 'q':
		return query(p)
	}
	return "" // not supported
}

func query(p string) string {
	switch {
	case strings.HasPrefix(p, "qSupported"):
		return "PacketSize=4000"
	case p == "qAttached":
		return "1"
	case p == "qC":
		return "QC1"
	case p == "qfThreadInfo":
		return "m1"
	case p == "qsThreadInfo":
		return "l"
	}
	return ""
}

// breakpoint sets or clears one: "0,ADDR,KIND" or "1,…".
func (s *session) breakpoint(set bool, rest string) string {
	f := strings.Split(rest, ",")
	if len(f) < 2 || f[0] != "0" && f[0] != "1" {
		return ""
	}
	addr, err := strconv.ParseUint(f[1], 16, 32)
	if err != nil {
		return failed
	}
	if set {
		s.breakpoints[uint32(addr)] = true
	} else {
		delete(s.breakpoints, uint32(addr))
	}
	return done
}

// slice is how many instructions run between two looks at the connection.
const slice = 200_000

// run executes until a breakpoint, an interrupt, the jump into the application
// or the end.
func (s *session) run(steps uint64) string {
	if s.ended {
		return exited
	}
	for left := steps; left > 0; {
		n, over := s.m.Advance(min(left, slice), func(pc uint32) bool { return s.breakpoints[pc] })
		left -= min(n, left)
		switch {
		case over && s.m.Result().How == esp32.Entered:
			s.m.Resume() // the application's first instruction is the next one
			return trapped
		case over:
			s.ended = true
			return output(s.m.Result().Ending()) // gdb shows it and waits on
		case s.breakpoints[s.m.CPU.PC] || s.link.interrupted():
			return trapped
		}
	}
	return trapped
}

// output is the last stop of a run that is over. The protocol has no place for
// words but its console packets, which precede the stop.
func output(text string) string { return "O" + hex.EncodeToString([]byte(text+"\n")) + "\x00" + exited }

// memory answers "ADDR,LENGTH" with bytes. What no memory answers ends it.
func (s *session) memory(rest string) string {
	addr, n, ok := pair(rest)
	if !ok || n > maxMemory {
		return failed
	}
	var b strings.Builder
	for i := range n {
		v, cause := s.peek(addr + i)
		if cause != xtensa.NoCause {
			break
		}
		fmt.Fprintf(&b, "%02x", v)
	}
	if b.Len() == 0 {
		return failed
	}
	return b.String()
}

// maxMemory is what fits into one packet, in bytes.
const maxMemory = 0x1000

// peek reads a byte where reading has no effects: registers are left alone.
func (s *session) peek(addr uint32) (uint32, xtensa.Cause) {
	if !esp32.IsMemory(addr) {
		return 0, xtensa.CauseBusAddress
	}
	return s.m.CPU.Read(addr, 1)
}

// setMemory takes "ADDR,LENGTH:HEX".
func (s *session) setMemory(rest string) string {
	where, text, _ := strings.Cut(rest, ":")
	addr, n, ok := pair(where)
	data, err := hex.DecodeString(text)
	if !ok || err != nil || uint32(len(data)) != n {
		return failed
	}
	for i, v := range data {
		if !esp32.IsMemory(addr+uint32(i)) || s.m.CPU.Write(addr+uint32(i), 1, uint32(v)) != xtensa.NoCause {
			return failed
		}
	}
	return done
}

func pair(s string) (a, b uint32, ok bool) {
	x, y, _ := strings.Cut(s, ",")
	v, err1 := strconv.ParseUint(x, 16, 32)
	w, err2 := strconv.ParseUint(y, 16, 32)
	return uint32(v), uint32(w), err1 == nil && err2 == nil
}
