package rules

import "github.com/bootsim/bootsim/bootsim"

// appImageRules are about what an app's image says of itself.
func appImageRules() []Rule {
	return []Rule{
		{ID: "app-corrupt", Severity: bootsim.Error, Spec: []int{44},
			Title:  "The app was changed after it was built",
			Cause:  "The header is right and checksum or SHA-256 do not match the content: edited, damaged, or partly overwritten.",
			Prints: "\"Checksum failed. Calculated 0x… read 0x…\" or \"Image hash failed - image is corrupt\".",
			Remedy: "Flash the app as the build made it. A tool that edits images must write checksum and hash anew."},
		{ID: "app-header-patched", Severity: bootsim.Error, Spec: []int{45, 52},
			Title:  "Flash mode or size was patched into the app's header",
			Cause:  "Only bytes 2 and 3 differ from what the SHA-256 covers: a flasher changed flash mode, speed or size of an app without writing the hash anew.",
			Prints: "\"Image hash failed - image is corrupt\"",
			Remedy: "Flash with --flash_mode keep --flash_freq keep --flash_size keep, or a newer esptool."},
		{ID: "app-no-mapping", Severity: bootsim.Error,
			Title:  "The app has no DROM or no IROM segment",
			Cause:  "Bootloaders from v5.5 on abort when there is nothing to map.",
			Prints: "\"abort() was called at PC 0x…\" after \"Disabling RNG early entropy source...\"",
			Remedy: "Link at least a constant and a function into flash."},
		{ID: "app-secure-version", Severity: bootsim.Error, Spec: []int{53},
			Title:  "The app's secure_version is below the chip's",
			Cause:  "Anti-rollback counts the bits burnt in BLOCK3; an app with a lower secure_version is not started.",
			Prints: "\"OTA app partition slot … is not bootable\", without a reason in v3.x.",
			Remedy: "Raise CONFIG_BOOTLOADER_APP_SECURE_VERSION."},
		{ID: "app-without-descriptor", Severity: bootsim.Error, Spec: []int{54},
			Title:  "Anti-rollback needs an app descriptor, and this app has none",
			Cause:  "secure_version stands in the app descriptor (v3.3 and later). A factory app needs it as well.",
			Prints: "\"Failed to get partition description …\"",
			Remedy: "Build the app with ESP-IDF v3.3 or later."},
		{ID: "app-older-than-bootloader", Severity: bootsim.Note, Spec: []int{62},
			Title:  "App and bootloader come from distant ESP-IDF versions",
			Cause:  "It works, formats are compatible; apps of v3.1 and v3.2 have no descriptor, and memory layouts differ.",
			Prints: "Nothing.",
			Remedy: "Nothing, unless anti-rollback is wanted."},
	}
}
