package esp32

import "slices"

// RegisterInfo describes a register, or a row of alike ones, for documents.
type RegisterInfo struct {
	Name  string
	Addr  uint32
	Count uint32 // words
	// Modelled tells that reads or writes do something; the others store.
	Modelled bool
}

// BlockInfo describes a peripheral.
type BlockInfo struct {
	Name, Source string
	Registers    []RegisterInfo
}

// Peripherals returns every register that a run may touch. All others end it.
func Peripherals() []BlockInfo {
	var out []BlockInfo
	for _, b := range blocks() {
		info := BlockInfo{Name: b.name, Source: b.source}
		for _, r := range b.registers {
			info.Registers = append(info.Registers, RegisterInfo{r.name, b.base + r.off, max(r.count, 1), r.read != nil || r.write != nil})
		}
		slices.SortStableFunc(info.Registers, func(a, b RegisterInfo) int { return int(a.Addr) - int(b.Addr) })
		out = append(out, info)
	}
	return out
}
