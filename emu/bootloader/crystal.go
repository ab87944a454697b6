package bootloader

import (
	"slices"

	"github.com/bootsim/bootsim/emu/callgraph"
)

// crystals are the frequencies that a build can state, in MHz.
var crystals = []int32{24, 26, 32, 40}

// crystal returns the crystal that a bootloader was built for: the number that
// the caller of rtc_clk_init writes into its configuration, as a byte, from v4.1
// on (bootloader_clock_configure). 0 where no code tells.
func (p *program) crystal() int {
	from, to, ok := p.text("Possibly invalid CONFIG_")
	if !ok {
		return 0
	}
	start := p.referring(from, to)
	if start == nil {
		return 0
	}
	found := 0
	for _, f := range p.graph.Functions() {
		if !slices.Contains(f.Calls, start.Start) {
			continue
		}
		for i := 1; i < len(f.Code); i++ {
			set, store := f.Code[i-1], f.Code[i]
			mhz, sets := constant(set)
			if !sets || store.Op.Name() != "s8i" || store.S != 1 || store.T != register(set) || !slices.Contains(crystals, mhz) {
				continue
			}
			if found != 0 && found != int(mhz) {
				return 0
			}
			found = int(mhz)
		}
	}
	return found
}

// constant is the number that an instruction sets a register to.
func constant(in callgraph.Instruction) (n int32, ok bool) {
	switch in.Op.Name() {
	case "movi", "movi.n":
		return in.Imm, true
	}
	return 0, false
}

// register is the one that a MOVI sets; the short form has it in another field.
func register(in callgraph.Instruction) uint8 {
	if in.Len == 2 {
		return in.S
	}
	return in.T
}
