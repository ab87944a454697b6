package rules

import "github.com/bootsim/bootsim/bootsim"

// stateRules are about the state in which a device was left.
func stateRules() []Rule {
	return []Rule{
		{ID: "partly-written", Severity: bootsim.Error, Spec: []int{},
			Title:  "Only partly written",
			Cause:  "The image starts well and part of it is erased flash: the file is cut off, or flashing ended early.",
			Prints: "\"Checksum failed\" or \"Image hash failed - image is corrupt\", or a bad segment length.",
			Remedy: "Flash the whole file, and verify (verify_flash of esptool)."},
		{ID: "overwritten", Severity: bootsim.Error, Spec: []int{27},
			Title:  "One file overwrites another",
			Cause:  "Two files of the set share flash addresses: what was written later replaces a part of what was written before.",
			Prints: "\"csum err\", \"Checksum failed\" or \"Image hash failed - image is corrupt\".",
			Remedy: "Move one of the files, or make the first one smaller."},
		{ID: "first-boot-interrupted", Severity: bootsim.Error, Spec: []int{57},
			Title:  "First-boot encryption was interrupted",
			Cause:  "The key is burnt, FLASH_CRYPT_CNT is still 0, the bootloader is ciphertext and later parts are plaintext: power was lost while the first boot encrypted the flash.",
			Prints: "\"flash read err, 1000\" or \"invalid header: 0x…\".",
			Remedy: "Flash everything again as plaintext through UART; the next boot starts over with the same key."},
		{ID: "first-boot-encrypts", Severity: bootsim.Note, Spec: []int{56},
			Title:  "The first boot will encrypt this device",
			Cause:  "The bootloader supports flash encryption and the eFuses say that it is not enabled yet: it generates or takes a key, encrypts what it finds, and burns FLASH_CRYPT_CNT. App slots that are empty stay unencrypted and read as noise afterwards.",
			Prints: "\"Generating new flash encryption key...\" or \"Using pre-loaded flash encryption key…\", minutes of silence, a reset.",
			Remedy: "Keep the power on until it is done. Write later images encrypted, empty slots included."},
		{ID: "forced-encrypted-row", Severity: bootsim.Warning, Spec: []int{11},
			Title:  "A partition that the app reads as encrypted holds plaintext",
			Cause:  "With flash encryption on, the app treats app rows, otadata, nvs_keys and rows flagged `encrypted` as encrypted, whatever was written there.",
			Prints: "Nothing in the bootloader; the app fails to read its data.",
			Remedy: "Encrypt the file for its address, or erase the row and let the app write it."},
		{ID: "key-unknown", Severity: bootsim.Error,
			Title:  "The flash encryption key is not known",
			Cause:  "The eFuses say that flash encryption is on and hide the key, and no key file was given.",
			Prints: "Unknown: nothing can be read without the key.",
			Remedy: "Give the host's copy of the key with --key, or `key:` in bootsim.yaml."},
		{ID: "unverifiable", Severity: bootsim.Error,
			Title:  "The device cannot be put together from what was given",
			Cause:  "The finding tells what does not fit.",
			Prints: "Unknown.",
			Remedy: "Correct the description of the lot."},
	}
}
