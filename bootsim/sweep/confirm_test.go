package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/fixtures/updates"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// A device that comes back to an earlier state after it made a promise breaks
// the promise on its next round.
func TestPromisesOutliveTheRound(t *testing.T) {
	fickle := func(update.Updater) update.Updater {
		return update.Func("fickle", func(d *update.Device) error {
			c, err := d.OTA(updates.Version("v5.5.5"))
			if err != nil {
				return err
			}
			switch second := d.Memory[0] == 1; {
			case d.UpToDate && second:
				d.Mark(update.MarkConfirming)
				d.StoreRTC(update.RTC{})
				return update.ErrRestart
			case d.UpToDate:
				d.StoreRTC(update.RTC{1})
				return turn(d, c, 0)
			case !second:
				if err := install(d, c, 1); err != nil {
					return err
				}
			}
			return turn(d, c, 1)
		})
	}
	sc := updates.New(tiny(updates.Spec{Updater: "esp-ota,rollback", Change: fickle}))
	r := swept(t, sc, sweep.Options{Faults: fault.Of(fault.Cut)})
	require.Equal(t, sweep.Violated, r.Verdict(sweep.Recovers).Answer)
	v := r.Verdict(sweep.Keeps)
	require.Equal(t, sweep.Violated, v.Answer)
	require.Zero(t, v.Counter.Faults)
}

// install writes the new application to a slot.
func install(d *update.Device, c *ota.Component, slot int) error {
	p := c.Slots()[slot]
	if err := d.Erase(p.Offset, p.Size); err != nil {
		return err
	}
	return d.WriteEncrypted(p.Offset, d.Offer.Files[0].Data)
}

// turn selects a slot by entries that are always the same.
func turn(d *update.Device, c *ota.Component, slot int) error {
	row, err := c.OTAData()
	if err != nil {
		return err
	}
	if err := d.Erase(row.Offset, row.Size); err != nil {
		return err
	}
	if slot == 1 {
		e := entryOfSlotOne()
		if err := d.WriteEncrypted(row.Offset, e[:]); err != nil {
			return err
		}
	}
	return update.ErrRestart
}

// entryOfSlotOne names the second of two slots, confirmed.
func entryOfSlotOne() [32]byte {
	e := otadata.New(2, otadata.StateValid)
	return e.Encode()
}

// A promise is part of the state although nothing in flash shows it: a loss of
// power after it differs from one before, even where the operation beside it
// matters to nobody.
func TestPromisesBesideIdleOperations(t *testing.T) {
	for _, c := range []struct {
		before bool // a promise is made before the operation, too
		after  update.Mark
		fault  fault.Kind
		broken sweep.Invariant
	}{
		{false, update.MarkConfirmed, fault.Cut, sweep.Secure},
		{true, update.MarkConfirming, fault.Words, sweep.Keeps}, // begun with the operation that is torn
	} {
		hasty := func(u update.Updater) update.Updater {
			return update.Func("hasty", func(d *update.Device) error {
				if d.UpToDate {
					if c.before {
						d.Mark(update.MarkConfirming)
					}
					if err := d.Write(d.Hardware.Flash.Size()-4, []byte{0}); err != nil {
						return err
					}
					d.Mark(c.after)
				}
				return u.Run(d)
			})
		}
		sc := updates.New(tiny(updates.Spec{Updater: "esp-ota,rollback", OldSecure: 1, NewSecure: 2, Change: hasty}))
		opt := sweep.Options{Faults: fault.Of(c.fault)}
		v := swept(t, sc, opt).Verdict(c.broken)
		require.Equal(t, sweep.Violated, v.Answer)
		require.Equal(t, 1, v.Counter.Faults)
		plain, err := sweep.RunPlainly(sc, opt)
		require.NoError(t, err)
		require.Equal(t, plain.Verdict(c.broken), v)
	}
}
