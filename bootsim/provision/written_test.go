package provision_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/lot"
)

// scenario is one by its name.
func scenario(t testing.TB, r *bootsim.Report, name string) bootsim.Scenario {
	t.Helper()
	for _, sc := range r.Lots[0].Scenarios {
		if sc.Name == name {
			return sc
		}
	}
	require.Fail(t, "no scenario "+name)
	return bootsim.Scenario{}
}

// An order that leaves a spare slot empty boots as the plan does, and does not
// end as the plan does.
func TestSpareAppCounts(t *testing.T) {
	const skipped = "step 9 left out"
	const whole = "0x10000 factory-encrypted.bin 0x60000 app-encrypted.bin\n"
	apart := "0x10000 factory-encrypted.bin\n  - esptool.py --after no_reset write_flash 0x60000 app-encrypted.bin\n"
	tallies := map[string]provision.Tally{}
	for name, plan := range map[string]string{
		"together": text(t, example.PlanRelease),
		"apart":    text(t, example.PlanRelease, whole, apart),
		// No tool reaches this chip once the plan is through.
		"locked": text(t, example.PlanRelease, whole, apart, keepOn, "  - espefuse.py --do-not-confirm burn_efuse UART_DOWNLOAD_DIS\n", "chip_revision: v1.0", "chip_revision: v3.0"),
	} {
		l := newLine(t)
		l.write(t, "bootloader.bin", lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", FlashEncryption: true}))
		r, tally := l.check(t, l.load(t, "plan.yaml", plan))
		require.Equal(t, bootsim.Pass, r.Verdict, name)
		require.Equal(t, tally.Orders, tally.Harmless+tally.Recoverable+tally.Lost)
		tallies[name] = tally
		if name == "locked" {
			require.Nil(t, scenario(t, r, skipped).Boots, "the spare app can never be written")
			require.Contains(t, finding(t, r, "plan-order-matters").Evidence[0], "UART_DOWNLOAD_DIS")
		}
	}
	require.Greater(t, tallies["apart"].Recoverable, tallies["together"].Recoverable)
}
