package provision_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/lot"
)

// firstBoot flashes plaintext and lets the bootloader encrypt it under the
// host's key.
const firstBoot = `version: 1
device: {flash_size: 4MB, chip_revision: v1.0}
steps:
  - espsecure.py generate_flash_encryption_key key.bin
  - esptool.py --after no_reset write_flash 0x1000 bootloader.bin 0x8000 my_partition_table.bin 0x10000 Avior_ESP32_WiFi_OTAfactory.bin
  - espefuse.py --do-not-confirm burn_key flash_encryption key.bin
  - power-cycle
expect: {boots: factory}
`

// A bootloader that is in flash before the key is burnt makes its own when the
// power comes back. With the key first there is nothing to lose.
func TestPowerCutThatLosesTheDevice(t *testing.T) {
	l := newLine(t)
	r, _ := l.check(t, l.load(t, "plan.yaml", firstBoot))
	require.Equal(t, bootsim.Fail, r.Verdict)
	f := finding(t, r, "plan-device-lost")
	require.Equal(t, "power cut after step 2: the device cannot be completed any more: BLOCK1 holds another key than the plan burns, and burnt bits stay", f.Message)

	lines := strings.Split(firstBoot, "\n")
	lines[4], lines[5] = lines[5], lines[4]
	r, _ = l.check(t, l.load(t, "plan.yaml", strings.Join(lines, "\n")))
	require.Equal(t, bootsim.Pass, r.Verdict)
	require.Equal(t, []string{"note plan-resume", "note plan-order-matters"}, found(r))
	require.Contains(t, finding(t, r, "plan-resume").Message, "while the device boots: go on from step 3", "what the cut first boot left is flashed anew")
}

// esptool resets the device when it is done unless told otherwise.
func TestResetAfterFlashingBoots(t *testing.T) {
	l := newLine(t)
	r, _ := l.check(t, l.load(t, "plan.yaml", strings.Replace(firstBoot, "--after no_reset ", "", 1)))
	require.Equal(t, []string{"error plan-step-fails"}, found(r), "the device has made its own key before the host's is burnt")
	require.Contains(t, r.Findings[0].Message, "step 3 (line 6)")
}

// What is burnt too early for chips with UART_DOWNLOAD_DIS cannot go on.
func TestLockedOut(t *testing.T) {
	l := newLine(t)
	disable := "espefuse.py --do-not-confirm burn_efuse UART_DOWNLOAD_DIS\n"
	r, _ := l.check(t, l.load(t, "plan.sh", text(t, example.PlanCorrected, burnConfig, burnConfig+disable)))
	require.Equal(t, []string{"error plan-step-fails"}, found(r))
	require.Contains(t, r.Findings[0].Message, "no download mode")

	// v3.1 takes UART_DOWNLOAD_DIS for a bit of the count.
	r, _ = l.check(t, l.load(t, "plan.sh", text(t, example.PlanCorrected, burnCount, burnCount+disable)))
	require.Equal(t, []string{"error cnt-bit-27"}, found(r))
	l.write(t, "bootloader.bin", lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8", FlashEncryption: true}))
	r, tally := l.check(t, l.load(t, "plan.sh", text(t, example.PlanCorrected, burnCount, burnCount+disable)))
	f := finding(t, r, "plan-order-matters")
	require.Contains(t, strings.Join(f.Evidence, "\n"), "UART_DOWNLOAD_DIS is burnt: no tool reaches the chip any more")
	require.Positive(t, tally.Lost)
}

// Every place between two steps is tried, every burn is cut before and within,
// and the orders add up.
func TestTally(t *testing.T) {
	l := newLine(t)
	r, tally := l.check(t, l.load(t, "plan.sh", text(t, example.PlanCorrected)))
	steps := 11
	require.Equal(t, steps-1, tally.Cuts)
	burns, flash := 4, 3 // BLOCK1 and BLOCK0 of the key, configuration, count; one write_flash
	require.Equal(t, burns+1+flash, tally.Inside, "a burn that comes second is cut before it, too")
	touching := 4
	require.Equal(t, steps+steps+(steps-1)+touching*(steps-3)+1, tally.Orders, "the last step has one neighbour less")
	require.Equal(t, tally.Orders, tally.Harmless+tally.Recoverable+tally.Lost)
	require.Zero(t, tally.Lost)
	require.Len(t, r.Lots[0].Scenarios, 1+tally.Cuts+tally.Inside+tally.Orders)
}

// A plan that is refuted has no end to compare with.
func TestRefutedPlansAreNotCut(t *testing.T) {
	l := newLine(t)
	_, tally := l.check(t, l.load(t, "plan.sh", text(t, example.PlanCorrected, burnConfig, "")))
	require.Zero(t, tally.Cuts+tally.Inside+tally.Orders)
	require.Contains(t, tally.String(), "refuted")
}

// What should boot decides.
func TestExpectation(t *testing.T) {
	l := newLine(t)
	for label, want := range map[string]string{"factory": "", "ota_0": "boots-other-slot", "nosuch": "boots-other-slot"} {
		p := l.load(t, "plan.sh", text(t, example.PlanCorrected))
		p.Device.Expect = &bootsim.Expectation{Slot: label}
		r, _ := l.check(t, p)
		require.Equal(t, want == "", r.Verdict == bootsim.Pass, label)
		if want != "" {
			require.NotEmpty(t, r.Findings)
		}
	}
}

// What the release plan's order guards is named, step by step.
func TestOrdersThatLoseTheDevice(t *testing.T) {
	l := newLine(t)
	r, tally := l.check(t, l.load(t, "plan.yaml", text(t, example.PlanRelease)))
	f := finding(t, r, "plan-order-matters")
	require.Len(t, f.Evidence, 1)
	require.Regexp(t, `^step 12 left out; steps 12 and 13 swapped; .*: FLASH_CRYPT_CNT is 0x0 and write-protected, so that it never becomes 0x1$`, f.Evidence[0])
	require.Equal(t, 14, tally.Lost, "the count missing, or moved behind its protection, or the protection before it")
	require.Zero(t, tally.Left)
	left := 0
	for _, sc := range r.Lots[0].Scenarios {
		if strings.HasSuffix(sc.Name, " left out") && sc.Boots != nil {
			left++
		}
	}
	require.Equal(t, 13, left, "any other step can be caught up with")
}

// What was left out of a long plan is in the report, and not only beside it.
func TestBoundedSearchIsTold(t *testing.T) {
	l := newLine(t)
	for cycles, want := range map[int]int{1: 0, 34: 37 + 37 + 36 + 36*34 + 1 - 1000} { // left out, twice, swapped, moved; the last step has one neighbour
		lines := strings.Split(firstBoot, "\n")
		lines[4], lines[5] = lines[5], lines[4]
		lines[6] = strings.TrimRight(strings.Repeat(lines[6]+"\n", cycles), "\n")
		r, tally := l.check(t, l.load(t, "plan.yaml", strings.Join(lines, "\n")))
		require.Equal(t, bootsim.Pass, r.Verdict)
		require.Equal(t, want, tally.Left)
		if want == 0 {
			require.NotContains(t, found(r), "note plan-not-all-tried")
			continue
		}
		require.Contains(t, finding(t, r, "plan-not-all-tried").Message, fmt.Sprintf("%d power cuts and orders were not tried", want))
	}
}
