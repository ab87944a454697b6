package esptool

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// printDescriptor prints the descriptor of an application, which begins the
// first segment in DROM, or else that of a bootloader, which begins the last
// one in DRAM that has room for it.
func (s *session) printDescriptor(im *image) {
	var app, boot []byte
	for _, seg := range im.segments {
		where := im.chip.memories(seg.addr)
		switch {
		case app == nil && slices.Contains(where, "DROM"):
			app = seg.data
		case slices.Contains(where, "DRAM") && len(seg.data) >= espimage.BootDescSize:
			boot = seg.data
		}
	}
	if len(app) > 0 {
		s.printApp(app)
		return
	}
	if len(boot) > 0 && boot[0] == espimage.BootDescMagic {
		s.env.Print()
		s.title("Bootloader Information")
		s.env.Printf("Bootloader version: %d\n", binary.LittleEndian.Uint32(boot[4:]))
		s.env.Print("ESP-IDF: " + text(boot[8:40]))
		s.env.Print("Compile time: " + text(boot[40:64]))
	}
}

// printApp prints an application's descriptor if there is a whole one.
func (s *session) printApp(d []byte) {
	if len(d) < espimage.AppDescSize || binary.LittleEndian.Uint32(d) != espimage.AppDescMagic {
		return
	}
	word := func(i int) uint16 { return binary.LittleEndian.Uint16(d[i:]) }
	s.env.Print()
	s.title("Application Information")
	s.env.Print("Project name: " + text(d[48:80]))
	s.env.Print("App version: " + text(d[16:48]))
	s.env.Print("Compile time: " + text(d[96:112]) + " " + text(d[80:96]))
	s.env.Print("ELF file SHA256: " + hex.EncodeToString(d[144:176]))
	s.env.Print("ESP-IDF: " + text(d[112:144]))
	s.env.Print("Minimal eFuse block revision: " + revision(word(176)))
	s.env.Print("Maximal eFuse block revision: " + revision(word(178)))
	if d[180] != 0 {
		s.env.Print("MMU page size: " + kilobytes(d[180]) + " KB")
	}
	s.env.Printf("Secure version: %d\n", binary.LittleEndian.Uint32(d[4:]))
}

// text returns a field without its zeros, wherever they are, as the reference
// does. What is not UTF-8, on which the reference breaks off, is replaced.
func text(field []byte) string {
	return strings.ToValidUTF8(strings.ReplaceAll(string(field), "\x00", ""), "\uFFFD")
}

// revision writes 100 times a major plus a minor version.
func revision(full uint16) string { return fmt.Sprintf("%d.%d", full/100, full%100) }

// kilobytes returns 2 to the power of n bytes in KB.
func kilobytes(n uint8) string {
	if n < 10 {
		return "0"
	}
	return new(big.Int).Lsh(big.NewInt(1), uint(n)-10).String()
}
