package execute

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/xtensa"
)

// Document writes what the engine models, stubs and leaves out, in Markdown:
// the part of docs/engine.md that comes from the code.
func Document() string {
	var b strings.Builder
	instructions(&b)
	registers(&b)
	functions(&b)
	return b.String()
}

func instructions(b *strings.Builder) {
	total := 0
	for _, g := range xtensa.Instructions() {
		total += len(g.Names)
	}
	fmt.Fprintf(b, "## Instructions\n\n%d operations. Those of the floating-point unit decode and trap as with a disabled coprocessor;\nwhere an application has enabled it, the run ends and names the instruction. Interrupts are never delivered.\n", total)
	for _, g := range xtensa.Instructions() {
		state := "executed"
		if !g.Executed {
			state = "absent"
		}
		fmt.Fprintf(b, "\n**%s** (%s): %s.\n", g.Title, state, strings.Join(g.Names, " "))
	}
	fmt.Fprintf(b, "\nSpecial registers: %s. Others store and read back.\n", strings.Join(xtensa.SpecialRegisters(), " "))
}

func registers(b *strings.Builder) {
	b.WriteString("\n## Peripheral registers\n\n\"Modelled\" registers act when they are read or written; the others store what is written. An address that is\nnot in this list ends the run.\n")
	for _, p := range esp32.Peripherals() {
		fmt.Fprintf(b, "\n### %s\n\nSource: %s.\n\n| address | register | words | |\n|---|---|---|---|\n", p.Name, p.Source)
		for _, r := range p.Registers {
			state := "stored"
			if r.Modelled {
				state = "modelled"
			}
			fmt.Fprintf(b, "| 0x%08x | %s | %d | %s |\n", r.Addr, r.Name, r.Count, state)
		}
	}
}

func functions(b *strings.Builder) {
	b.WriteString("\n## ROM functions\n\nAddresses and semantics: spec exec 3. Functions that are ignored return 0; a call of an absent one, or of an\naddress that is not in the list, ends the run.\n")
	for _, s := range []esp32.Status{esp32.Served, esp32.Ignored, esp32.Absent} {
		var list []string
		for _, f := range esp32.Functions() {
			if f.Status == s {
				list = append(list, fmt.Sprintf("%s `%08x`", f.Name, f.Addr))
			}
		}
		fmt.Fprintf(b, "\n**%d %s**: %s.\n", len(list), s, strings.Join(list, ", "))
	}
}
