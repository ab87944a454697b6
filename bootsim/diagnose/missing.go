package diagnose

import (
	"math"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// missing explains a region that is erased: its content may lie elsewhere.
func missing(c *Context, r region) bootsim.Finding {
	if r.kind == kindOTAData {
		return otadataPlain(c, r)
	}
	if at, ok := strayed(c, r); ok {
		return c.strayedFinding(r, at)
	}
	rule := map[kind]string{kindBootloader: "bootloader-missing", kindTable: "table-missing", kindApp: "app-missing"}[r.kind]
	return c.find(rule, "0x%08x, where the %s belongs, is erased", r.addr, r.name()).
		at(r.addr).partition(r.label).bytes(r.addr).console().done()
}

// strayedFinding reports content that lies beside its place.
func (c *Context) strayedFinding(r region, at uint32) bootsim.Finding {
	if r.kind == kindTable {
		return c.find("table-offset", "the bootloader looks for the partition table at 0x%08x, and one lies at 0x%08x", r.addr, at).
			at(at).bytes(at).console().done()
	}
	return c.find("image-shifted", "the %s belongs at 0x%08x and lies at 0x%08x, a distance of %+#x", r.name(), r.addr, at, int64(at)-int64(r.addr)).
		at(at).partition(r.label).bytes(at).console().
		remedy("Write %s to 0x%x.", orName(c.fileAt(at)), r.addr).done()
}

// strayed looks for a region's content at other sectors: as the device would
// read it there, in plaintext, or encrypted for where it belongs.
func strayed(c *Context, r region) (uint32, bool) {
	d := c.Device
	views := []flashmodel.Reader{d.Flash, d.Cached()}
	cipher := d.Cipher()
	own := ownPlaces(c)
	own[bootloaderAddress] = own[bootloaderAddress] || r.kind == kindApp
	for _, a := range sectorsNear(r, d.Flash.Size()) {
		if own[a] || a == r.addr || d.Flash.Erased(a, unit) {
			continue
		}
		for _, v := range views {
			if fits(r, headAt(v, a)) {
				return a, true
			}
		}
		if cipher != nil {
			moved := &movedView{base: d.Flash, cipher: cipher, delta: r.addr - a}
			if fits(r, headAt(moved, a)) {
				return a, true
			}
		}
	}
	return 0, false
}

// ownPlaces are the addresses where content of the same kind rightly lies.
func ownPlaces(c *Context) map[uint32]bool {
	own := map[uint32]bool{}
	if t, ok := IntendedTable(c); ok {
		for _, e := range t.Apps() {
			own[e.Offset] = true
		}
	}
	return own
}

// sectorsNear lists the sectors to search. A bootloader or table strays within
// the first 128 KiB; an app anywhere.
func sectorsNear(r region, size uint32) []uint32 {
	limit := uint32(0x20000)
	if r.kind == kindApp {
		limit = size
	}
	var out []uint32
	for a := uint32(0); a < min(limit, size); a += flashmodel.SectorSize {
		out = append(out, a)
	}
	return out
}

// fits is sensible, and for images tells bootloaders from apps by where they load.
func fits(r region, head []byte) bool {
	if !r.kind.sensible(head) {
		return false
	}
	switch r.kind {
	case kindBootloader:
		return looksLikeBootloader(head)
	case kindApp:
		return !looksLikeBootloader(head)
	}
	return true
}

// looksLikeBootloader goes by the first segment: bootloaders load at
// 0x3FFF0000 and above or into the cache RAM, apps map their constants.
func looksLikeBootloader(head []byte) bool {
	load := uint32(head[24]) | uint32(head[25])<<8 | uint32(head[26])<<16 | uint32(head[27])<<24
	return load >= 0x3FFF0000 && load < espimage.DRAMEnd || load >= espimage.LoaderStart && load < espimage.LoaderEnd
}

// senseless explains bytes in which no known reading makes sense.
func senseless(c *Context, r region) bootsim.Finding {
	if at, ok := strayed(c, r); ok {
		return c.strayedFinding(r, at)
	}
	if noisy(c.Device.Flash, r) {
		return c.find("undecryptable", "the %s at 0x%08x is neither plaintext nor ciphertext of any known key, address or configuration",
			r.name(), r.addr).at(r.addr).partition(r.label).bytes(r.addr).evidence("%s", triedText(c)).console().done()
	}
	rule := map[kind]string{kindBootloader: "bootloader-missing", kindTable: "table-corrupt",
		kindOTAData: "otadata-invalid", kindApp: "not-an-image"}[r.kind]
	return c.find(rule, "what lies at 0x%08x is no %s", r.addr, r.kind).
		at(r.addr).partition(r.label).bytes(r.addr).console().done()
}

func triedText(c *Context) string {
	keys := knownKeys(c.Lot, c.All, c.Device)
	if len(keys) == 0 {
		return "no key is known: give one with --key"
	}
	s := "tried: "
	for i, k := range keys {
		if i > 0 {
			s += "; "
		}
		s += k.name
	}
	return s + "; every FLASH_CRYPT_CONFIG here and at the addresses of all partitions; every 4 KiB address up to 16 MB; once and twice"
}

// noisy tells whether a region's first sector has the entropy of ciphertext:
// over 7 bits a byte for 4 KiB, which code and data do not reach. Ciphertext
// without tweak repeats its blocks and is caught by the search instead.
func noisy(f flashmodel.Reader, r region) bool {
	n := min(r.size, flashmodel.SectorSize)
	if r.kind == kindOTAData || n < 256 {
		n = 256
	}
	b := make([]byte, n)
	f.Read(r.addr, b)
	for len(b) > crypt.KeySize && b[len(b)-1] == 0xFF {
		b = b[:len(b)-1]
	}
	return entropy(b) > min(7, math.Log2(float64(len(b)))*0.85)
}

// entropy is Shannon's, in bits a byte.
func entropy(b []byte) float64 {
	var count [256]int
	for _, c := range b {
		count[c]++
	}
	var h float64
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(b))
			h -= p * math.Log2(p)
		}
	}
	return h
}
