package bootloader

import "github.com/bootsim/bootsim/emu/idf"

// Versions at which Secure Boot changed its texts and ways.
const (
	signatureBoot   = "4.1-dev-2078 4.2-dev-433"           // Secure Boot V2 exists
	signatureFuses  = "4.3-beta2-4 4.4-dev-482"            // V2 trusts what BLOCK2 holds, burnt ABS_DONE_1 or not
	digestBlockTold = "4.1-beta2-174 4.2-dev-1103"         // V2 speaks of the state of BLOCK2
	hiddenDigest    = "4.1-571 4.2-25 4.3-dev-1958"        // V2 refuses a digest with read protection
	downloadTold    = "4.3.2-57 4.4-beta1-148 5.0-dev-437" // other words on ROM download mode
	digestFirst     = "3.3-beta3-18 4.0-dev-317"           // V1 digests before and enables after flash encryption
)

// secureBootMessages is what Secure Boot prints in the second stage (spec 3.5,
// 7.2, 7.3). Where schemes and versions differ in the tag alone, the caller
// gives it.
func secureBootMessages() map[messageID]history {
	return map[messageID]history{
		msgVerifyingECDSA:    always('D', "secure_boot", "Verifying secure boot signature"),
		msgVerifiedECDSA:     always('D', "secure_boot", "Verification result %d"),
		msgNotProgrammed:     reworded('I', "secure_boot", digestBlockTold, "Secure Boot eFuse bit(ABS_DONE_1) not yet programmed.", signatureFuses, ""),
		msgOtherDigest:       reworded('E', "secure_boot", digestBlockTold, "Different public key digest burned to eFuse BLK2", signatureFuses, ""),
		msgDigestsUnset:      reworded('I', "secure_boot_v2", signatureFuses, "Secure boot V2 is not enabled yet and eFuse digest keys are not set"),
		msgDigestsUnreadable: reworded('E', "secure_boot_v2", signatureFuses, "Could not read eFuse secure boot digests!"),
		msgVerifyingPSS:      retagged('I', "secure_boot", "Verifying with RSA-PSS...", signatureFuses, "secure_boot_v2"),
		msgVerifiedPSS:       reworded('I', "secure_boot_v2", signatureFuses, "Signature verified successfully!"),
		msgFailedPSS:         retagged('E', "secure_boot", "Secure Boot V2 verification failed.", signatureFuses, "secure_boot_v2"),
		msgOtherScheme: reworded('E', "secure_boot_v2", "5.4-dev-1176",
			"%s signing scheme selected but signature block generated for %s scheme"),

		msgCheckingBoot:     always('I', "boot", "Checking secure boot..."),
		msgBootNotEnabled:   reworded('E', "boot", "", "Bootloader digest generation failed (%d). SECURE BOOT IS NOT ENABLED.", digestFirst, ""),
		msgDigestFailed:     reworded('E', "boot", digestFirst, "Bootloader digest generation for secure boot failed (%d)."),
		msgBootFailed:       reworded('E', "boot", digestFirst, "FAILED TO ENABLE SECURE BOOT (%d)."),
		msgSignedBootFailed: reworded('E', "boot", signatureBoot, "Secure Boot v2 failed (%d)"),

		msgBootEnabled:      always('I', "", "bootloader secure boot is already enabled, continuing.."),
		msgDigestUnneeded:   reworded('I', "", digestFirst, "bootloader secure boot is already enabled. No need to generate digest. continuing.."),
		msgBootCoding:       always('E', "", "Unknown/unsupported CODING_SCHEME value 0x%x"),
		msgOwnImageInvalid:  always('E', "", "bootloader image appears invalid! error %d"),
		msgBootKeyNew:       always('I', "", "Generating new secure boot key..."),
		msgBootKeyProtect:   always('I', "", "Read & write protecting new key..."),
		msgBootKeyPreloaded: always('W', "", "Using pre-loaded secure boot key in EFUSE block 2"),
		msgDigestNew:        always('I', "", "Generating secure boot digest..."),
		msgDigestWrite:      always('D', "", "write iv+digest to flash"),
		msgDigestUnmapped:   always('E', "", "bootloader_mmap(0x1000, 0x%x) failed"),
		msgDigestBroken:     always('E', "", "secure boot generation failed"),
		msgDigestDone:       always('I', "", "Digest generation complete."),
		msgKeyReadable:      reworded('E', "", "", "Pre-loaded key is not read protected. Refusing to blow secure boot efuse.", encryptionAPI, ""),
		msgKeyWritable:      reworded('E', "", "", "Pre-loaded key is not write protected. Refusing to blow secure boot efuse.", encryptionAPI, ""),
		msgKeyHalfOpen:      reworded('E', "", encryptionAPI, "Pre-loaded key is not %s %s protected. Refusing to blow secure boot efuse."),
		msgBlowing:          always('I', "", "blowing secure boot efuse..."),
		msgBeforeBlowing:    reworded('D', "", "", "before updating, EFUSE_BLK0_RDATA6 %x", encryptionAPI, ""),
		msgAfterBlowing:     reworded('D', "", "", "after updating, EFUSE_BLK0_RDATA6 %x", encryptionAPI, ""),
		msgBootIsOn:         always('I', "", "secure boot is now enabled for bootloader image"),
		msgBootIsOff: reworded('E', "", "", "secure boot not enabled for bootloader image, EFUSE_RD_ABS_DONE_0 is probably write protected!",
			encryptionAPI, ""),
		msgBootProgramming: reworded('E', "", encryptionAPI, "Error programming security eFuses (err=0x%x)."),
		msgEncryptDigest:   always('D', "flash_encrypt", "Encrypting secure bootloader IV & digest..."),
		msgSignedTooLarge: reworded('E', "flash_encrypt", signatureBoot,
			"Bootloader is too large to fit Secure Boot V2 signature sector and partition table (configured offset 0x%x)"),
	}
}

// signedBootMessages is what the second stage prints as it enables Secure Boot V2 and
// reads the keys of signed images (spec 7.3).
func signedBootMessages() map[messageID]history {
	return map[messageID]history{
		msgSignedEnabling: reworded('I', "secure_boot_v2", signatureBoot, "enabling secure boot v2..."),
		msgSignedEnabled: reworded('I', "secure_boot_v2", signatureBoot, "secure boot v2 is already enabled. Continuing..",
			encryptionAPI, "secure boot v2 is already enabled, continuing.."),
		msgSignedCoding: reworded('E', "secure_boot_v2", signatureBoot, "No coding schemes are supported in secure boot v2.(Detected scheme: 0x%x)"),
		msgDigestHidden: reworded('E', "secure_boot_v2", hiddenDigest, "Secure Boot v2 digest(BLK2) read protected, aborting....",
			encryptionAPI, "Key digest (BLK%d) read protected, aborting..."),
		msgDigestBlank: reworded('E', "secure_boot_v2", encryptionAPI, "%d eFuse block is empty, aborting..."),
		msgDigestState: reworded('I', "secure_boot_v2", encryptionAPI, "Secure boot digests %s"),
		msgReadingBlock: reworded('D', "secure_boot_v2", signatureBoot, "reading signature block",
			encryptionAPI, "reading signature(s)"),
		msgCalculating: reworded('D', "secure_boot_v2", encryptionAPI,
			"calculating public key digests for sig blocks of image offset 0x%x (sig block offset 0x%x)"),
		msgBlockValid:     reworded('I', "secure_boot_v2", signatureBoot, "valid signature block found", encryptionAPI, ""),
		msgBlockFound:     reworded('D', "secure_boot_v2", encryptionAPI, "valid signature block(%d) found"),
		msgBlockVerified:  reworded('D', "secure_boot_v2", encryptionAPI, "Signature block (%d) is verified"),
		msgDigestsCounted: reworded('I', "secure_boot_v2", encryptionAPI, "Digests successfully calculated, %d valid signatures (image offset 0x%x)"),
		msgBlocksOfBoot:   reworded('I', "secure_boot_v2", encryptionAPI, "%d signature block(s) found appended to the bootloader."),
		msgBurningDigest: reworded('I', "secure_boot_v2", signatureBoot, "Burning public key hash to efuse.",
			encryptionAPI, "Burning public key hash to eFuse"),
		msgDigestPreloaded: {
			{idf.MustSince(signatureBoot), message{'W', "secure_boot_v2", "Using pre-loaded secure boot v2 public key digest in EFUSE block 2"}},
			{idf.MustSince(encryptionAPI), message{'W', "secure_boot_v2", "Using pre-loaded public key digest in eFuse"}},
		},
		msgDigestProtect: reworded('I', "secure_boot_v2", signatureBoot, "Write protecting public key digest...", encryptionAPI, ""),
		msgDigestOpen: reworded('E', "secure_boot_v2", signatureBoot,
			"Efuse BLK2 (public key digest) is not write protected. Refusing to blow secure boot efuse.", hiddenDigest, ""),
		msgDigestClosed: reworded('E', "secure_boot_v2", signatureBoot,
			"Efuse BLK2 (public key digest) is read protected. Refusing to blow secure boot efuse.", hiddenDigest, ""),
		msgBlocksOfApp: reworded('I', "secure_boot_v2", encryptionAPI, "%d signature block(s) found appended to the app."),
		msgKeysMatch:   reworded('I', "secure_boot_v2", encryptionAPI, "Application key(%d) matches with bootloader key(%d)."),
		msgKeysDiffer: reworded('E', "secure_boot_v2", signatureBoot, "Application not signed with a valid private key.",
			encryptionAPI, "No application key digest matches the bootloader key digest."),
		msgDownloadOff: reworded('I', "", "4.3-dev-950", "Disable ROM Download mode..."),
		msgDownloadOn: reworded('W', "", "4.3-dev-950", "Not disabling ROM Download mode - SECURITY COMPROMISED",
			downloadTold, "UART ROM Download mode kept enabled - SECURITY COMPROMISED"),
		msgReadLock:     reworded('I', "", "4.1-beta1-93 4.2-dev-957", "Prevent read disabling of additional efuses..."),
		msgReadLockOpen: reworded('W', "", "4.1-beta1-93 4.2-dev-957", "Allowing read disabling of additional efuses - SECURITY COMPROMISED"),
		msgAfterSigned: reworded('D', "secure_boot_v2", signatureBoot, "after updating, EFUSE_BLK0_RDATA0 0x%08x EFUSE_BLK0_RDATA6 0x%08x",
			encryptionAPI, ""),
		msgSignedIsOn: reworded('I', "secure_boot_v2", signatureBoot, "secure boot v2 is now enabled.", encryptionAPI, "Secure boot permanently enabled"),
		msgSignedIsOff: reworded('E', "secure_boot_v2", signatureBoot,
			" secure boot v2 not enabled, EFUSE_RD_ABS_DONE_1 is probably write protected!", encryptionAPI, ""),
	}
}
