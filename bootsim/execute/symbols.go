package execute

import (
	"bytes"
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
	"strconv"

	"github.com/bootsim/bootsim/emu/pattern"
)

// Symbols names addresses by the symbols of an ELF file. The zero value knows
// none.
type Symbols struct{ list []symbol }

type symbol struct {
	addr, size uint32
	name       string
}

// ReadSymbols reads an ELF file's functions and objects. The error tells that
// it is none for Xtensa, or has no symbols.
func ReadSymbols(file []byte) (*Symbols, error) {
	f, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("no ELF file: %w", err)
	}
	if f.Machine != elf.EM_XTENSA {
		return nil, fmt.Errorf("an ELF file for %v, not for Xtensa", f.Machine)
	}
	all, err := f.Symbols()
	if err != nil {
		return nil, fmt.Errorf("no symbols to be read: %w", err)
	}
	s := &Symbols{}
	for _, x := range all {
		if t := elf.ST_TYPE(x.Info); x.Name != "" && x.Section != elf.SHN_UNDEF && (t == elf.STT_FUNC || t == elf.STT_OBJECT || t == elf.STT_NOTYPE) {
			s.list = append(s.list, symbol{uint32(x.Value), uint32(x.Size), x.Name})
		}
	}
	slices.SortStableFunc(s.list, func(a, b symbol) int {
		return cmp.Or(cmp.Compare(a.addr, b.addr), cmp.Compare(b.size, a.size))
	})
	return s, nil
}

// maxDistance is how far behind a symbol without size an address may lie.
const maxDistance = 0x1000

// Name returns the symbol that an address lies in, with the distance; "" when
// there is none.
func (s *Symbols) Name(addr uint32) string {
	if s == nil {
		return ""
	}
	i, found := slices.BinarySearchFunc(s.list, addr, func(x symbol, a uint32) int { return cmp.Compare(x.addr, a) })
	if !found {
		i--
	}
	if i < 0 {
		return ""
	}
	x := s.list[i]
	off := addr - x.addr
	if x.size != 0 && off >= x.size || off > maxDistance {
		return ""
	}
	if off == 0 {
		return x.name
	}
	return fmt.Sprintf("%s+0x%x", x.name, off)
}

// Start returns the symbol that begins at an address, "" when none does.
func (s *Symbols) Start(addr uint32) string {
	if s == nil {
		return ""
	}
	if i, found := slices.BinarySearchFunc(s.list, addr, func(x symbol, a uint32) int { return cmp.Compare(x.addr, a) }); found {
		return s.list[i].name
	}
	return ""
}

// Address returns the address of a symbol.
func (s *Symbols) Address(name string) (addr uint32, ok bool) {
	if s == nil {
		return 0, false
	}
	for _, x := range s.list {
		if x.name == name {
			return x.addr, true
		}
	}
	return 0, false
}

var addresses = pattern.Of(`0x[0-9a-f]{8}`)

// Annotate puts symbols behind the addresses in a text.
func (s *Symbols) Annotate(text string) string {
	return addresses.ReplaceAllStringFunc(text, func(a string) string {
		v, err := strconv.ParseUint(a[2:], 16, 32)
		if name := s.Name(uint32(v)); err == nil && name != "" {
			return a + " (" + name + ")"
		}
		return a
	})
}
