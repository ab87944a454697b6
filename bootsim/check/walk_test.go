package check_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

const (
	firstSlot = 0x20000
	slotRoom  = 0x10000
)

// fleet describes devices with n OTA slots, encrypted, factory app or not.
type fleet struct {
	slots             int
	factory, rollback bool
}

func (f fleet) lot() bootsim.Lot {
	k := crypt.KeyFromBlock([32]byte{1, 2, 3})
	s := &lot.Set{Name: "fleet", FlashSize: 4 << 20, Key: &k, Chip: lot.Encrypting(efuse.Revision{Major: 1}, k)}
	s.Revision = s.Chip.Revision
	s.Options.Rollback = &f.rollback
	rows := []parttable.Entry{lot.Row("otadata", parttable.TypeData, parttable.SubtypeOTAData, 0xD000, 0x2000)}
	if f.factory {
		rows = append(rows, lot.Row("factory", parttable.TypeApp, parttable.SubtypeFactory, 0x10000, slotRoom))
	}
	for i := range f.slots {
		rows = append(rows, lot.Row(fmt.Sprintf("ota_%d", i), parttable.TypeApp, uint8(parttable.SubtypeOTA0+i), f.at(i), slotRoom))
	}
	app := lot.App(lot.AppSpec{Version: "1.0", IDF: "v4.4.8"})
	home := uint32(firstSlot)
	if f.factory {
		home = 0x10000
	}
	boot := lot.BootloaderSpec{IDF: "v4.4.8", FlashEncryption: true, Rollback: f.rollback}
	s.Add(&lot.Part{Name: "bootloader", File: "bootloader.bin", Address: 0x1000, Data: lot.Bootloader(boot)})
	s.Add(&lot.Part{Name: "table", File: "partition-table.bin", Address: 0x8000, Data: lot.Rows(true, rows...)})
	s.Add(&lot.Part{Name: "otadata", File: "otadata.bin", Address: 0xD000, Data: lot.OTAData()})
	s.Add(&lot.Part{Name: "app", File: "app.bin", Address: home, Data: app})
	s.EncryptAll(k)
	return s.Lot()
}

func (f fleet) at(slot int) uint32 { return firstSlot + uint32(slot)*slotRoom }

// artifact is the release's file for a slot, encrypted for an address.
func (f fleet) artifact(slot int, addr uint32) bootsim.Artifact {
	k := crypt.KeyFromBlock([32]byte{1, 2, 3})
	app := lot.App(lot.AppSpec{Version: "2.0", IDF: "v4.4.8"})
	return bootsim.Artifact{File: fmt.Sprintf("app-%d.bin", slot), Slots: []string{fmt.Sprintf("ota_%d", slot)},
		Encrypted: true, Version: "2.0", Data: lot.Encrypt(k, crypt.FullConfig, addr, app)}
}

func (f fleet) release() bootsim.Release {
	r := bootsim.Release{Name: "2.0"}
	for i := range f.slots {
		r.Artifacts = append(r.Artifacts, f.artifact(i, f.at(i)))
	}
	return r
}

func drawFleet(t *rapid.T) fleet {
	return fleet{slots: rapid.IntRange(2, 5).Draw(t, "slots"), factory: rapid.Bool().Draw(t, "factory"), rollback: rapid.Bool().Draw(t, "rollback")}
}

// TestWalkReachesEverySlot installs a right release: it has to be tried on
// every slot, out of every state once, and nothing may be wrong.
func TestWalkReachesEverySlot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFleet(t)
		r := checkOne(f.lot(), f.release())
		require.Equal(t, bootsim.Pass, r.Verdict)
		booted, names := map[string]bool{}, map[string]bool{}
		for _, s := range r.Scenarios {
			require.False(t, names[s.Name], "%s twice", s.Name)
			names[s.Name] = true
			if s.Release != "" {
				booted[s.Boots.Label] = true
				require.Equal(t, "2.0", s.Boots.Version)
			}
		}
		require.Len(t, booted, f.slots, "%v", names)
	})
}

// TestWalkFindsTheOneWrongFile spoils the file of one slot.
func TestWalkFindsTheOneWrongFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFleet(t)
		bad := rapid.IntRange(0, f.slots-1).Draw(t, "bad")
		other := (bad + rapid.IntRange(1, f.slots-1).Draw(t, "encrypted for another by")) % f.slots
		release := f.release()
		release.Artifacts[bad] = f.artifact(bad, f.at(other))
		r := checkOne(f.lot(), release)
		require.Equal(t, bootsim.Fail, r.Verdict)
		found := slices.DeleteFunc(slices.Clone(r.Findings), func(x bootsim.Finding) bool { return x.Severity == bootsim.Note })
		require.Len(t, found, 1)
		require.Equal(t, "release-wrong-slot", found[0].Rule)
		require.Equal(t, f.at(bad), *found[0].Offset)
		require.Equal(t, fmt.Sprintf("app-%d.bin", bad), found[0].File)
		require.Contains(t, found[0].Message, fmt.Sprintf("0x%08x (ota_%d", f.at(other), other))
	})
}

func checkOne(l bootsim.Lot, releases ...bootsim.Release) bootsim.LotReport {
	return runAll([]bootsim.Lot{l}, releases).Lots[0]
}

// TestReleaseForOtherLotsIsNotInstalled leaves lots alone that it is not for.
func TestReleaseForOtherLotsIsNotInstalled(t *testing.T) {
	f := fleet{slots: 2}
	r := f.release()
	for i := range r.Artifacts {
		r.Artifacts[i].Lots = []string{"another fleet"}
	}
	require.Len(t, checkOne(f.lot(), r).Scenarios, 1, "as flashed alone")
}

// TestOpenRollbackDoublesTheScenarios checks both values of an option that
// leaves no trace in the binary, and only where it can matter.
func TestOpenRollbackDoublesTheScenarios(t *testing.T) {
	f := fleet{slots: 2}
	l := f.lot()
	known := checkOne(l, f.release())
	l.Bootloader.Rollback = nil
	require.Len(t, checkOne(l).Scenarios, 1, "nothing is installed and no entry is open: it does not matter")
	both := checkOne(l, f.release())
	require.Greater(t, len(both.Scenarios), len(known.Scenarios))
	require.Equal(t, bootsim.Pass, both.Verdict)
	for _, found := range both.Findings {
		require.Empty(t, found.DependsOn, "%s shows either way", found.Rule)
	}
}

// TestAppWithoutDescriptorKnowsNoStates: it was built before v3.3, so that it
// counts an entry that the bootloader refuses, and writes over the other one.
func TestAppWithoutDescriptorKnowsNoStates(t *testing.T) {
	for _, c := range []struct{ version, state string }{{"", "otadata entry 0 in use"}, {"1.0", "otadata entry 1 in use"}} {
		l := fleet{slots: 2}.lot()
		k := crypt.KeyFromBlock([32]byte{1, 2, 3})
		for i := range l.Contents {
			p := &l.Contents[i]
			switch p.Address {
			case 0xD000:
				p.Data = lot.Encrypt(k, crypt.FullConfig, p.Address, lot.OTAData(otadata.New(1, otadata.StateValid), otadata.New(2, otadata.StateInvalid)))
			case firstSlot:
				p.Data = lot.Encrypt(k, crypt.FullConfig, p.Address, lot.App(lot.AppSpec{Version: c.version, IDF: "v4.4.8"}))
			}
		}
		r := checkOne(l, fleet{slots: 2}.release())
		require.Equal(t, bootsim.Pass, r.Verdict)
		require.Contains(t, r.Scenarios[2].Name, "app-0.bin installed to ota_0 while ota_1 runs, "+c.state)
	}
}
