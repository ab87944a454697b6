package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/fixtures/updates"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// A slot that otadata does not name matters as soon as a bit of otadata may change at
// rest: then the bootloader reads it, and so a state in which it holds something else
// is another one.
func TestWhatBitsAtRestLeadToDependsOnOtherSlots(t *testing.T) {
	idle := func(update.Updater) update.Updater {
		return update.Func("idle", func(*update.Device) error { return nil })
	}
	sc := updates.New(tiny(updates.Spec{Running: "ota_0", Change: idle}))
	for _, p := range sc.Parts {
		if !p.Is(parttable.TypeData, parttable.SubtypeOTAData) {
			continue
		}
		for i, seq := range []uint32{3, 2} { // of two slots the first; the second is next in turn
			entry := otadata.New(seq, otadata.StateUndefined).Encode()
			require.NoError(t, sc.Device.Flash.Place(p.Offset+uint32(i)*otadata.SectorSize, entry[:]))
		}
	}
	for _, p := range sc.Parts {
		if p.Is(parttable.TypeApp, parttable.SubtypeOTA0+1) {
			require.False(t, sweep.Depends(sc, sweep.Options{Faults: fault.Of(fault.Cut), Depth: 1}, p.Offset))
			require.True(t, sweep.Depends(sc, sweep.Options{Faults: fault.Of(fault.Cut, fault.Flip), Depth: 1}, p.Offset))
			return
		}
	}
	require.Fail(t, "no second slot")
}

// RTC memory is part of the state at a warm reset, although no operation changed
// anything that a boot reads.
func TestWarmResetsAfterRTCMemoryWasStored(t *testing.T) {
	leaving := func(update.Updater) update.Updater {
		return update.Func("leaving", func(d *update.Device) error {
			end := d.Hardware.Flash.Size()
			if d.Memory[0] == 1 {
				if err := d.Erase(d.Running.Offset, flashmodel.SectorSize); err != nil {
					return err
				}
				return update.ErrRestart
			}
			if err := d.Write(end-4, []byte{0}); err != nil {
				return err
			}
			d.StoreRTC(update.RTC{1})
			return d.Write(end-8, []byte{0})
		})
	}
	sc := updates.New(tiny(updates.Spec{Change: leaving}))
	require.NotEqual(t, sweep.Violated, swept(t, sc, sweep.Options{Faults: fault.Of(fault.Cut)}).Verdict(sweep.Boots).Answer)
	v := swept(t, sc, sweep.Options{Faults: fault.Of(fault.Warm)}).Verdict(sweep.Boots)
	require.Equal(t, sweep.Violated, v.Answer)
	require.Equal(t, 1, v.Counter.Faults)
}
