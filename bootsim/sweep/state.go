package sweep

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel"
)

// state is everything on which the future of a device depends while no program
// runs, and what invariants remember of its past.
type state struct {
	dev   *emu.Device
	rtc   update.RTC
	stuck []stuckBit
	ghost ghost
}

// ghost is what no device knows: what has been promised to the user.
type ghost struct {
	confirming bool   // the new application began to confirm itself
	secure     uint32 // secure_version of the application that has done so
}

// stuckBit is a cell that no longer changes.
type stuckBit struct {
	addr  uint32
	bit   uint8
	value uint8
}

// key is what two states must have in common before their flash is compared.
type key struct {
	fuses [efuse.BlockCount][efuse.BlockWords]uint32
	cause emu.ResetReason
	rtc   update.RTC
	ghost ghost
}

func keyOf(d *emu.Device, rtc update.RTC, g ghost) key {
	k := key{cause: d.Cause, rtc: rtc, ghost: g}
	for b := range k.fuses {
		for w := range k.fuses[b] {
			k.fuses[b][w] = d.Efuses.Word(b, w)
		}
	}
	return k
}

// everywhere is the set of all sectors.
var everywhere = func() (s flashmodel.Sectors) {
	s.Add(0, flashmodel.MaxSize)
	return s
}()

// sameFlash tells whether two chips hold the same everywhere.
func sameFlash(a, b *flashmodel.Flash) bool {
	all := everywhere
	return a.AgreesOn(b, &all)
}

// fixed makes operations respect stuck bits.
type fixed struct{ bits []stuckBit }

// Intercept gives stuck bits their value back.
func (f fixed) Intercept(op flashmodel.Op, _, after []byte) error {
	if op.Kind == flashmodel.OpBurn {
		return nil
	}
	for _, s := range f.bits {
		if i, ok := cellOf(op, s.addr); ok {
			after[i] = after[i]&^(1<<s.bit) | s.value<<s.bit
		}
	}
	return nil
}

// cellOf returns where in an operation's cells an address lies.
func cellOf(op flashmodel.Op, addr uint32) (int, bool) {
	i := addr - op.Addr
	if op.Kind == flashmodel.OpProgram {
		// A program goes on at the start of its page.
		if addr/flashmodel.PageSize != op.Addr/flashmodel.PageSize {
			return 0, false
		}
		i %= flashmodel.PageSize
	}
	return int(i), i < op.Size
}
