package gdb

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/bootsim/bootsim/emu/xtensa"
)

// Numbers of registers: pc, the 64 physical ones, and then those of special. The
// answer to "g" ends before those that only a debugger of the system asks for,
// one by one.
const (
	firstAR      = 1
	firstSpecial = 65
	inPacket     = 105
)

// special is the registers after the physical ones; "-" is one that is not
// modelled and reads as 0.
var special = strings.Fields("lbeg lend lcount sar windowbase windowstart configid0 configid1 ps - br scompare1 acclo acchi m0 m1 m2 m3" +
	strings.Repeat(" -", 4+16+2) +
	" mmid ibreakenable memctl atomctl ddr ibreaka0 ibreaka1 dbreaka0 dbreaka1 dbreakc0 dbreakc1" +
	" epc1 epc2 epc3 epc4 epc5 epc6 epc7 depc eps2 eps3 eps4 eps5 eps6 eps7" +
	" excsave1 excsave2 excsave3 excsave4 excsave5 excsave6 excsave7 cpenable interrupt - - intenable vecbase exccause debugcause" +
	" ccount prid icount icountlevel excvaddr ccompare0 ccompare1 ccompare2 misc0 misc1 misc2 misc3")

// valueOf returns a register by gdb's number.
func (s *session) valueOf(n int) (uint32, bool) {
	switch {
	case n == 0:
		return s.m.CPU.PC, true
	case n < firstSpecial:
		return s.m.CPU.AR(n - firstAR), true
	case n-firstSpecial < len(special):
		reg, ok := xtensa.SpecialRegister(special[n-firstSpecial])
		if !ok {
			return 0, true
		}
		return s.m.CPU.Special(reg), true
	}
	return 0, false
}

func (s *session) registers() string {
	var b strings.Builder
	for n := range inPacket {
		v, _ := s.valueOf(n)
		b.WriteString(little(v))
	}
	return b.String()
}

func (s *session) register(text string) string {
	n, err := strconv.ParseUint(text, 16, 16)
	if err != nil {
		return failed
	}
	v, ok := s.valueOf(int(n))
	if !ok {
		return "xxxxxxxx"
	}
	return little(v)
}

// setRegister takes "NUMBER=HEX": the program counter, physical and special
// registers.
func (s *session) setRegister(text string) string {
	number, value, _ := strings.Cut(text, "=")
	n, err := strconv.ParseUint(number, 16, 16)
	raw, err2 := hex.DecodeString(value)
	if err != nil || err2 != nil || len(raw) != 4 {
		return failed
	}
	v := binary.LittleEndian.Uint32(raw)
	switch {
	case n == 0:
		s.m.CPU.PC = v
	case n < firstSpecial:
		s.m.CPU.SetAR(int(n)-firstAR, v)
	case int(n)-firstSpecial < len(special):
		reg, ok := xtensa.SpecialRegister(special[n-firstSpecial])
		if !ok {
			return failed
		}
		s.m.CPU.SetSpecial(reg, v)
	default:
		return failed
	}
	return done
}

func little(v uint32) string {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], v)
	return hex.EncodeToString(b[:])
}
