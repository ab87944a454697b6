package engine

import "github.com/bootsim/bootsim/emu"

func selection([]emu.Line) emu.Selection { return emu.Selection{} }

func refusals([]emu.Line) []emu.Refusal { return nil }
