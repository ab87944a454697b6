package xtensa

// Sizes of the pages in which the core sees plain memory.
const (
	PageSize   = 4 << 10 // bytes
	pageShift  = 12
	pageWords  = PageSize / 4
	WindowSize = 32 << 20 // bytes of address space that the page tables cover
	pageCount  = WindowSize / PageSize
)

// Page is 4 KiB of memory as little-endian words.
type Page [pageWords]uint32

// Memory is the part of the address space that loads and stores reach without
// asking the host: WindowSize bytes from Base on, page by page. A page that may
// not be written, or whose stores somebody has to hear of, is mapped for reads
// alone.
type Memory struct {
	Base  uint32
	read  [pageCount]*Page
	write [pageCount]*Page
}

// Map shows a page at addr, for stores as well where writable is set. A nil
// page leaves the address to the host. Addresses outside the window are
// ignored, for the host serves them anyway.
func (m *Memory) Map(addr uint32, p *Page, writable bool) {
	i := (addr - m.Base) >> pageShift
	if i >= pageCount {
		return
	}
	m.read[i], m.write[i] = p, nil
	if writable {
		m.write[i] = p
	}
}

// word returns the aligned word at addr if it may be read here, else nil.
func (m *Memory) word(addr uint32) *uint32 {
	if i := (addr - m.Base) >> pageShift; i < pageCount && addr&3 == 0 {
		if p := m.read[i]; p != nil {
			return &p[addr>>2&(pageWords-1)]
		}
	}
	return nil
}

// half returns the word that holds the aligned half word at addr.
func (m *Memory) half(addr uint32) *uint32 {
	if i := (addr - m.Base) >> pageShift; i < pageCount && addr&1 == 0 {
		if p := m.read[i]; p != nil {
			return &p[addr>>2&(pageWords-1)]
		}
	}
	return nil
}

// byte returns the word that holds the byte at addr.
func (m *Memory) byte(addr uint32) *uint32 {
	if i := (addr - m.Base) >> pageShift; i < pageCount {
		if p := m.read[i]; p != nil {
			return &p[addr>>2&(pageWords-1)]
		}
	}
	return nil
}

// wordTo returns the aligned word at addr if it may be written here, else nil.
func (m *Memory) wordTo(addr uint32) *uint32 {
	if i := (addr - m.Base) >> pageShift; i < pageCount && addr&3 == 0 {
		if p := m.write[i]; p != nil {
			return &p[addr>>2&(pageWords-1)]
		}
	}
	return nil
}

// partTo returns the word that holds the byte or aligned half word at addr if
// it may be written here.
func (m *Memory) partTo(addr, align uint32) *uint32 {
	if i := (addr - m.Base) >> pageShift; i < pageCount && addr&align == 0 {
		if p := m.write[i]; p != nil {
			return &p[addr>>2&(pageWords-1)]
		}
	}
	return nil
}

// Merge puts the low size bytes of v into a word at the byte that addr names.
func Merge(word, addr, size, v uint32) uint32 {
	shift := addr & 3 * 8
	mask := uint32(1<<(8*size)-1) << shift
	return word&^mask | v<<shift&mask
}
