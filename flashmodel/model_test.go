package flashmodel_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var erases = map[flashmodel.OpKind]int{
	flashmodel.OpEraseSector:  4 << 10,
	flashmodel.OpEraseBlock32: 32 << 10,
	flashmodel.OpEraseBlock64: 64 << 10,
	flashmodel.OpEraseChip:    flashmodel.MinSize,
}

// genAddr draws addresses that crowd around the ends of a sector, of a 64 KiB
// block and of the chip, and behind it.
func genAddr(t *rapid.T) uint32 {
	near := rapid.SampledFrom([]uint32{0x1000, 0x10000, 0x100000}).Draw(t, "near")
	alias := rapid.SampledFrom([]uint32{0, 0, 0x700000}).Draw(t, "alias")
	return alias + near - 0x200 + rapid.Uint32Range(0, 0x400).Draw(t, "offset")
}

// genData draws bytes of which many are 0xFF or 0.
func genData(t *rapid.T, limit int) []byte {
	b := rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte{0xFF, 0xFF, 0}))
	if rapid.Bool().Draw(t, "uniform") {
		return bytes.Repeat([]byte{b.Draw(t, "byte")}, rapid.IntRange(0, limit).Draw(t, "len"))
	}
	return rapid.SliceOfN(b, 0, min(limit, 700)).Draw(t, "data")
}

// machine is a family of chips that fork from each other, against their models.
type machine struct{ chips []*chip }

func (m *machine) pick(t *rapid.T) *chip {
	return m.chips[rapid.IntRange(0, len(m.chips)-1).Draw(t, "chip")]
}

func (m *machine) PageProgram(t *rapid.T) {
	c, addr, data := m.pick(t), genAddr(t), genData(t, 600)
	require.NoError(t, c.flash.PageProgram(addr, data))
	c.model.page(addr, data)
}

func (m *machine) Program(t *rapid.T) {
	c, addr, data := m.pick(t), genAddr(t), genData(t, 9000)
	require.NoError(t, c.flash.Program(addr, data))
	c.model.program(addr, data)
}

// ProgramSectors writes whole sectors, often the same ones as before, and now
// and then with a wrong tail behind them.
func (m *machine) ProgramSectors(t *rapid.T) {
	c, addr := m.pick(t), genAddr(t)&^0xfff
	data := bytes.Repeat([]byte{rapid.SampledFrom([]byte{0xFF, 0x5A, 0xA5}).Draw(t, "byte")}, 4096*rapid.IntRange(1, 3).Draw(t, "sectors"))
	data[rapid.SampledFrom([]int{0, 255, 4095}).Draw(t, "at")] = rapid.SampledFrom([]byte{0, 0xFF}).Draw(t, "odd")
	data = append(data, genData(t, 300)...)
	require.NoError(t, c.flash.Program(addr, data))
	c.model.program(addr, data)
	clear(data) // the caller's: neither chip nor journal may go on using it
}

func (m *machine) Erase(t *rapid.T) {
	c, addr := m.pick(t), genAddr(t)
	kind := rapid.SampledFrom([]flashmodel.OpKind{flashmodel.OpEraseSector, flashmodel.OpEraseBlock32,
		flashmodel.OpEraseBlock64, flashmodel.OpEraseChip}).Draw(t, "unit")
	require.NoError(t, c.flash.Erase(addr, kind))
	c.model.erase(addr, erases[kind])
}

func (m *machine) EraseRange(t *rapid.T) {
	c, addr := m.pick(t), genAddr(t)&^0xfff
	sectors := rapid.IntRange(0, 20).Draw(t, "sectors")
	require.NoError(t, c.flash.EraseRange(addr, uint32(sectors*4096)))
	for i := range sectors {
		c.model.erase(addr+uint32(i*4096), 4096)
	}
}

// Place is not journaled, so the journal starts over.
func (m *machine) Place(t *rapid.T) {
	c, addr, data := m.pick(t), genAddr(t)%0xfd000, genData(t, 9000)
	require.NoError(t, c.flash.Place(addr, data))
	copy(c.model[addr:], data)
	c.record()
}

func (m *machine) Fork(t *rapid.T) {
	if len(m.chips) == 3 {
		m.chips = slices.Delete(m.chips, 0, 1)
	}
	m.chips = append(m.chips, m.pick(t).fork())
}

// Sum is asked now and then, so that writes meet nodes with and without a hash.
func (m *machine) Sum(t *rapid.T) {
	a, b := m.pick(t), m.pick(t)
	require.Equal(t, bytes.Equal(a.model, b.model), a.flash.Sum() == b.flash.Sum())
}

// ChangedSectors are those in which the models differ, from both sides.
func (m *machine) ChangedSectors(t *rapid.T) {
	a, b := m.pick(t), m.pick(t)
	var want []uint32
	for addr := 0; addr < len(a.model); addr += 4096 {
		if !bytes.Equal(a.model[addr:addr+4096], b.model[addr:addr+4096]) {
			want = append(want, uint32(addr))
		}
	}
	require.Equal(t, want, a.flash.ChangedSectors(b.flash))
	require.Equal(t, want, b.flash.ChangedSectors(a.flash))
}

// Replay of the journal on what the chip was when it began gives the chip.
func (m *machine) Replay(t *rapid.T) {
	c := m.pick(t)
	f := c.start.Fork()
	require.NoError(t, flashmodel.Replay(f, c.journal.Ops()))
	require.Equal(t, c.flash.Sum(), f.Sum())
	require.Empty(t, c.flash.ChangedSectors(f))
}

func (m *machine) Read(t *rapid.T) {
	c, addr, n := m.pick(t), genAddr(t), rapid.IntRange(0, 9000).Draw(t, "len")
	got := bytes.Repeat([]byte{0x55}, n)
	c.flash.Read(addr, got)
	require.Equal(t, c.model.read(addr, n), got)
	ones := bytes.Count(got, []byte{0xFF}) == n
	require.Equal(t, ones, c.flash.Erased(addr, uint32(n)))
}

func (m *machine) Check(t *rapid.T) {}

// Every operation on every chip of a family does what it does to an array of
// bytes, and to no other chip.
func TestAgainstNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, err := flashmodel.New(flashmodel.MinSize)
		require.NoError(t, err)
		first := &chip{flash: f, model: newNaive(flashmodel.MinSize)}
		first.record()
		m := &machine{chips: []*chip{first}}
		t.Repeat(rapid.StateMachineActions(m))
		for _, c := range m.chips {
			require.True(t, bytes.Equal(c.model, content(c.flash)), "content differs from the model's")
		}
	})
}

// content is every byte of a chip.
func content(f *flashmodel.Flash) []byte {
	b := make([]byte, f.Size())
	f.Read(0, b)
	return b
}
