package xtensa

// Group is a part of the instruction set with its operations, for documents.
type Group struct {
	Title string
	Names []string
	// Executed tells whether they are carried out; the others decode, and trap
	// as with a disabled coprocessor.
	Executed bool
}

// Instructions returns the whole instruction set, by the architecture's
// options.
func Instructions() []Group {
	out := make([]Group, len(groupNames))
	for op := Op(1); op < opIllegal; op++ {
		g := specs[op].group
		out[g].Names = append(out[g].Names, specs[op].name)
	}
	for i := range out {
		out[i].Title, out[i].Executed = groupNames[i], group(i) != groupFloat
	}
	return out
}

// SpecialRegisters returns the names of the special registers, by number.
func SpecialRegisters() []string {
	var out []string
	for _, s := range specialNames {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
