package input

import "github.com/bootsim/bootsim/bootsim"

// gaps returns the runs of whole erased flash sectors inside data that lies at
// an address: what a merged image or a dump has where nothing was written.
func gaps(data []byte, address uint32) []bootsim.Span {
	var out []bootsim.Span
	first := (sectorSize - int(address%sectorSize)) % sectorSize
	for at := first; at+sectorSize <= len(data); at += sectorSize {
		if !isErased(data[at : at+sectorSize]) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Offset+out[n-1].Size == uint32(at) {
			out[n-1].Size += sectorSize
			continue
		}
		out = append(out, bootsim.Span{Offset: uint32(at), Size: sectorSize})
	}
	return out
}
