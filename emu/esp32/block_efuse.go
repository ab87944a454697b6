package esp32

import (
	"fmt"

	"github.com/bootsim/bootsim/emu/efuse"
)

const efuseBase = 0x3FF5A000

// fuseController is what the eFuse registers show: the blocks as they were read
// last.
type fuseController struct {
	shown [efuse.BlockCount][efuse.BlockWords]uint32
}

// Op codes of EFUSE_CONF and bits of EFUSE_CMD.
const (
	efuseReadCode    = 0x5AA5
	efuseProgramCode = 0x5A5A
	efuseRead        = 1
	efuseProgram     = 2
)

// efuseBlocks are where a block's words are read and written.
var efuseBlocks = [efuse.BlockCount]struct{ read, write, words uint32 }{
	{0x00, 0x1C, efuse.Block0Words}, {0x38, 0x98, efuse.BlockWords}, {0x58, 0xB8, efuse.BlockWords}, {0x78, 0xD8, efuse.BlockWords},
}

func efuseBlock() block {
	b := block{"EFUSE", efuseBase, "ESP-IDF v5.2.2 soc/esp32/efuse_reg.h; spec exec 4.4", []register{
		{name: "EFUSE_CLK", off: 0xF8, reset: 0x4050}, {name: "EFUSE_CONF", off: 0xFC},
		{name: "EFUSE_STATUS", off: 0x100},
		{name: "EFUSE_CMD", off: 0x104, read: always(0), write: func(m *Machine, _, v uint32) { m.fuses.command(m, v) }},
		{name: "EFUSE_INT_RAW", off: 0x108, count: 4}, {name: "EFUSE_DAC_CONF", off: 0x118, reset: 0x28},
		{name: "EFUSE_DEC_STATUS", off: 0x11C, read: always(0), write: ignore},
		{name: "EFUSE_DATE", off: 0x1FC, reset: 0x16042600},
	}}
	for i, at := range efuseBlocks {
		first := efuseBase + at.read
		read := func(m *Machine, addr uint32) uint32 { return m.fuses.shown[i][(addr-first)/4] }
		b.registers = append(b.registers,
			register{name: fmt.Sprintf("EFUSE_BLK%d_RDATA", i), off: at.read, count: at.words, read: read, write: ignore},
			register{name: fmt.Sprintf("EFUSE_BLK%d_WDATA", i), off: at.write, count: at.words})
	}
	return b
}

// latch reads the eFuses into the registers, as far as software may see them.
func (f *fuseController) latch(m *Machine) {
	for i, at := range efuseBlocks {
		for w := range int(at.words) {
			f.shown[i][w] = m.dev.Efuses.ReadWord(i, w)
		}
	}
}

// command carries out EFUSE_CMD, at once.
func (f *fuseController) command(m *Machine, cmd uint32) {
	code := m.stored(efuseBase + 0xFC)
	if cmd&efuseProgram != 0 && code == efuseProgramCode {
		f.burn(m)
	}
	if cmd&efuseRead != 0 && code == efuseReadCode {
		f.latch(m)
	}
}

// burn programs all blocks. BLOCK0 comes last, because what it protects is
// still open in the same command.
func (f *fuseController) burn(m *Machine) {
	for i := efuse.BlockCount - 1; i >= 0; i-- {
		at := efuseBlocks[i]
		words := make([]uint32, at.words)
		var any uint32
		for w := range words {
			words[w] = m.stored(efuseBase + at.write + 4*uint32(w))
			any |= words[w]
		}
		if any == 0 {
			continue
		}
		if m.options.Tracer != nil {
			// Which bits is not told: they may be a key's.
			m.options.Tracer.Operation(m.where(), fmt.Sprintf("eFuse burn BLOCK%d", i))
		}
		m.drewKey(i, words)
		if err := m.dev.Efuses.Burn(i, words); err != nil {
			m.cut(err)
			return
		}
	}
}
