package esp32

import (
	"encoding/binary"
	"fmt"

	"github.com/bootsim/bootsim/flashmodel"
)

// spiFlash is what SPI1's commands reach: the chip's status registers. Its
// array is the device's flash, whose journal hears of every change.
type spiFlash struct {
	status [3]byte
}

// Bits of status register 1.
const (
	statusWEL     = 1 << 1
	statusProtect = 7 << 2 // BP0 to BP2: programs and erases are ignored
)

// Bits of SPI_CMD: built-in commands, and the one that USER describes.
const (
	cmdRead  = 1 << 31
	cmdWREN  = 1 << 30
	cmdWRDI  = 1 << 29
	cmdRDID  = 1 << 28
	cmdRDSR  = 1 << 27
	cmdWRSR  = 1 << 26
	cmdPP    = 1 << 25
	cmdSE    = 1 << 24
	cmdBE    = 1 << 23
	cmdCE    = 1 << 22
	cmdSleep = 1<<21 | 1<<20
	cmdUser  = 1 << 18
)

// jedecID is the flash chip of the model: a GD25Q of the device's size. Its
// last byte is the size as a power of two.
func (m *Machine) jedecID() uint32 {
	size := uint32(0)
	for s := m.dev.Flash.Size(); s > 1; s >>= 1 {
		size++
	}
	return size<<16 | 0x40C8
}

// command carries out what is written to SPI_CMD.
func (f *spiFlash) command(m *Machine, cmd uint32) {
	addr := m.stored(spi1 + spiADDR)
	switch {
	case cmd&cmdUser != 0:
		f.user(m)
	case cmd&cmdWREN != 0:
		f.status[0] |= statusWEL
	case cmd&cmdWRDI != 0:
		f.status[0] &^= statusWEL
	case cmd&cmdRDSR != 0:
		m.keep(spi1+spiRDStatus, m.stored(spi1+spiRDStatus)&^0xFF|uint32(f.status[0]))
	case cmd&cmdWRSR != 0:
		v := m.stored(spi1 + spiRDStatus)
		f.writeStatus(m, []byte{byte(v), byte(v >> 8)})
	case cmd&cmdRDID != 0:
		m.keep(spi1+spiW0, m.stored(spi1+spiW0)&^0xFFFFFF|m.jedecID())
	case cmd&cmdPP != 0:
		f.program(m, addr&0xFFFFFF, f.data(m, int(addr>>24)))
	case cmd&cmdSE != 0:
		f.erase(m, addr&0xFFFFFF, flashmodel.OpEraseSector)
	case cmd&cmdBE != 0:
		f.erase(m, addr&0xFFFFFF, flashmodel.OpEraseBlock64)
	case cmd&cmdCE != 0:
		f.erase(m, 0, flashmodel.OpEraseChip)
	case cmd&cmdRead != 0:
		m.unmodelled("the built-in read command of SPI1, which no bootloader is known to use")
	case cmd&cmdSleep != 0, cmd == 0:
	default:
		m.unmodelled("command 0x%08x of SPI1 at 0x%08x", cmd, m.where())
	}
}

// data returns n bytes of the data registers.
func (f *spiFlash) data(m *Machine, n int) []byte {
	var b [64]byte
	for i := range 16 {
		binary.LittleEndian.PutUint32(b[4*i:], m.stored(spi1+spiW0+4*uint32(i)))
	}
	return b[:min(n, len(b))]
}

// answer puts bytes into the data registers. What it does not reach stays.
func (f *spiFlash) answer(m *Machine, p []byte) {
	all := f.data(m, 64)
	copy(all, p)
	for i := range 16 {
		m.keep(spi1+spiW0+4*uint32(i), binary.LittleEndian.Uint32(all[4*i:]))
	}
}

// writable tells whether programs and erases take effect, and closes the latch.
func (f *spiFlash) writable(m *Machine) bool {
	ok := f.status[0]&statusWEL != 0 && f.status[0]&statusProtect == 0
	if !m.options.Emulated {
		f.status[0] &^= statusWEL
	}
	return ok
}

// program is a page program. With flash encryption's write path on, the
// ciphertext prepared for it goes to the chip in place of the data registers.
func (f *spiFlash) program(m *Machine, addr uint32, data []byte) {
	m.wroteEntry(data)
	if m.stored(slaveSPIConfig)&encryptEnable != 0 {
		data = m.crypt.take(data)
	}
	m.operation("program", addr, len(data))
	if !f.writable(m) {
		return
	}
	m.changed(m.dev.Flash.PageProgram(addr, data), addr&^0xFF, flashmodel.PageSize)
}

func (f *spiFlash) erase(m *Machine, addr uint32, unit flashmodel.OpKind) {
	m.operation(unit.String(), addr, 0)
	if !f.writable(m) {
		return
	}
	size := map[flashmodel.OpKind]uint32{
		flashmodel.OpEraseSector: flashmodel.SectorSize, flashmodel.OpEraseBlock32: flashmodel.Block32Size,
		flashmodel.OpEraseBlock64: flashmodel.Block64Size, flashmodel.OpEraseChip: m.dev.Flash.Size(),
	}[unit]
	m.changed(m.dev.Flash.Erase(addr, unit), addr&^(size-1)&(m.dev.Flash.Size()-1), size)
}

// changed lets the cache know of new content. An error is the journal's: the
// machine stops at this operation, as in a power cut.
func (m *Machine) changed(err error, addr, size uint32) {
	m.cache.changed(m, addr&(m.dev.Flash.Size()-1), size)
	if err != nil {
		m.cut(err)
	}
}

func (f *spiFlash) writeStatus(m *Machine, v []byte) {
	if f.status[0]&statusWEL == 0 {
		return
	}
	m.operation("write status", 0, len(v))
	f.status[0] = v[0]&^3 | f.status[0]&statusWEL
	if len(v) > 1 && !m.options.Emulated {
		f.status[1] = v[1]
	}
	if !m.options.Emulated {
		f.status[0] &^= statusWEL
	}
}

// operation tells the tracer of a command.
func (m *Machine) operation(what string, addr uint32, size int) {
	if m.options.Tracer == nil {
		return
	}
	text := fmt.Sprintf("flash %s 0x%08x", what, addr)
	if size > 0 {
		text += fmt.Sprintf(", %d bytes", size)
	}
	m.options.Tracer.Operation(m.where(), text)
}
