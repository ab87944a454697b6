package rules

import "github.com/bootsim/bootsim/bootsim"

// layoutRules are about what a table describes.
func layoutRules() []Rule {
	return []Rule{
		{ID: "rows-overlap", Severity: bootsim.Warning,
			Title:  "Partitions overlap",
			Cause:  "No bootloader tests it: writing one partition destroys the other.",
			Prints: "Nothing, until it happens.",
			Remedy: "Correct the offsets in the partition CSV."},
		{ID: "slot-unreachable", Severity: bootsim.Warning, Spec: []int{36},
			Title:  "OTA slots with a gap or a duplicate",
			Cause:  "The bootloader counts OTA rows and takes (seq - 1) mod count; the app counts ota_0, ota_1, … up to the first gap. With a gap the two disagree, and rows at or past the count are never booted.",
			Prints: "Nothing; another slot than the one that was updated boots.",
			Remedy: "Number the OTA rows ota_0, ota_1, … without gaps."},
		{ID: "otadata-row-too-small", Severity: bootsim.Error, Spec: []int{37},
			Title:  "The otadata partition is smaller than 0x2000",
			Cause:  "Two sectors are needed, one for each entry.",
			Prints: "\"ota_info partition size … is too small (minimum … bytes)\" and, from v3.2 on, a reset for ever.",
			Remedy: "Make the otadata row 0x2000 bytes."},
		{ID: "otadata-row-missing", Severity: bootsim.Warning, Spec: []int{38},
			Title:  "OTA slots without an otadata partition",
			Cause:  "Without otadata no update can be selected: factory boots, or ota_0.",
			Prints: "Nothing in the bootloader; esp_ota_set_boot_partition fails in the app.",
			Remedy: "Add a row `otadata, data, ota, , 0x2000`."},
		{ID: "no-app-partition", Severity: bootsim.Error,
			Title:  "The table has no app partition",
			Cause:  "Nothing in the table can be booted.",
			Prints: "\"No bootable app partitions in the partition table\"",
			Remedy: "Add a factory or OTA row."},
		{ID: "chip-too-small", Severity: bootsim.Error, Spec: []int{24},
			Title:  "The table needs more flash than the chip has",
			Cause:  "A partition ends past the chip's last byte; addresses there wrap to the start of the flash.",
			Prints: "Nothing, or \"invalid magic byte\" for a slot that lies past the end; the app writes over the start of the flash.",
			Remedy: "Use a table that fits the lot's flash chip."},
	}
}
