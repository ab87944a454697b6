package check_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// expects is what a lot should boot, in the words of its report.
func expects(l bootsim.Lot) string {
	nothing := scripted{boot: func(*emu.Device) emu.Outcome { return emu.Outcome{} }}
	return check.Run([]bootsim.Lot{l}, nil, check.Options{Engine: nothing}).Lots[0].Scenarios[0].Expect
}

// replace exchanges what lies at an address, encrypted like the rest.
func replace(l bootsim.Lot, addr uint32, data []byte) bootsim.Lot {
	b := data
	if l.Key != nil {
		b = lot.Encrypt(*l.Key, crypt.FullConfig, addr, data)
	}
	l = remove(l, addr)
	l.Contents = append(l.Contents, bootsim.Placement{File: "replaced", Address: addr, Data: b})
	return l
}

func remove(l bootsim.Lot, addr uint32) bootsim.Lot {
	at := func(p bootsim.Placement) bool { return p.Address == addr }
	l.Contents = slices.DeleteFunc(slices.Clone(l.Contents), at)
	return l
}

// TestExpectationFollowsTheContent derives what should boot where nobody says.
func TestExpectationFollowsTheContent(t *testing.T) {
	app := lot.App(lot.AppSpec{Version: "1.0"})
	without, with := fleet{slots: 3}.lot(), fleet{slots: 3, factory: true}.lot()
	require.Equal(t, "ota_0", expects(without), "no factory, otadata erased")
	require.Equal(t, "factory", expects(with))

	select2 := lot.OTAData(otadata.New(2, otadata.StateValid), otadata.New(3, otadata.StateUndefined))
	require.Equal(t, "ota_2", expects(replace(with, 0xD000, select2)), "the slot that otadata names, although it is empty")
	aborted := lot.OTAData(otadata.New(2, otadata.StateAborted), otadata.New(3, otadata.StateInvalid))
	require.Equal(t, "factory", expects(replace(with, 0xD000, aborted)), "otadata names none")
	zero := lot.OTAData(otadata.New(0, otadata.StateUndefined))
	require.Equal(t, "ota_0", expects(replace(with, 0xD000, zero)), "0xFFFFFFFF mod 3")

	moved := remove(replace(without, fleet{}.at(1), app), fleet{}.at(0))
	require.Equal(t, "ota_1", expects(moved), "the first slot in boot order that holds anything")
}

// TestExpectationSeesThroughMistakes reads otadata as it was meant: plaintext on
// a device that decrypts still says which slot its author wanted.
func TestExpectationSeesThroughMistakes(t *testing.T) {
	l := fleet{slots: 3, factory: true}.lot()
	for i := range l.Contents {
		if l.Contents[i].Address == 0xD000 {
			l.Contents[i].Data = lot.OTAData(otadata.New(2, otadata.StateUndefined))
		}
	}
	require.Equal(t, "ota_1", expects(l))
}

// TestExpectationIsStated takes the lot's word over its content.
func TestExpectationIsStated(t *testing.T) {
	l := fleet{slots: 3, factory: true}.lot()
	l.Expect = &bootsim.Expectation{Slot: "ota_1", Version: "1.0"}
	require.Equal(t, "ota_1, version 1.0", expects(l))
	l.Expect = &bootsim.Expectation{Slot: "no such row"}
	require.Equal(t, "some application", expects(l))
	l.Expect = nil
	l.Contents = nil
	require.Equal(t, "some application", expects(l), "nothing is there to derive it from")
}
