package provision

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/flashmodel"
)

// countWidth names the cause of ciphertext that a bootloader encrypted once more:
// v3.1 takes FLASH_CRYPT_CNT for eight bits, the eighth of which is
// UART_DOWNLOAD_DIS, and believes an even number of ones to mean that the device
// is not encrypted yet. The host wrote it rightly.
func (j *judge) countWidth(f *bootsim.Finding) {
	if f.Rule != "encrypted-twice" || f.Offset == nil {
		return
	}
	for i, out := range j.trail {
		before := j.before(i).device.Efuses
		if !encryptedBy(out, *f.Offset) || !before.FlashEncryption() || before.FlashEncryption8() {
			continue
		}
		r, _ := rules.Lookup("cnt-bit-27")
		f.Rule, f.Severity, f.Remedy = r.ID, bootsim.Error, r.Remedy
		f.Message += fmt.Sprintf(": the bootloader takes FLASH_CRYPT_CNT for eight bits, 0x%02x, an even number of ones, and encrypted it again when it booted in %s",
			before.FlashCryptCnt8(), j.plan.Steps[i].At())
		return
	}
}

// encryptedBy tells whether the device itself wrote at an address in a step.
func encryptedBy(out outcome, at uint32) bool {
	return slices.ContainsFunc(out.ops[out.toolOps:], func(op flashmodel.Op) bool {
		return op.Kind == flashmodel.OpProgram && op.Addr <= at && at-op.Addr < op.Size
	})
}
