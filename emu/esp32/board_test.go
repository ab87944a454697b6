package esp32

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/emu/xtensa"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// codeAt is where test programs lie, dataAt memory for them.
const (
	codeAt = 0x40078000
	dataAt = 0x3FFB0000
)

// board is a machine whose second stage is an assembled program.
func board(tb testing.TB, source string, o Options) *Machine {
	tb.Helper()
	code, err := xtensa.Assemble(codeAt, source)
	require.NoError(tb, err)
	code = append(code, make([]byte, -len(code)&3)...)
	flash, err := flashmodel.New(1 << 20)
	require.NoError(tb, err)
	image := espimage.Build(espimage.Spec{Header: espimage.DefaultHeader(codeAt), Segments: []espimage.Data{{LoadAddr: codeAt, Bytes: code}}})
	require.NoError(tb, flash.Place(rom.ImageAddress, image))
	d := &emu.Device{Flash: flash, Efuses: efuse.New(), ROM: emu.ROM2019, Cause: emu.ResetPowerOn}
	first := rom.Run(d)
	require.NotNil(tb, first.Loaded)
	return New(d, first.Loaded, o)
}

// program makes a program of instructions, with a frame and an end.
func program(body string) string { return "entry a1, 64\n" + body + "\nend: j end" }

// call serves a ROM function as a CALL8 of it would be.
func (m *Machine) try(tb testing.TB, name string, args ...uint32) (low, high uint32) {
	tb.Helper()
	f := named(tb, name)
	for i, v := range args {
		if i < 6 {
			m.CPU.SetA(10+i, v)
		}
	}
	m.Call(m.CPU, f.Addr, codeAt, 10)
	require.Nil(tb, m.result, "%+v", m.result)
	return m.CPU.A(10), m.CPU.A(11)
}

func named(tb testing.TB, name string) *Function {
	tb.Helper()
	for _, f := range Functions() {
		if f.Name == name {
			return FunctionAt(f.Addr)
		}
	}
	tb.Fatalf("no ROM function %s", name)
	return nil
}

// write puts text into memory.
func (m *Machine) write(addr uint32, text string) uint32 {
	m.putBytes(addr, append([]byte(text), 0))
	return addr
}
