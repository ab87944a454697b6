package provision

import (
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu/efuse"
)

// fuseRule is a state of the eFuses that a device must not be left in.
type fuseRule struct {
	rule string
	bad  bool
	text string
}

// hygiene judges the eFuses of the device once it has booted after the last
// step: a bootloader may burn what the plan left to it.
func (j *judge) hygiene() {
	b := j.boot(j.last())
	s := b.device.Efuses
	// Chips since v3.0 have no download mode any more once it is disabled.
	closed := s.UARTDownloadDisable() && s.Revision(b.device.APBRevision).Major >= 3
	found := secureBootFuses(s)
	if j.plan.Mode == Release {
		found = append(found, releaseFuses(s, closed)...)
		j.escalate("key-readable")
	}
	for _, f := range found {
		if f.bad {
			j.add(f.rule, "%s", f.text).Scenario = atEnd
		}
	}
}

// escalate makes a warning an error, because the device is for release.
func (j *judge) escalate(rule string) {
	for i := range j.report.Findings {
		if f := &j.report.Findings[i]; f.Rule == rule {
			f.Severity = bootsim.Error
		}
	}
}

// secureBootFuses are states in which secure boot never works again, wrong on
// any device.
func secureBootFuses(s *efuse.Set) []fuseRule {
	return []fuseRule{
		{"digest-hidden", s.AbsDone1() && s.KeyReadProtected(2), "ABS_DONE_1 is burnt and RD_DIS hides BLOCK2: the digest of the signing key reads as zeros"},
	}
}

func releaseFuses(s *efuse.Set, closed bool) []fuseRule {
	encrypts, boots := s.FlashEncryption(), s.AbsDone0() || s.AbsDone1()
	open := openDownload(s)
	return []fuseRule{
		{"release-unprotected", !encrypts && !boots, "neither FLASH_CRYPT_CNT nor ABS_DONE_0 nor ABS_DONE_1 protects the device"},
		{"crypt-cnt-open", encrypts && s.FlashCryptCnt() != 0x7F && !s.WriteProtected(efuse.WrDisCryptCnt) && !closed,
			"flash encryption is on and FLASH_CRYPT_CNT can still be burnt: one more bit switches it off"},
		{"key-block-open", encrypts && !s.KeyWriteProtected(1), "flash encryption is on and BLOCK1 is not write-protected"},
		{"download-mode-open", encrypts && len(open) > 0 && !closed, "flash encryption is on and " + strings.Join(open, ", ") + " not burnt: the download mode works on encrypted flash"},
		{"jtag-open", (encrypts || boots) && !s.JTAGDisable(), "JTAG_DISABLE is not burnt"},
		{"basic-console-open", (encrypts || boots) && !s.ConsoleDebugDisable(), "CONSOLE_DEBUG_DISABLE is not burnt"},
		{"digest-open", s.AbsDone1() && !s.KeyWriteProtected(2), "ABS_DONE_1 is burnt and BLOCK2 is not write-protected"},
		{"rd-dis-open", s.AbsDone1() && !s.KeyReadProtected(2) && !s.WriteProtected(efuse.WrDisRdDis), "ABS_DONE_1 is burnt and RD_DIS can still be burnt: the digest in BLOCK2 can be hidden"},
		{"secure-boot-key-open", s.AbsDone0() && !s.KeyWriteProtected(2), "ABS_DONE_0 is burnt and BLOCK2 is not write-protected"},
		{"secure-boot-key-readable", s.AbsDone0() && !s.KeyReadProtected(2), "ABS_DONE_0 is burnt and the key in BLOCK2 can be read"},
	}
}

// openDownload names the fields that would close the download mode and are not burnt.
func openDownload(s *efuse.Set) (open []string) {
	for name, burnt := range map[string]bool{"DISABLE_DL_ENCRYPT": s.DLEncryptDisable(),
		"DISABLE_DL_DECRYPT": s.DLDecryptDisable(), "DISABLE_DL_CACHE": s.DLCacheDisable()} {
		if !burnt {
			open = append(open, name)
		}
	}
	slices.Sort(open)
	return open
}
