package xtensa

import (
	"strings"
	"sync"
)

// kind tells how an operand is written and what it means.
type kind uint8

const (
	kindAR      kind = iota // a0 … a15
	kindFR                  // f0 … f15
	kindBR                  // b0 … b15
	kindMR                  // m0 … m3
	kindNumber              // a number
	kindSpecial             // number of a special register, part of the mnemonic
	kindUser                // number of a user register
	kindLabel               // relative to pc + 4
	kindCall                // relative to the word of pc, + 4
	kindLiteral             // relative to the word at or after pc
)

// place is the field of an Insn that holds an operand.
type place uint8

const (
	inR place = iota
	inS
	inT
	inImm
	inDisp
)

// operand is one operand of an instruction format.
type operand struct {
	kind  kind
	place place
	get   func(w uint32) int32
	put   func(v int32) (bits uint32, ok bool)
}

func (o *operand) set(in *Insn, v int32) {
	switch o.place {
	case inR:
		in.R = uint8(v)
	case inS:
		in.S = uint8(v)
	case inT:
		in.T = uint8(v)
	case inImm:
		in.Imm = v
	case inDisp:
		in.Disp = v
	}
}

func (o *operand) value(in Insn) int32 {
	switch o.place {
	case inR:
		return int32(in.R)
	case inS:
		return int32(in.S)
	case inT:
		return int32(in.T)
	case inImm:
		return in.Imm
	}
	return in.Disp
}

// register is a field of four bits, or of fewer with an offset in number.
func register(k kind, p place, shift, bits uint, first int32) *operand {
	return &operand{k, p,
		func(w uint32) int32 { return int32(w>>shift&(1<<bits-1)) + first },
		func(v int32) (uint32, bool) {
			v -= first
			return uint32(v) << shift & (1<<(bits+shift) - 1), v >= 0 && v < 1<<bits
		}}
}

// unsigned is a field whose value is scaled and shifted by an offset.
func unsigned(k kind, p place, shift, bits uint, scale, first int32) *operand {
	return &operand{k, p,
		func(w uint32) int32 { return int32(w>>shift&(1<<bits-1))*scale + first },
		func(v int32) (uint32, bool) {
			v -= first
			q := v / scale
			return uint32(q) << shift & (1<<(bits+shift) - 1), v%scale == 0 && q >= 0 && q < 1<<bits
		}}
}

// signed is a sign-extended field, scaled.
func signed(k kind, p place, shift, bits uint, scale int32) *operand {
	return &operand{k, p,
		func(w uint32) int32 { return sext(w>>shift, bits) * scale },
		func(v int32) (uint32, bool) {
			q := v / scale
			return uint32(q) & (1<<bits - 1) << shift, v%scale == 0 && q >= -1<<(bits-1) && q < 1<<(bits-1)
		}}
}

// split is a field of four bits with a fifth elsewhere. With from it counts
// down from there.
func split(low, high uint, from int32) *operand {
	get := func(w uint32) int32 { return int32(w>>low&15 | w>>high&1<<4) }
	put := func(v int32) (uint32, bool) { return uint32(v)&15<<low | uint32(v)>>4&1<<high, v >= 0 && v < 32 }
	if from == 0 {
		return &operand{kindNumber, inImm, get, put}
	}
	return &operand{kindNumber, inImm,
		func(w uint32) int32 { return from - get(w) },
		func(v int32) (uint32, bool) { return put(from - v) }}
}

// listed is a field that selects one of sixteen constants.
func listed(list *[16]int32) *operand {
	return &operand{kindNumber, inImm,
		func(w uint32) int32 { return list[w>>12&15] },
		func(v int32) (uint32, bool) {
			for i, c := range list {
				if c == v {
					return uint32(i) << 12, true
				}
			}
			return 0, false
		}}
}

func sext(v uint32, bits uint) int32 { return int32(v<<(32-bits)) >> (32 - bits) }

// Constants of the branches that compare with an immediate.
var (
	b4const  = [16]int32{-1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256}
	b4constu = [16]int32{32768, 65536, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 32, 64, 128, 256}
)

// operands is every operand that a format can have, by the name that specs use.
var operands = sync.OnceValue(func() map[string]*operand {
	return map[string]*operand{
		"r": register(kindAR, inR, 12, 4, 0), "s": register(kindAR, inS, 8, 4, 0), "t": register(kindAR, inT, 4, 4, 0),
		"fr": register(kindFR, inR, 12, 4, 0), "fs": register(kindFR, inS, 8, 4, 0), "ft": register(kindFR, inT, 4, 4, 0),
		"br": register(kindBR, inR, 12, 4, 0), "bs": register(kindBR, inS, 8, 4, 0), "bt": register(kindBR, inT, 4, 4, 0),
		"mw": register(kindMR, inDisp, 12, 2, 0), "mx": register(kindMR, inR, 14, 1, 0), "my": register(kindMR, inImm, 6, 1, 2),

		"simm8": signed(kindNumber, inImm, 16, 8, 1), "simm8x256": signed(kindNumber, inImm, 16, 8, 256),
		"off8": unsigned(kindNumber, inImm, 16, 8, 1, 0), "off16": unsigned(kindNumber, inImm, 16, 8, 2, 0),
		"off32": unsigned(kindNumber, inImm, 16, 8, 4, 0), "off4x16": unsigned(kindNumber, inImm, 20, 4, 16, 0),
		"simm12": movi(), "entry": unsigned(kindNumber, inImm, 12, 12, 8, 0),
		"literal": literal(),
		"call":    signed(kindCall, inDisp, 6, 18, 4), "jump": signed(kindLabel, inDisp, 6, 18, 1),
		"label12": signed(kindLabel, inDisp, 12, 12, 1), "label8": signed(kindLabel, inDisp, 16, 8, 1),
		"ulabel8": unsigned(kindLabel, inDisp, 16, 8, 1, 0), "label6": label6(),
		"b4const": listed(&b4const), "b4constu": listed(&b4constu), "bit": split(4, 12, 0),
		"slli": split(4, 20, 32), "srai": split(8, 20, 0), "ssai": split(8, 4, 0), "extui": split(8, 16, 0),
		"width": unsigned(kindNumber, inDisp, 20, 4, 1, 1), "t7": unsigned(kindNumber, inImm, 4, 4, 1, 7),
		"s4": unsigned(kindNumber, inImm, 8, 4, 1, 0), "t4": unsigned(kindNumber, inDisp, 4, 4, 1, 0), "imm4": unsigned(kindNumber, inImm, 4, 4, 1, 0),
		"st4": signed(kindNumber, inImm, 4, 4, 1), "sr": unsigned(kindSpecial, inImm, 8, 8, 1, 0),
		"rur": unsigned(kindUser, inImm, 4, 8, 1, 0), "wur": unsigned(kindUser, inImm, 8, 8, 1, 0),
		"off4x4": unsigned(kindNumber, inImm, 12, 4, 4, 0), "off4e": unsigned(kindNumber, inImm, 12, 4, 4, -64),
		"addin": addin(), "movin": movin(),
	}
})

// movi is the twelve bits of MOVI: the high four stand in the field s.
func movi() *operand {
	return &operand{kindNumber, inImm,
		func(w uint32) int32 { return sext(w>>16&0xFF|w>>8&15<<8, 12) },
		func(v int32) (uint32, bool) { return uint32(v)&0xFF<<16 | uint32(v)>>8&15<<8, v >= -2048 && v < 2048 }}
}

// literal is the distance of L32R, which is always negative.
func literal() *operand {
	return &operand{kindLiteral, inDisp,
		func(w uint32) int32 { return int32(0xFFFC0000 | w>>8<<2) },
		func(v int32) (uint32, bool) { return uint32(v) >> 2 & 0xFFFF << 8, v&3 == 0 && v >= -1<<18 && v < 0 }}
}

// label6 is the distance of BEQZ.N and BNEZ.N.
func label6() *operand {
	return &operand{kindLabel, inDisp,
		func(w uint32) int32 { return int32(w>>12&15 | w>>4&3<<4) },
		func(v int32) (uint32, bool) { return uint32(v)&15<<12 | uint32(v)>>4&3<<4, v >= 0 && v < 64 }}
}

// addin is the constant of ADDI.N: 0 stands for -1.
func addin() *operand {
	return &operand{kindNumber, inImm,
		func(w uint32) int32 {
			if v := int32(w >> 4 & 15); v != 0 {
				return v
			}
			return -1
		},
		func(v int32) (uint32, bool) {
			if v == -1 {
				return 0, true
			}
			return uint32(v) & 15 << 4, v > 0 && v < 16
		}}
}

// movin is the constant of MOVI.N, -32 to 95.
func movin() *operand {
	return &operand{kindNumber, inImm,
		func(w uint32) int32 {
			v := int32(w>>12&15 | w>>4&7<<4)
			if v >= 96 {
				v -= 128
			}
			return v
		},
		func(v int32) (uint32, bool) { return uint32(v)&15<<12 | uint32(v)>>4&7<<4, v >= -32 && v < 96 }}
}

// parseOperands looks a format's operands up.
func parseOperands(format string) []*operand {
	var out []*operand
	for _, name := range strings.Fields(format) {
		o, ok := operands()[name]
		if !ok {
			panic("xtensa: no operand " + name) // a mistake in the table of this package
		}
		out = append(out, o)
	}
	return out
}
