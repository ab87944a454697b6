package xtensa

import (
	"fmt"
	"strconv"
	"strings"
)

// Text writes an instruction that stands at pc as objdump does.
func (in Insn) Text(pc uint32) string {
	if !in.Legal() {
		return ".byte"
	}
	name := in.Op.Name()
	var list []string
	for _, o := range in.Op.operands() {
		v := o.value(in)
		if o.kind == kindSpecial {
			name += "." + specialText(v)
			continue
		}
		list = append(list, in.operandText(o, v, pc))
	}
	if list == nil {
		return name
	}
	return name + "\t" + strings.Join(list, ", ")
}

func (in Insn) operandText(o *operand, v int32, pc uint32) string {
	switch o.kind {
	case kindAR:
		return "a" + strconv.Itoa(int(v))
	case kindFR:
		return "f" + strconv.Itoa(int(v))
	case kindBR:
		return "b" + strconv.Itoa(int(v))
	case kindMR:
		return "m" + strconv.Itoa(int(v))
	case kindUser:
		return userText(v)
	case kindLabel, kindCall, kindLiteral:
		addr, _ := in.Target(pc)
		return fmt.Sprintf("0x%08x", addr)
	}
	if in.Op == opAddmi || v >= 4096 {
		return fmt.Sprintf("0x%x", uint32(v))
	}
	return strconv.Itoa(int(v))
}

func specialText(v int32) string {
	if s := specialNames[v&0xFF]; s != "" {
		return s
	}
	return strconv.Itoa(int(v))
}

func userText(v int32) string {
	if s, ok := userNames[v]; ok {
		return s
	}
	return strconv.Itoa(int(v))
}
