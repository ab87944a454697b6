package xtensa

import (
	"fmt"
	"strconv"
	"strings"
)

// AsmError is a line that the assembler does not understand.
type AsmError struct {
	Line int // from 1
	Text string
}

// Error names the line.
func (e *AsmError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Assemble translates a small assembler language for tests and fixtures: one
// instruction a line as Text writes it, "label:" on a line of its own or before
// an instruction, ".word V[, V]", ".byte V", ".ascii "text"", ".align N",
// ";" or "#" before a comment. Operands that are addresses may be labels or
// numbers. Words may be labels. The error is an *AsmError.
func Assemble(base uint32, source string) ([]byte, error) {
	a := &assembler{base: base, labels: map[string]uint32{}}
	for pass := range 2 {
		a.out, a.last = nil, pass == 1
		for i, line := range strings.Split(source, "\n") {
			if err := a.line(line); err != nil {
				return nil, &AsmError{i + 1, err.Error()}
			}
		}
	}
	return a.out, nil
}

type assembler struct {
	base   uint32
	out    []byte
	labels map[string]uint32
	last   bool
}

func (a *assembler) pc() uint32 { return a.base + uint32(len(a.out)) }

func (a *assembler) line(s string) error {
	if i := strings.IndexAny(s, ";#"); i >= 0 && !strings.Contains(s[:i], `"`) {
		s = s[:i]
	}
	s = strings.TrimSpace(s)
	if i := strings.IndexByte(s, ':'); i > 0 && !strings.ContainsAny(s[:i], "\" \t") {
		a.labels[s[:i]] = a.pc()
		s = strings.TrimSpace(s[i+1:])
	}
	if s == "" {
		return nil
	}
	name, rest, _ := strings.Cut(strings.ReplaceAll(s, "\t", " "), " ")
	if strings.HasPrefix(name, ".") {
		return a.directive(name, strings.TrimSpace(rest))
	}
	return a.instruction(name, fields(rest))
}

func fields(s string) []string {
	var out []string
	for _, f := range strings.Split(s, ",") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func (a *assembler) directive(name, rest string) error {
	switch name {
	case ".align":
		n, err := strconv.Atoi(rest)
		if err != nil || n <= 0 {
			return fmt.Errorf("cannot align to %q", rest)
		}
		for len(a.out)%n != 0 {
			a.out = append(a.out, 0)
		}
		return nil
	case ".ascii":
		text, err := strconv.Unquote(rest)
		a.out = append(a.out, text...)
		return err
	}
	size := map[string]int{".word": 4, ".short": 2, ".byte": 1}[name]
	if size == 0 {
		return fmt.Errorf("no directive %s", name)
	}
	for _, f := range fields(rest) {
		v, err := a.number(f)
		if err != nil {
			return err
		}
		for i := range size {
			a.out = append(a.out, byte(v>>(8*i)))
		}
	}
	return nil
}

func (a *assembler) instruction(name string, args []string) error {
	op, special, ok := opNamed(name)
	if !ok {
		return fmt.Errorf("no instruction %s", name)
	}
	in := Insn{Op: op, Len: uint8(Length(byte(specs[op].match)))}
	for _, o := range op.operands() {
		if o.kind == kindSpecial {
			o.set(&in, special)
			continue
		}
		if len(args) == 0 {
			return fmt.Errorf("%s: too few operands", name)
		}
		v, err := a.operand(o, args[0])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		o.set(&in, v)
		args = args[1:]
	}
	if len(args) > 0 {
		return fmt.Errorf("%s: too many operands", name)
	}
	w, fits := Encode(in)
	if !fits && a.last {
		return fmt.Errorf("%s: operand out of range", name)
	}
	for i := range int(in.Len) {
		a.out = append(a.out, byte(w>>(8*i)))
	}
	return nil
}

// opNamed finds an operation; a special register belongs to the mnemonic.
func opNamed(name string) (op Op, special int32, ok bool) {
	for op := range specs {
		if specs[op].name == name {
			return Op(op), 0, true
		}
	}
	base, reg, found := strings.Cut(name, ".")
	if !found || base != "rsr" && base != "wsr" && base != "xsr" {
		return 0, 0, false
	}
	n, known := SpecialRegister(reg)
	if !known {
		v, err := strconv.Atoi(reg)
		if n = v; err != nil || v < 0 || v > 255 {
			return 0, 0, false
		}
	}
	op, _, ok = opNamed(base)
	return op, int32(n), ok
}

func (a *assembler) operand(o *operand, s string) (int32, error) {
	switch o.kind {
	case kindAR, kindFR, kindBR, kindMR:
		letter := map[kind]byte{kindAR: 'a', kindFR: 'f', kindBR: 'b', kindMR: 'm'}[o.kind]
		n, err := strconv.Atoi(s[1:])
		if err != nil || s[0] != letter || n < 0 || n > 15 {
			return 0, fmt.Errorf("want a register %c0 to %c15, not %s", letter, letter, s)
		}
		return int32(n), nil
	case kindUser:
		for n, name := range userNames {
			if name == s {
				return n, nil
			}
		}
	}
	v, err := a.number(s)
	if err != nil {
		return 0, err
	}
	switch pc := a.pc(); o.kind {
	case kindLabel:
		v -= pc + 4
	case kindCall:
		v -= pc&^3 + 4
	case kindLiteral:
		v -= (pc + 3) &^ 3
	}
	return int32(v), nil
}

// number is a number or a label's address.
func (a *assembler) number(s string) (uint32, error) {
	if v, ok := a.labels[s]; ok {
		return v, nil
	}
	v, err := strconv.ParseInt(s, 0, 64)
	if err != nil || v < -1<<31 || v >= 1<<32 {
		if !a.last && err != nil {
			return a.pc(), nil // a label further down
		}
		return 0, fmt.Errorf("no label or 32-bit number %q", s)
	}
	return uint32(v), nil
}
