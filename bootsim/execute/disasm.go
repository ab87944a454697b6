package execute

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/xtensa"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// Section is a stretch of code at its address.
type Section struct {
	Name string
	Addr uint32
	Data []byte
}

// NoCodeError tells that a file holds nothing to disassemble.
type NoCodeError struct{ Reason string }

// Error says what to do.
func (e *NoCodeError) Error() string {
	return e.Reason + "; give the address of raw code with --base"
}

// CodeOf finds the code in a file: the executable sections of an ELF file, or the
// segments of an image that lie where code runs.
func CodeOf(file []byte) ([]Section, error) {
	if bytes.HasPrefix(file, []byte(elf.ELFMAG)) {
		return codeOfELF(file)
	}
	im, err := espimage.Parse(file)
	if err != nil {
		return nil, &NoCodeError{fmt.Sprintf("neither an image nor an ELF file (%v)", err)}
	}
	var out []Section
	for i, s := range im.Segments {
		if s.LoadAddr < codeStart || s.LoadAddr >= codeEnd || uint64(s.DataOffset)+uint64(s.Length) > uint64(len(file)) {
			continue
		}
		out = append(out, Section{fmt.Sprintf("segment %d", i), s.LoadAddr, file[s.DataOffset : s.DataOffset+s.Length]})
	}
	if out == nil {
		return nil, &NoCodeError{"no segment of the image lies where code runs"}
	}
	return out, nil
}

// Where code runs: from the ROM to the end of the code window.
const (
	codeStart = 0x40000000
	codeEnd   = 0x40C00000
)

func codeOfELF(file []byte) ([]Section, error) {
	f, err := elf.NewFile(bytes.NewReader(file))
	if err != nil || f.Machine != elf.EM_XTENSA {
		return nil, &NoCodeError{"no ELF file for Xtensa"}
	}
	var out []Section
	for _, s := range f.Sections {
		if s.Type != elf.SHT_PROGBITS || s.Flags&elf.SHF_EXECINSTR == 0 || s.Size == 0 || s.Size > uint64(len(file)) {
			continue
		}
		data, err := s.Data()
		if err != nil {
			return nil, &NoCodeError{fmt.Sprintf("section %s cannot be read (%v)", s.Name, err)}
		}
		out = append(out, Section{s.Name, uint32(s.Addr), data})
	}
	if out == nil {
		return nil, &NoCodeError{"the ELF file has no code"}
	}
	return out, nil
}

// Disassemble writes code as objdump does. Words that an L32R of the same code
// refers to are written as words.
func Disassemble(w io.Writer, sections []Section, symbols *Symbols) error {
	literals := map[uint32]bool{}
	for _, s := range sections {
		s.walk(nil, func(pc uint32, in xtensa.Insn, _ []byte) {
			if in.Op.Name() == "l32r" {
				to, _ := in.Target(pc)
				literals[to] = true
			}
		})
	}
	var b strings.Builder
	for _, s := range sections {
		fmt.Fprintf(&b, "\n%s, 0x%08x to 0x%08x:\n", s.Name, s.Addr, s.Addr+uint32(len(s.Data)))
		s.walk(literals, func(pc uint32, in xtensa.Insn, raw []byte) {
			if name := symbols.Start(pc); name != "" {
				fmt.Fprintf(&b, "\n%08x <%s>:\n", pc, name)
			}
			fmt.Fprintf(&b, "%08x:\t%-9s\t%s\n", pc, hexOf(raw), s.text(pc, in, raw, symbols))
		})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// walk visits the instructions of a section, and its literals as four bytes.
func (s Section) walk(literals map[uint32]bool, visit func(pc uint32, in xtensa.Insn, raw []byte)) {
	for i := 0; i < len(s.Data); {
		pc := s.Addr + uint32(i)
		rest := s.Data[i:]
		if literals[pc] && len(rest) >= 4 {
			visit(pc, xtensa.Insn{}, rest[:4])
			i += 4
			continue
		}
		var word [4]byte
		copy(word[:], rest)
		in := xtensa.Decode(binary.LittleEndian.Uint32(word[:]))
		n := min(int(in.Len), len(rest))
		if !in.Legal() || slices.ContainsFunc([]uint32{1, 2}, func(k uint32) bool { return k < uint32(n) && literals[pc+k] }) {
			n = 1 // bytes between code and literals
			in = xtensa.Insn{}
		}
		visit(pc, in, rest[:n])
		i += n
	}
}

func (s Section) text(pc uint32, in xtensa.Insn, raw []byte, symbols *Symbols) string {
	if len(raw) == 4 {
		v := binary.LittleEndian.Uint32(raw)
		note := symbols.Name(v)
		if f := esp32.FunctionAt(v); f != nil {
			note = "ROM " + f.Name
		}
		if note != "" {
			note = " (" + note + ")"
		}
		return fmt.Sprintf(".word\t0x%08x%s", v, note)
	}
	if !in.Legal() {
		return fmt.Sprintf(".byte\t0x%02x", raw[0])
	}
	return symbols.Annotate(in.Text(pc)) + s.literal(pc, in, symbols)
}

// literal is the value that an L32R loads, where it is at hand.
func (s Section) literal(pc uint32, in xtensa.Insn, symbols *Symbols) string {
	to, ok := in.Target(pc)
	off := to - s.Addr
	if !ok || in.Op.Name() != "l32r" || uint64(off)+4 > uint64(len(s.Data)) {
		return ""
	}
	v := binary.LittleEndian.Uint32(s.Data[off:])
	if f := esp32.FunctionAt(v); f != nil {
		return fmt.Sprintf(" = 0x%08x (ROM %s)", v, f.Name)
	}
	return symbols.Annotate(fmt.Sprintf(" = 0x%08x", v))
}

// hexOf writes bytes as the number that they are.
func hexOf(raw []byte) string {
	var b strings.Builder
	for _, c := range slices.Backward(raw) {
		fmt.Fprintf(&b, "%02x", c)
	}
	return b.String()
}
