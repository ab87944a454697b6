package sweep_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/sweep"
	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/fixtures/toy"
	"github.com/bootsim/bootsim/fixtures/updates"
)

// resets is every fault that ends a run.
const resets = fault.Power | 1<<fault.Warm

// planted are bugs, each with what finds it.
var planted = []struct {
	name    string
	booter  toy.Bootloader
	updater update.Updater
	seq     uint32
	breaks  sweep.Invariant
	needs   fault.Set // kinds of fault without which it does not show
	faults  int       // of the shortest counterexample
}{
	{"otadata before the image", toy.Bootloader{}, toy.Updater{EntryFirst: true}, 1, sweep.Boots, resets | noErase, 1},
	{"both entries erased at once", toy.Bootloader{}, toy.Updater{EraseBoth: true}, 1, sweep.Boots, resets | noErase, 1},
	{"sequence compared signed", toy.Bootloader{Signed: true}, toy.Updater{Signed: true}, 0x7FFFFFFF, sweep.Recovers, 0, 0},
	{"CRC of entries not checked", toy.Bootloader{AnyEntry: true}, toy.Updater{Invalidates: true}, 3, sweep.Known, fault.Of(fault.Erase), 1},
	{"CRC of images not checked", toy.Bootloader{AnyImage: true}, toy.Updater{TrustsWrite: true}, 1, sweep.Known, noErase, 1},
	{"selected before verified", toy.Bootloader{AnyImage: true}, toy.Updater{SelectFirst: true}, 1, sweep.Known, noErase, 2},
	{"copy without a marker", toy.Bootloader{}, toy.Copier{NoMarker: true}, 1, sweep.Boots, resets | noErase, 1},
	{"running slot overwritten", toy.Bootloader{}, toy.Updater{Overwrites: true}, 1, sweep.Boots, resets | noErase, 1},
}

// noErase is an erase that does nothing.
const noErase = fault.Set(1 << fault.NoErase)

func TestPlantedBugsAreFound(t *testing.T) {
	for _, bug := range planted {
		t.Run(bug.name, func(t *testing.T) {
			sc := toy.Scenario(bug.booter, bug.updater, bug.seq)
			found, err := sweep.Run(sc, sweep.Options{Faults: resets | noErase, Depth: bug.faults})
			require.NoError(t, err)
			v := found.Verdict(bug.breaks)
			require.Equal(t, sweep.Violated, v.Answer)
			require.Equal(t, bug.faults, v.Counter.Faults, v.Counter.Story)
			if bug.needs == 0 {
				return
			}
			rest := (resets | noErase | 1<<fault.Read) &^ bug.needs
			none, err := sweep.Run(sc, sweep.Options{Faults: rest, Depth: bug.faults})
			require.NoError(t, err)
			require.Equal(t, sweep.Proven, none.Verdict(bug.breaks).Answer, "with %v alone: %+v", rest, none.Verdict(bug.breaks).Counter)
		})
	}
}

// What is right stays right under every fault that ends a run.
func TestRightToysAreProven(t *testing.T) {
	for name, u := range map[string]update.Updater{"updater": toy.Updater{}, "invalidating updater": toy.Updater{Invalidates: true}, "copier": toy.Copier{}} {
		for _, seq := range []uint32{1, 3, 0x7FFFFFFF} {
			sc := toy.Scenario(toy.Bootloader{}, u, seq)
			r, err := sweep.Run(sc, sweep.Options{Faults: resets, Depth: 2})
			require.NoError(t, err)
			require.False(t, r.Failed(), "%s: %+v", name, r.Verdicts)
			require.True(t, r.Complete())
		}
	}
}

// An application that confirms itself before it has looked whether it works is
// never rolled back. That takes no fault.
func TestConfirmingTooEarlyIsFound(t *testing.T) {
	early := func(u update.Updater) update.Updater {
		return update.Func("early", func(d *update.Device) error {
			if !d.UpToDate {
				return u.Run(d)
			}
			c, err := d.OTA(updates.Version("v5.5.5"))
			if err != nil {
				return err
			}
			if err := c.MarkValid(); err != nil {
				return err
			}
			return u.Run(d) // which crashes
		})
	}
	for _, c := range []struct {
		change func(update.Updater) update.Updater
		want   sweep.Answer
	}{{early, sweep.Violated}, {nil, sweep.Proven}} {
		sc := updates.New(tiny(updates.Spec{Updater: "crash", Change: c.change}))
		v := swept(t, sc, sweep.Options{Faults: fault.Of(fault.Cut)}).Verdict(sweep.Recovers)
		require.Equal(t, c.want, v.Answer)
		if v.Counter != nil {
			require.Zero(t, v.Counter.Faults)
		}
	}
}

// With a bound of one boot the update itself takes too many.
func TestBoundIsPartOfTheToken(t *testing.T) {
	v := swept(t, toy.Scenario(toy.Bootloader{}, toy.Updater{}, 1), sweep.Options{Bound: 1}).Verdict(sweep.Bounded)
	require.Equal(t, sweep.Violated, v.Answer)
	token, err := sweep.ParseToken(v.Counter.Token)
	require.NoError(t, err)
	told, err := sweep.TellWithin(toy.Scenario(toy.Bootloader{}, toy.Updater{}, 1), token.History, token.Seed, token.Bound)
	require.NoError(t, err)
	require.Equal(t, []sweep.Invariant{sweep.Bounded}, told.Breaches)
}
