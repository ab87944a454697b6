package check_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
)

func runAll(lots []bootsim.Lot, releases []bootsim.Release) *bootsim.Report {
	return check.Run(lots, releases, check.Options{Engine: model.Engine{}, Tool: "test"})
}

// scripted is an engine and a booter whose boots are written down.
type scripted struct {
	boot func(d *emu.Device) emu.Outcome
	err  error
}

func (s scripted) Variants(*bootsim.Lot, *emu.Device, bool) ([]check.Variant, []string, error) {
	return []check.Variant{{Booter: s}}, []string{"a script"}, s.err
}

func (s scripted) Boot(d *emu.Device) emu.Outcome { return s.boot(d) }

func runScript(boot func(*emu.Device) emu.Outcome) bootsim.LotReport {
	l := fleet{slots: 2}.lot()
	return check.Run([]bootsim.Lot{l}, nil, check.Options{Engine: scripted{boot: boot}}).Lots[0]
}

func line(text string) emu.Line { return emu.Line{Text: text} }

// TestResetsAreFollowedWhileTheyChangeSomething boots again after a reset that
// left a trace, and shows the console of all boots.
func TestResetsAreFollowedWhileTheyChangeSomething(t *testing.T) {
	boots := 0
	r := runScript(func(d *emu.Device) emu.Outcome {
		boots++
		if boots < 3 {
			require.NoError(t, d.Flash.Program(0x3F0000+uint32(boots), []byte{0}))
			return emu.Outcome{End: emu.EndReset, NextCause: emu.ResetSoftware, Log: []emu.Line{line("again")}}
		}
		require.Equal(t, emu.ResetSoftware, d.Cause)
		return emu.Outcome{End: emu.EndApp, App: &emu.App{Label: "ota_0", Offset: firstSlot}, Log: []emu.Line{line("done")}}
	})
	require.Equal(t, 3, boots)
	require.Equal(t, []string{"again", "again", "done"}, r.Scenarios[0].Log)
	require.Equal(t, bootsim.Pass, r.Verdict)
}

// TestResetsAreFollowedAfterABurn, too: a first boot may change nothing else.
func TestResetsAreFollowedAfterABurn(t *testing.T) {
	boots := 0
	r := runScript(func(d *emu.Device) emu.Outcome {
		if boots++; boots == 1 {
			require.NoError(t, d.Efuses.Burn(0, []uint32{6: 1 << 6}))
			return emu.Outcome{End: emu.EndReset, NextCause: emu.ResetSoftware}
		}
		return emu.Outcome{End: emu.EndApp, App: &emu.App{Label: "ota_0", Offset: firstSlot}}
	})
	require.Equal(t, 2, boots)
	require.Equal(t, bootsim.Pass, r.Verdict)
}

// TestSettledDeviceIsAsItWasFlashed unless its first boot encrypts it: what else
// a boot writes, such as otadata, is for the device to write.
func TestSettledDeviceIsAsItWasFlashed(t *testing.T) {
	for _, encrypts := range []bool{false, true} {
		l := fleet{slots: 2}.lot()
		l.Efuses, l.Key = efuse.New(), nil
		e := scripted{boot: func(d *emu.Device) emu.Outcome {
			require.NoError(t, d.Flash.Program(0x3F0000, []byte{0}))
			if encrypts {
				require.NoError(t, d.Efuses.Burn(0, []uint32{1 << 20}))
			}
			return emu.Outcome{End: emu.EndApp, App: &emu.App{Label: "ota_0", Offset: firstSlot}}
		}}
		f, err := check.Settle(&l, e)
		require.NoError(t, err)
		require.Equal(t, encrypts, f.Device.Efuses.FlashEncryption())
		require.Equal(t, !encrypts, f.Device.Flash.Erased(0x3F0000, 1))
	}
}

// TestResetLoopsEnd stops at a reset that changes nothing, and at one that
// changes something for ever.
func TestResetLoopsEnd(t *testing.T) {
	boots := 0
	runScript(func(*emu.Device) emu.Outcome {
		boots++
		return emu.Outcome{End: emu.EndReset}
	})
	require.Equal(t, 1, boots)
	boots = 0
	r := runScript(func(d *emu.Device) emu.Outcome {
		boots++
		require.NoError(t, d.Flash.Program(0x3F0000+uint32(boots), []byte{0}))
		return emu.Outcome{End: emu.EndReset}
	})
	require.Equal(t, 4, boots)
	require.Equal(t, bootsim.Fail, r.Verdict)
}

// TestVerdicts maps ends of a boot to verdicts; what is not modelled is no pass.
func TestVerdicts(t *testing.T) {
	app := &emu.App{Label: "ota_0", Offset: firstSlot}
	other := &emu.App{Slot: 1, Label: "ota_1", Offset: firstSlot + slotRoom}
	for name, c := range map[string]struct {
		out  emu.Outcome
		want bootsim.Verdict
		rule string
	}{
		"expected app":   {emu.Outcome{End: emu.EndApp, App: app}, bootsim.Pass, ""},
		"other app":      {emu.Outcome{End: emu.EndApp, App: other}, bootsim.Fail, "boots-other-slot"},
		"reset for ever": {emu.Outcome{End: emu.EndReset}, bootsim.Fail, "boot-fails"},
		"returned":       {emu.Outcome{End: emu.EndReturned}, bootsim.Fail, "boot-fails"},
		"unknown":        {emu.Outcome{End: emu.EndUnknown, NotModelled: "a thing"}, bootsim.NotModelled, "not-modelled"},
	} {
		r := runScript(func(*emu.Device) emu.Outcome { return c.out })
		require.Equal(t, c.want, r.Verdict, name)
		if c.rule == "" {
			require.Empty(t, r.Findings, name)
			continue
		}
		require.Equal(t, c.rule, r.Findings[0].Rule, name)
	}
}

// TestMisreadDeviceFails although what follows is not modelled: that the device
// reads noise is known.
func TestMisreadDeviceFails(t *testing.T) {
	l := fleet{slots: 2}.lot()
	boot := &l.Contents[0]
	require.Equal(t, uint32(0x1000), boot.Address)
	boot.Data = lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", FlashEncryption: true}) // not encrypted
	r := check.Run([]bootsim.Lot{l}, nil, check.Options{Engine: scripted{boot: func(*emu.Device) emu.Outcome {
		return emu.Outcome{End: emu.EndUnknown, NotModelled: "a thing"}
	}}}).Lots[0]
	require.Equal(t, bootsim.Fail, r.Verdict)
	require.Equal(t, bootsim.Fail, r.Scenarios[0].Verdict)
	require.Equal(t, "not-encrypted", r.Findings[0].Rule)
}

// TestUpdateEndsInASoftwareReset, as esp_restart does; the first boot follows
// power-on.
func TestUpdateEndsInASoftwareReset(t *testing.T) {
	f := fleet{slots: 2}
	var causes []emu.ResetReason
	check.Run([]bootsim.Lot{f.lot()}, []bootsim.Release{f.release()}, check.Options{Engine: scripted{boot: func(d *emu.Device) emu.Outcome {
		causes = append(causes, d.Cause)
		return emu.Outcome{End: emu.EndApp, App: &emu.App{Label: "ota_0", Offset: firstSlot}}
	}}})
	require.Greater(t, len(causes), 1)
	require.Equal(t, emu.ResetPowerOn, causes[0])
	for _, c := range causes[1:] {
		require.Equal(t, emu.ResetSoftware, c)
	}
}

// TestEngineErrorIsNoPass reports a lot that no engine can boot.
func TestEngineErrorIsNoPass(t *testing.T) {
	l := fleet{slots: 2}.lot()
	r := check.Run([]bootsim.Lot{l}, nil, check.Options{Engine: scripted{err: errors.New("no such version")}})
	require.Equal(t, bootsim.Fail, r.Verdict, "of the report")
	require.Equal(t, bootsim.NotModelled, r.Lots[0].Verdict)
	require.Equal(t, "unverifiable", r.Lots[0].Findings[0].Rule)
	require.Contains(t, r.Lots[0].Findings[0].Message, "no such version")
}

// TestAssumptionsAreTold lists what was not stated: once each.
func TestAssumptionsAreTold(t *testing.T) {
	l := fleet{slots: 2}.lot()
	l.FlashSize, l.FlashSizeGiven, l.Revision, l.Efuses, l.Key = 0, false, nil, nil, nil
	r := check.Run([]bootsim.Lot{l}, nil, check.Options{Engine: scripted{boot: func(*emu.Device) emu.Outcome { return emu.Outcome{} }}}).Lots[0]
	require.Len(t, r.Assumed, 4, "%v", r.Assumed) // flash size, revision, eFuses, and the engine's
	require.Contains(t, r.Assumed, "a script")
}

// TestProgressIsTold once a scenario.
func TestProgressIsTold(t *testing.T) {
	f := fleet{slots: 2}
	var told []string
	r := check.Run([]bootsim.Lot{f.lot()}, []bootsim.Release{f.release()}, check.Options{Engine: model.Engine{},
		Progress: func(p check.Progress) {
			told = append(told, fmt.Sprintf("%s: %s, %d of %d", p.Lot, p.Done, p.Lots, p.Of))
		}})
	require.Len(t, told, len(r.Lots[0].Scenarios)+1)
	require.Equal(t, "fleet: as flashed, 0 of 1", told[0])
	require.Equal(t, "fleet: , 1 of 1", told[len(told)-1])
}
