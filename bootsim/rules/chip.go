package rules

import "github.com/bootsim/bootsim/bootsim"

// chipRules are about what the flash chip asks of a bootloader, and about what no
// model covers.
func chipRules() []Rule {
	return []Rule{
		{ID: "flash-size-over-chip", Severity: bootsim.Error, Spec: []int{24},
			Title:  "The image header promises more flash than the chip has",
			Cause:  "Bootloader and app take the flash size from the image header. Addresses past the real chip wrap to its start.",
			Prints: "The bootloader may pass; slots past the end read as something else. Apps from v4.0 on stop with \"Detected size(…k) smaller than the size in the binary image header(…k). Probe failed.\"",
			Remedy: "Build with the real CONFIG_ESPTOOLPY_FLASHSIZE, or flash with --flash_size set to the chip's."},
		{ID: "flash-size-under-chip", Severity: bootsim.Note, Spec: []int{25},
			Title:  "The image header states less flash than the chip has",
			Cause:  "CONFIG_ESPTOOLPY_FLASHSIZE is below the chip's size; the rest cannot be used.",
			Prints: "The app warns: \"Detected size(…k) larger than the size in the binary image header(…k).\"",
			Remedy: "Nothing, if the rest of the flash is not wanted."},
		{ID: "flash-mode-risk", Severity: bootsim.Note, Spec: []int{26},
			Title:  "Flash mode or speed asks much of the board",
			Cause:  "QIO and QOUT need the WP and HD lines, 80 MHz a flash chip and a layout that are fit for it. Images cannot tell whether the board is.",
			Prints: "On a board that is not fit: \"csum err\", \"flash read err, 1000\" or hash failures, at random.",
			Remedy: "If boots fail at random, try --flash_mode dio and --flash_freq 40m."},
		{ID: "not-modelled", Severity: bootsim.Error,
			Title:  "The boot reached something that is not modelled",
			Cause:  "The finding names it. No verdict is given: this is neither a pass nor a fail of the images.",
			Prints: "Unknown.",
			Remedy: "Where it is the bootloader that is not modelled, check with --engine exec, which executes the binary at 0x1000. Otherwise try on hardware, and report the case."},
		{ID: "engines-disagree", Severity: bootsim.Error,
			Title:  "The model and the executed bootloader come out differently",
			Cause:  "With --engine both every boot is carried out twice: by the model of ESP-IDF's bootloader and by executing the lot's own binary. They differ in decision, log, flash or eFuses. Either the binary was changed against ESP-IDF, or it has an option that the model was not told, or one of the two is wrong. The verdict follows the binary.",
			Prints: "What the binary prints; the finding quotes where the model differs.",
			Remedy: "If the bootloader was changed on purpose, check with --engine exec. Otherwise state its version and options (--idf, --rollback), and report the case if they still differ."},
		{ID: "engine-alone", Severity: bootsim.Note,
			Title:  "Only the executed bootloader tells how the boot ends",
			Cause:  "With --engine both, the model had no opinion on the end: the bootloader is one that it does not know, or an image is loaded over the bootloader's own code, stack or data, where everything depends on the binary. Up to there both printed the same. The verdict follows the binary.",
			Prints: "What the binary prints.",
			Remedy: "Nothing, unless the finding names an image that overwrites the bootloader: move its segments."},
	}
}
