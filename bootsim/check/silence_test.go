package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// plainLot is a device of chip v1.0 without flash encryption, with otadata that
// names ota_1.
func plainLot(idf string, app lot.AppSpec, s otadata.State) bootsim.Lot {
	set := &lot.Set{Name: "plain", FlashSize: 4 << 20, Revision: efuse.Revision{Major: 1}}
	set.Chip.Revision = set.Revision
	no := false
	set.Options.Rollback, set.Options.AntiRollback, set.Options.FactoryReset = &no, &no, &no
	set.Add(&lot.Part{Name: "bootloader", File: "bootloader.bin", Address: 0x1000, Data: lot.Bootloader(lot.BootloaderSpec{IDF: idf})})
	set.Add(&lot.Part{Name: "table", File: "partition-table.bin", Address: 0x8000,
		Data: lot.Table("otadata,data,ota,0xd000,8K,\nota_0,app,ota_0,0x10000,64K,\nota_1,app,ota_1,0x20000,64K,\n")})
	set.Add(&lot.Part{Name: "otadata", File: "otadata.bin", Address: 0xD000, Data: lot.OTAData(otadata.New(2, s))})
	app.Version, app.IDF = "1.0", "v4.4.8"
	set.Add(&lot.Part{Name: "ota_0", File: "app-0.bin", Address: 0x10000, Data: lot.App(app)})
	set.Add(&lot.Part{Name: "ota_1", File: "app-1.bin", Address: 0x20000, Data: lot.App(app)})
	return set.Lot()
}

// TestNothingIsSaidOfWhatIsRight: an app that asks for this very revision of a
// bootloader that does not read the field, and an eFuse bit beside a count of 0.
func TestNothingIsSaidOfWhatIsRight(t *testing.T) {
	exact := lot.AppSpec{Header: func(h *espimage.Header) { h.MinRevFull = 100 }}
	require.Empty(t, checked(plainLot("v4.3", exact, otadata.StateValid)).Findings)
	l := plainLot("v4.4.8", lot.AppSpec{}, otadata.StateValid)
	require.NoError(t, l.Efuses.Burn(0, []uint32{1 << 27}))
	require.Empty(t, checked(l).Findings)
}

// TestOnlyAPendingAppIsAborted: where the wrong slot boots because otadata names
// it, its state is not to blame.
func TestOnlyAPendingAppIsAborted(t *testing.T) {
	for _, s := range []otadata.State{otadata.StateValid, otadata.StateUndefined} {
		l := plainLot("v4.4.8", lot.AppSpec{}, s)
		l.Expect = &bootsim.Expectation{Slot: "ota_0"}
		r := checked(l)
		require.Equal(t, bootsim.Fail, r.Verdict)
		require.Equal(t, "otadata-names-other-slot", r.Findings[0].Rule)
	}
}
