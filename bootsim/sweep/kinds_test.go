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

// swept sweeps and returns the result.
func swept(t *testing.T, sc *sweep.Scenario, opt sweep.Options) *sweep.Result {
	t.Helper()
	r, err := sweep.Run(sc, opt)
	require.NoError(t, err)
	return r
}

// What each kind does to a device that power cuts do not harm.
func TestKindsOfFault(t *testing.T) {
	sc := updates.New(tiny(updates.Spec{}))
	for _, c := range []struct {
		kind   fault.Kind
		broken []sweep.Invariant
	}{
		{fault.Cut, nil}, {fault.Torn, nil}, {fault.Words, nil}, {fault.Erase, nil}, {fault.Warm, nil},
		{fault.Read, nil},    // the next try succeeds
		{fault.Refused, nil}, // and so it does here
		{fault.NoErase, nil}, // what was written does not verify
		{fault.Flip, []sweep.Invariant{sweep.Boots, sweep.Recovers}},  // of the bootloader
		{fault.Stuck, []sweep.Invariant{sweep.Boots, sweep.Recovers}}, // of the bootloader, or of otadata for ever
	} {
		r := swept(t, sc, sweep.Options{Faults: fault.Of(c.kind)})
		var broken []sweep.Invariant
		for i := range sweep.Count {
			if r.Verdict(sweep.Invariant(i)).Answer == sweep.Violated {
				broken = append(broken, sweep.Invariant(i))
			}
		}
		require.Equal(t, c.broken, broken, "%v", c.kind)
	}
}

// A stuck bit in the entry that an update writes keeps the update from ever
// being selected; a flipped one is gone with the next erase.
func TestStuckBitsStay(t *testing.T) {
	sc := updates.New(tiny(updates.Spec{}))
	const bit = 8 * 0xE000 // of ota_seq in the second sector, which holds 1 when erased
	told, err := sweep.Tell(sc, sweep.History{{Kind: fault.Stuck, Site: 0, Way: bit + 1}}, 0)
	require.NoError(t, err)
	require.Equal(t, []sweep.Invariant{sweep.Recovers}, told.Breaches, "%v", told.Story)
	told, err = sweep.Tell(sc, sweep.History{{Kind: fault.Flip, Site: 0, Way: bit + 1}}, 0)
	require.NoError(t, err)
	require.Empty(t, told.Breaches, "%v", told.Story)
}

// RTC memory survives a warm reset, and nothing else.
func TestRTCMemory(t *testing.T) {
	var seen []byte
	u := update.Func("counts", func(d *update.Device) error {
		if d.UpToDate {
			return nil
		}
		seen = append(seen, d.Memory[0])
		m := d.Memory
		m[0]++
		d.StoreRTC(m)
		return toy.Updater{}.Run(d)
	})
	sc := toy.Scenario(toy.Bootloader{}, u, 1)
	for kind, want := range map[fault.Kind][]byte{fault.Warm: {0, 1}, fault.Cut: {0, 0}} {
		seen = nil
		_, err := sweep.Tell(sc, sweep.History{{Kind: kind, Site: 3}}, 0)
		require.NoError(t, err)
		require.Equal(t, want, seen, "%v", kind)
	}
}

// A device that restarts with nothing changed but RTC memory is in no loop.
func TestRestartsThatCountAreNoLoop(t *testing.T) {
	u := update.Func("patient", func(d *update.Device) error {
		if !d.UpToDate && d.Memory[0] < 3 {
			m := d.Memory
			m[0]++
			d.StoreRTC(m)
			return update.ErrRestart
		}
		return toy.Updater{}.Run(d)
	})
	require.False(t, swept(t, toy.Scenario(toy.Bootloader{}, u, 1), sweep.Options{}).Failed())
	forever := update.Func("forever", func(*update.Device) error { return update.ErrRestart })
	told, err := sweep.Tell(toy.Scenario(toy.Bootloader{}, forever, 1), nil, 0)
	require.NoError(t, err)
	require.Equal(t, []sweep.Invariant{sweep.Recovers}, told.Breaches)
}

// What the cap leaves out is said, and nothing is called proven then.
func TestCap(t *testing.T) {
	r := swept(t, updates.New(tiny(updates.Spec{Updater: "mark-invalid"})), sweep.Options{Depth: 2, Runs: 20})
	require.False(t, r.Complete())
	last := r.Levels[len(r.Levels)-1]
	require.Positive(t, last.Skipped)
	require.Equal(t, sweep.Incomplete, r.Verdict(sweep.Boots).Answer)
}

func TestNoFaultIsAnError(t *testing.T) {
	for _, s := range []sweep.Options{{Faults: fault.Of(fault.Burn)}, {Faults: fault.Of(fault.Read)}} {
		_, err := sweep.Run(toy.Scenario(toy.Bootloader{}, update.Func("nothing", func(*update.Device) error { return nil }), 1), s)
		require.ErrorIs(t, err, sweep.ErrNoFault)
	}
}

// Two faults: still proven, over many more states.
func TestTwoFaults(t *testing.T) {
	r := swept(t, updates.New(tiny(updates.Spec{})), sweep.Options{Depth: 2})
	require.False(t, r.Failed())
	require.True(t, r.Complete())
	require.Greater(t, r.Levels[1].States, 100*r.Levels[0].States)
}

// The same sweep gives the same result, and another seed other samples.
func TestSeeds(t *testing.T) {
	sc := updates.New(tiny(updates.Spec{Updater: "crash"}))
	a, b := swept(t, sc, sweep.Options{Seed: 1}), swept(t, sc, sweep.Options{Seed: 1})
	require.Equal(t, a.Levels, b.Levels)
	require.Equal(t, a.Verdicts, b.Verdicts)
	require.EqualValues(t, 1, a.Seed)
}

// The thread's mistake needs no fault at all: the device never leaves the
// factory application.
func TestTheThreadsMistake(t *testing.T) {
	s := updates.Spec{Updater: "sd-card-raw-otadata", Table: updates.OneSlot, IDF: "v3.1", Encrypted: true}
	v := swept(t, updates.New(s), sweep.Options{}).Verdict(sweep.Recovers)
	require.Equal(t, sweep.Violated, v.Answer)
	require.Zero(t, v.Counter.Faults)
	require.Contains(t, v.Counter.Story, "    E (*) boot: ota data partition invalid, falling back to factory")
	s.Updater = "sd-card"
	require.False(t, swept(t, updates.New(s), sweep.Options{}).Failed())
}

// Option three writes each sector as plaintext before it encrypts it.
func TestStagingExposesPlaintext(t *testing.T) {
	r := swept(t, updates.New(tiny(updates.Spec{Updater: "staging", Encrypted: true})), sweep.Options{Faults: fault.Of(fault.Cut)})
	v := r.Verdict(sweep.Sealed)
	require.Equal(t, sweep.Violated, v.Answer)
	require.Zero(t, v.Counter.Faults)
	require.Equal(t, sweep.Proven, r.Verdict(sweep.Recovers).Answer)
}

// Once burnt, the eFuses keep an older application from running; without
// anti-rollback nothing does.
func TestSecureVersion(t *testing.T) {
	with := updates.Spec{Updater: "esp-ota,anti-rollback", OldSecure: 1, NewSecure: 2}
	require.Equal(t, sweep.Proven, swept(t, updates.New(tiny(with)), sweep.Options{}).Verdict(sweep.Secure).Answer)
	sc := updates.New(tiny(updates.Spec{Updater: "esp-ota,rollback", OldSecure: 1, NewSecure: 2, Change: thenBack}))
	v := swept(t, sc, sweep.Options{}).Verdict(sweep.Secure)
	require.Equal(t, sweep.Violated, v.Answer)
}

// thenBack goes back to the other slot once the new application confirmed itself.
func thenBack(u update.Updater) update.Updater {
	return update.Func("then-back", func(d *update.Device) error {
		if err := u.Run(d); err != nil || !d.UpToDate {
			return err
		}
		c, err := d.OTA(updates.Version("v5.5.5"))
		if err != nil {
			return err
		}
		if err := c.SetBootPartition(c.Slots()[1-d.Running.Slot]); err != nil {
			return err
		}
		return update.ErrRestart
	})
}
