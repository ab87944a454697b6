package rules

import "github.com/bootsim/bootsim/bootsim"

func releaseRules() []Rule {
	return []Rule{
		{ID: "release-wrong-lot", Severity: bootsim.Error, Spec: []int{12},
			Title:  "The artifact fits another lot",
			Cause:  "It was encrypted for a slot address, or with a key, of another lot; on this one it decrypts to noise.",
			Prints: "\"image at 0x… has invalid magic byte\", and the device keeps its old app.",
			Remedy: "Make one artifact for each lot and slot address, and let the server choose by lot and running partition."},
		{ID: "release-wrong-slot", Severity: bootsim.Error, Spec: []int{12},
			Title:  "The artifact fits another slot of this lot",
			Cause:  "Ciphertext is good at one address only: a device that runs the other slot needs the other file.",
			Prints: "\"image at 0x… has invalid magic byte\", and the device keeps its old app.",
			Remedy: "Release one file for each slot, and let device or server choose by esp_ota_get_next_update_partition()."},
		{ID: "release-no-artifact", Severity: bootsim.Error,
			Title:  "The release has nothing for a slot that devices need",
			Cause:  "A device that runs the other slot updates to this one, and no artifact of the release is for it.",
			Prints: "Nothing: the update cannot be installed.",
			Remedy: "Add an artifact encrypted for that slot's address."},
		{ID: "release-no-target", Severity: bootsim.Warning,
			Title:  "Devices cannot be updated from where they run",
			Cause:  "The running slot is the only OTA slot, or the table has none.",
			Prints: "Nothing: esp_ota_get_next_update_partition() finds no other slot.",
			Remedy: "Update from the factory app, or give the lot a second OTA slot."},
		{ID: "release-damaged", Severity: bootsim.Error,
			Title:  "A file of the release is not what the index or bundle says",
			Cause:  "Size or SHA-256 differ: the file was changed, replaced or cut off after the release was made.",
			Prints: "Nothing on the server; a device that compares the SHA-256 refuses the download.",
			Remedy: "Make the release anew with `bootsim release build`, or take the file from where it was made."},
		{ID: "release-misdescribed", Severity: bootsim.Error,
			Title:  "The index or bundle describes a release that the lots do not need",
			Cause:  "It sends devices to another slot or address than they update to, or names a version that the app does not have: it was edited, or made for other partition tables.",
			Prints: "Nothing, or \"image at 0x… has invalid magic byte\" where ciphertext goes to the wrong address.",
			Remedy: "Make the release anew with `bootsim release build` from the configuration that describes the lots."},
		{ID: "release-too-large", Severity: bootsim.Error, Spec: []int{27},
			Title:  "The artifact does not fit the slot",
			Cause:  "The file is larger than the partition that it is to be written to.",
			Prints: "The app: esp_ota_write fails.",
			Remedy: "Shrink the app. The partition table of fielded devices cannot be changed safely."},
	}
}
