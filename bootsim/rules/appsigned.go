package rules

import "github.com/bootsim/bootsim/bootsim"

// signaturePrints is what the bootloader shows of every app that it refuses.
const signaturePrints = "\"Secure boot signature verification failed\", then \"image valid, signature bad\" or \"image corrupted on flash\"."

// appSignedRules are about the bootloader's verification of apps.
func appSignedRules() []Rule {
	return []Rule{
		{ID: "app-not-signed", Severity: bootsim.Error, Spec: []int{52},
			Title:  "The app is not signed, and the bootloader wants a signature",
			Cause:  "The bootloader was built to verify signatures. Where one should lie, right behind the image (V1) or at the next multiple of 4 KiB (V2), there is none.",
			Prints: "V1: \"image has invalid signature version field 0x…\"; V2: \"No signature block magic byte found at signature sector…\". Then " + signaturePrints,
			Remedy: "Sign the app with the key that the bootloader trusts: `espsecure.py sign_data --version 1 --keyfile KEY.pem -o SIGNED.bin APP.bin`, or --version 2."},
		{ID: "app-signed-with-other-key", Severity: bootsim.Error, Spec: []int{52},
			Title:  "The app is signed with another key",
			Cause:  "The app is as it was built and signed, and not with the key that the bootloader embeds (V1) or whose digest is in BLOCK2 (V2).",
			Prints: "V2: \"Sig block 0 signed with untrusted key\". Then " + signaturePrints,
			Remedy: "Sign with the key that this bootloader trusts."},
		{ID: "app-changed-after-signing", Severity: bootsim.Error, Spec: []int{52},
			Title:  "The app was changed after it was signed",
			Cause:  "There is a signature, and it was made for other bytes than these.",
			Prints: "V2: \"Sig block 0 invalid: Image digest does not match\". Then " + signaturePrints,
			Remedy: "Flash the signed app as it is, or sign what is to be flashed."},
		{ID: "app-signature-damaged", Severity: bootsim.Error, Spec: []int{52},
			Title:  "The app's signature is damaged",
			Cause:  "The app itself is whole, and single bits of its signature are not.",
			Prints: "V2: \"Sig block 0 invalid: Stored CRC 0x… calculated 0x…\". Then " + signaturePrints,
			Remedy: "Flash the signed app whole, or sign it anew."},
		{ID: "app-signed-for-other-scheme", Severity: bootsim.Error, Spec: []int{52},
			Title:  "The app is signed for the other Secure Boot scheme",
			Cause:  "V1 signs with ECDSA right behind the image, V2 with RSA in a sector of its own; a bootloader knows one of them.",
			Prints: "As for an app that is not signed.",
			Remedy: "Sign with the version of the bootloader's scheme: sign_data with --version 1 or --version 2."},
		{ID: "app-signature-misplaced", Severity: bootsim.Error, Spec: []int{52},
			Title:  "The app's signature is not where the bootloader looks for it",
			Cause:  "There is a signature, and not right behind the image (V1) or at the next multiple of 4 KiB (V2): the file was signed before it was padded, or padded before it was signed.",
			Prints: "As for an app that is not signed.",
			Remedy: "Sign the file that the build made, and change nothing afterwards."},
		{ID: "app-encrypted-before-signing", Severity: bootsim.Error, Spec: []int{52},
			Title:  "The app was encrypted before it was signed",
			Cause:  "The image is ciphertext and the signature behind it is plaintext, which the device decrypts to noise.",
			Prints: "As for an app that is not signed.",
			Remedy: "Sign first, encrypt the signed file then: sign_data comes before encrypt_flash_data."},
	}
}
