package bootloader

import "github.com/bootsim/bootsim/emu"

// window is flash as a bootloader sees it through the cache. Pages past the 16 MB
// that the MMU's entries can name are no valid entries.
type window struct{ emu.Cache }

// mappable is what the entries of the MMU can name, in bytes.
const mappable = 16 << 20

// noPage is what the recordings' emulator shows of an entry that is not valid.
var noPage = [4]byte{0xAD, 0xBA, 0xAD, 0xBA}

// Read fills p with the bytes from addr on. Addresses do not wrap.
func (w *window) Read(addr uint32, p []byte) {
	valid := uint64(0)
	if addr < mappable {
		valid = min(uint64(len(p)), uint64(mappable-addr))
		w.Cache.Read(addr, p[:valid])
	}
	for i := valid; i < uint64(len(p)); i++ {
		p[i] = noPage[(uint64(addr)+i)%4]
	}
}

// withinWindow tells whether all of a stretch can be mapped.
func withinWindow(addr, size uint32) bool { return uint64(addr)+uint64(size) <= mappable }
