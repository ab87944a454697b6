package esp32

import (
	"encoding/binary"

	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/emu/xtensa"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// span is a stretch of the address space; end is exclusive.
type span struct{ start, end uint32 }

// The state in which the ROM enters the second stage (spec exec 1.4).
const (
	entryPS      = 0x00060320 // WOE, CALLINC 2, OWB 3, UM
	entrySP      = 0x3FFE3EB0
	romReturn    = 0x40007C18 // "user code done"
	romStackTop  = 0x3FFE3F20
	vectorBase   = 0x40000000
	entryMEMCTL  = 1
	callReturns  = 0x80000000 // a return address of CALL8
	addressInGiB = 0x3FFFFFFF
)

// Numbers of special registers that the ROM leaves something in.
const (
	srLBEG        = 0
	srLEND        = 1
	srSAR         = 3
	srWINDOWBASE  = 72
	srWINDOWSTART = 73
	srMEMCTL      = 97
	srPS          = 230
	srVECBASE     = 231
)

// enter loads the second stage as the ROM did and sets the registers.
func (m *Machine) enter(l *rom.Loaded) {
	for _, s := range l.Segments {
		data := make([]byte, (s.Length+3)&^3)
		m.cached.Read(rom.ImageAddress+s.DataOffset, data[:s.Length])
		for i := 0; i+4 <= len(data); i += 4 {
			m.memory.put(s.LoadAddr+uint32(i), binary.LittleEndian.Uint32(data[i:]))
		}
		m.loaded = append(m.loaded, span{s.LoadAddr, s.LoadAddr + s.Length})
	}
	m.memory.watch(m.loaded)
	m.readMode()
	m.romData()
	m.registers(l.Entry)
}

// Bits of SPI_CTRL that choose how flash is read.
const (
	fastRead = 1 << 13
	readDual = 1 << 14
	readQuad = 1 << 20
	writePin = 1 << 21
	readDIO  = 1 << 23
	readQIO  = 1 << 24
)

// readMode is how the ROM sets the cache's side of the flash controller by the
// image's header, numbers without a meaning being slow reads to the ROM of 2016.
// Bootloaders print it.
func (m *Machine) readMode() {
	var raw [espimage.HeaderSize]byte
	m.cached.Read(rom.ImageAddress, raw[:])
	h, err := espimage.DecodeHeader(raw[:])
	if err != nil {
		return
	}
	m.keep(spi0+0x08, writePin|readModes[min(int(h.SPIMode), len(readModes)-1)])
}

// readModes are in the order of the header's numbers: QIO, QOUT, DIO, DOUT, fast
// and slow reads.
var readModes = [...]uint32{readQIO | fastRead, readQuad | fastRead, readDIO | fastRead, readDual | fastRead, fastRead, 0}

// romData is what the ROM's own variables hold (spec exec 1.3).
func (m *Machine) romData() {
	for addr, v := range map[uint32]uint32{
		flashChip: 0x001540EF, flashChip + 4: 0x00200000, flashChip + 8: 0x10000,
		flashChip + 12: 0x1000, flashChip + 16: 0x100, flashChip + 20: 0xFFFF,
		ticksPerUs: bootTicks, uartDevice: consoleBaud,
		// The frame below the bootloader's, with its saved stack pointer.
		entrySP - 16: 0, entrySP - 12: romStackTop, entrySP - 8: 0xCDCD, entrySP - 4: 1,
	} {
		m.memory.put(addr, v)
	}
}

// Variables of the ROM.
const (
	flashChip   = 0x3FFAE270 // g_rom_flashchip: id, size, block, sector, page, status mask
	ticksPerUs  = 0x3FFE01E0 // g_ticks_per_us_pro
	bootTicks   = 0x0D
	uartDevice  = 0x3FFE019C // UartDev, which begins with the baud rate
	consoleBaud = 115200
)

func (m *Machine) registers(entry uint32) {
	c := m.CPU
	c.SetSpecial(srWINDOWBASE, 1)
	c.SetSpecial(srWINDOWSTART, 1<<1)
	c.SetSpecial(srPS, entryPS)
	c.SetSpecial(srVECBASE, vectorBase)
	c.SetSpecial(srMEMCTL, entryMEMCTL)
	c.SetSpecial(srSAR, 5)
	c.SetSpecial(srLBEG, 0x4000C2E0)
	c.SetSpecial(srLEND, 0x4000C2F6)
	for i, v := range [16]uint32{
		0x40000740, entrySP, entry, 0x3FF00044, 6, 6, m.dev.Efuses.ReadWord(0, 0), 0,
		callReturns | romReturn&addressInGiB, 0x3FFE3E90, 0, 0x40006840, 0, 0x3FFE3E6C, 1, 0x20,
	} {
		c.SetA(i, v)
	}
	c.PC = entry
	c.Watch = m.leavesLoader
}

var _ xtensa.Host = (*Machine)(nil)
