package bootloader

import (
	"encoding/binary"
	"strings"
)

// Pages of the flash window (spec 4.7).
const (
	pageSize   = 64 << 10
	pageMask   = pageSize - 1
	mapAddress = 0x3F400000 // where bootloader_mmap maps
	mapPages   = 50         // of them, for bootloader_mmap
	maxMap     = mapPages * pageSize
)

// mapping is what bootloader_flash.c remembers of the MMU. Only lines of level
// DEBUG depend on it.
type mapping struct {
	read uint32 // page that single reads go through; all ones when unset
}

func (m *mapping) forget() { m.read = ^uint32(0) }

// mapped is bootloader_mmap: it tells whether size bytes at addr can be mapped,
// and prints what the mapping prints.
func (s *session) mapped(addr, size uint32) bool {
	if size > maxMap {
		s.log(msgMapExcess, size)
		return false
	}
	if s.logs(LogDebug) {
		s.logMapping(addr, size)
	}
	return true
}

func (s *session) logMapping(addr, size uint32) {
	page := addr &^ pageMask
	count := (size + (addr - page) + pageMask) / pageSize
	if !s.p.has(featMMULog) {
		s.log(msgMapped, page, count, size, addr, page)
		return
	}
	s.log(msgMapped, addr, size, uint32(mapAddress))
	s.log(msgMappedAfter, page, uint32(mapAddress), count*pageSize)
}

// unmapped is bootloader_munmap.
func (s *session) unmapped() { s.pages.forget() }

// view maps, copies and unmaps, as most of the bootloader's readers do.
func (s *session) view(addr uint32, p []byte) bool {
	if !s.mapped(addr, uint32(len(p))) {
		return false
	}
	s.cache.Read(addr, p)
	s.unmapped()
	return true
}

// read is bootloader_flash_read with decryption: words through a page of its
// own. It fails for addresses that are not a multiple of 4.
func (s *session) read(addr uint32, p []byte) bool {
	if addr%4 != 0 {
		m := s.p.texts[msgReadSourceAlign]
		m.text = s.misplaced(addr, uint32(len(p)))
		s.print(&m)
		return false
	}
	if s.logs(LogDebug) {
		s.logRead(addr, uint32(len(p)))
	}
	s.cache.Read(addr, p)
	return true
}

// misplaced is what the bootloader says of a read from an address that is not a
// multiple of 4. Later wordings name the buffer as well, the place of which only
// the compiler knows.
func (s *session) misplaced(addr, size uint32) string {
	return strings.Replace(s.text(msgReadSourceAlign, addr, size, uint32(0)), "dest 0x0 ", "dest 0x* ", 1)
}

func (s *session) logRead(addr, size uint32) {
	for at := addr; at != addr+size; at += 4 {
		if page := at &^ pageMask; page != s.pages.read {
			s.log(msgReadMapped, page, s.pages.read)
			s.pages.read = page
		}
		if s.p.has(featReadForgets) {
			s.pages.forget()
		}
	}
}

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
