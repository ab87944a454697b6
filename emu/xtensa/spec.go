package xtensa

import "sync"

// group is the part of the architecture that an operation belongs to.
type group uint8

const (
	groupCore group = iota
	groupSync
	groupException
	groupArithmetic
	groupMultiply
	groupShift
	groupMemory
	groupCache
	groupBranch
	groupLoop
	groupWindow
	groupSpecial
	groupProtection
	groupBoolean
	groupDensity
	groupMac16
	groupFloat
)

// groupNames are the groups' titles.
var groupNames = [...]string{
	groupCore:       "Core",
	groupSync:       "Synchronisation",
	groupException:  "Exceptions",
	groupArithmetic: "Arithmetic",
	groupMultiply:   "Multiply and divide",
	groupShift:      "Shifts",
	groupMemory:     "Loads and stores",
	groupCache:      "Cache hints",
	groupBranch:     "Branches and calls",
	groupLoop:       "Loops",
	groupWindow:     "Windowed registers",
	groupSpecial:    "Special registers",
	groupProtection: "Region protection",
	groupBoolean:    "Booleans",
	groupDensity:    "Density",
	groupMac16:      "MAC16",
	groupFloat:      "Floating point",
}

// spec is the encoding of one operation: a word is one when its bits under
// mask are match. format lists the operands, in the order of the assembler.
type spec struct {
	name        string
	match, mask uint32
	format      string
	group       group
}

// parsed are the operands of every operation.
var parsed = sync.OnceValue(func() *[opCount][]*operand {
	var p [opCount][]*operand
	for op := range specs {
		p[op] = parseOperands(specs[op].format)
	}
	return &p
})

// specOf is the encoding of op's operands.
func (op Op) operands() []*operand { return parsed()[op] }
