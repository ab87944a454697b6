package rom

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// load reads the image at 0x1000 into memory, segment by segment, and checks
// its checksum (spec 1.4). Neither addresses nor the appended hash are checked.
func (s *stage) load() bool {
	raw := s.header()
	h, _ := espimage.DecodeHeader(raw[:])
	if h.Magic != espimage.Magic {
		line := Sprintf("flash read err, %d", s.readErrorLine())
		s.print("%s", line)
		s.refuse(emu.ReasonROMMagic, ImageAddress, espimage.Magic, uint64(h.Magic), line)
		s.fail()
		return false
	}
	s.pins(h)
	s.print("mode:%s, clock div:%d", modeName(h.SPIMode), h.ClockDivider())
	l := &loader{pos: espimage.HeaderSize, sum: checksumSeed, out: &Loaded{Entry: h.Entry}}
	for i := range int(h.SegmentCount) {
		if !s.loadSegment(l, i) {
			return false
		}
	}
	return s.checksum(l) && s.secureBootV1(l)
}

// readErrorLine is the number in "flash read err": a line of the ROM's source,
// not an address (spec 0, fact 3).
func (s *stage) readErrorLine() int {
	if s.eco3() {
		return 988
	}
	return 1000
}

// pins prints the header's pin settings.
func (s *stage) pins(h espimage.Header) {
	s.print("configsip: %u, SPIWP:0x%02x", s.pinConfig(), h.WPPin)
	d := h.PinDrv
	s.print("clk_drv:0x%02x,q_drv:0x%02x,d_drv:0x%02x,cs0_drv:0x%02x,hd_drv:0x%02x,wp_drv:0x%02x",
		d[0]&15, d[0]>>4, d[1]&15, d[1]>>4, d[2]&15, d[2]>>4)
}

// pinConfig packs the flash pins that BLOCK0 names.
func (s *stage) pinConfig() uint32 {
	return FlashPins(s.dev.Efuses.ReadBits(0, 3, 31<<4), s.dev.Efuses.ReadBits(0, 5, 0xFFFFF))
}

// FlashPins packs the flash pins in words 3 and 5 of BLOCK0 as
// ets_efuse_get_spiconfig returns them: 0 stands for the default ones, and for
// less than two that are set (spec exec 3.2).
func FlashPins(word3, word5 uint32) uint32 {
	pads := [...]uint32{word5 & 31, word5 >> 5 & 31, word5 >> 10 & 31, word5 >> 15 & 31, word3 >> 4 & 31}
	var packed uint32
	set := 0
	for i, p := range pads {
		if p != 0 {
			set++
		}
		if p >= 30 {
			p += 2
		}
		packed |= p << (6 * i)
	}
	if set < 2 {
		return 0
	}
	return packed
}

func modeName(mode uint8) string {
	return [...]string{"QIO", "QOUT", "DIO", "DOUT", "FAST_RD", "SLOW_RD"}[min(mode, maxMode)]
}

// checksumSeed is where the XOR checksum begins.
const checksumSeed = 0xEF

// loader is the state of the loading loop.
type loader struct {
	pos uint32 // offset in the image
	sum byte
	out *Loaded
}

// maxImage is what the flash window can address, in bytes.
const maxImage = 16 << 20

// unit is the size of the pieces in which the ROM reads flash.
const unit = 16

// loadSegment loads one segment. It returns false when the boot ends there.
func (s *stage) loadSegment(l *loader, i int) bool {
	if tail := l.pos % unit; i > 0 && tail > unit-8 {
		s.print("ho %d tail %d room %d", 0, tail, unit-tail)
	}
	var raw [8]byte
	s.flash.Read(ImageAddress+l.pos, raw[:])
	seg := espimage.Segment{
		LoadAddr: binary.LittleEndian.Uint32(raw[:]), Length: binary.LittleEndian.Uint32(raw[4:]),
		HeaderOffset: l.pos, DataOffset: l.pos + 8,
	}
	if i == 0 && seg.LoadAddr>>31 != 0 {
		s.unmodelled("the image begins with SPI commands (first load address has bit 31 set)")
		return false
	}
	line := Sprintf("load:0x%08x,len:%d", seg.LoadAddr, seg.Length)
	s.print("%s", line)
	if s.wild(seg, line) {
		return false
	}
	if uint64(seg.DataOffset)+uint64(seg.Length) > maxImage {
		s.unmodelled("the image runs past the 16 MB that the flash window can show")
		return false
	}
	l.copy(s, seg)
	l.out.Segments = append(l.out.Segments, seg)
	return true
}

// wild ends the boot at a segment that cannot be loaded where it wants to. The
// fault silences the ROM: its own exception handler prints nothing here.
func (s *stage) wild(seg espimage.Segment, line string) bool {
	at, wild := wildAddress(seg.LoadAddr, seg.Length)
	if wild {
		s.refuse(emu.ReasonROMWildLoad, ImageAddress+seg.HeaderOffset, uint64(seg.Length), uint64(at), line)
		s.out.NextCause = s.watchdogCause()
	}
	return wild
}

// copy reads a segment's data into the checksum. A plausible segment is no
// larger than memory.
func (l *loader) copy(s *stage, seg espimage.Segment) {
	var buf [4 << 10]byte
	for at, left := seg.DataOffset, seg.Length; left > 0; {
		b := buf[:min(left, uint32(len(buf)))]
		s.flash.Read(ImageAddress+at, b)
		l.sum ^= espimage.XOR(b)
		at += uint32(len(b))
		left -= uint32(len(b))
	}
	l.pos = seg.DataOffset + seg.Length
}

// checksum compares with the last byte of the 16-byte unit after the segments.
func (s *stage) checksum(l *loader) bool {
	at := l.pos | (unit - 1)
	var stored [1]byte
	s.flash.Read(ImageAddress+at, stored[:])
	l.out.Length = at + 1
	s.out.Loaded = l.out
	if stored[0] == l.sum {
		return true
	}
	line := Sprintf("csum err:0x%02x!=0x%02x", l.sum, stored[0])
	s.print("%s", line)
	s.refuse(emu.ReasonROMChecksum, ImageAddress+at, uint64(stored[0]), uint64(l.sum), line)
	s.out.Loaded = nil
	s.fail()
	return false
}

// fail is what follows a load that failed (spec 1.4): the BASIC interpreter,
// or a halt where CONSOLE_DEBUG_DISABLE is burnt. A watchdog resets both.
func (s *stage) fail() {
	s.out.NextCause = s.watchdogCause()
	if s.dev.Efuses.ConsoleDebugDisable() {
		line := 371
		if s.eco3() {
			line = 384
		}
		s.print("%s %u ", "ets_main.c", line)
		return
	}
	s.print("Falling back to built-in command interpreter.")
	s.print("OK")
	s.print(">")
}
