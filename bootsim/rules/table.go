package rules

import "github.com/bootsim/bootsim/bootsim"

func tableRules() []Rule {
	return []Rule{
		{ID: "table-missing", Severity: bootsim.Error, Spec: []int{64},
			Title:  "No partition table",
			Cause:  "The sector where the bootloader looks for the table is erased.",
			Prints: "Before v5.5: an empty table, then \"No bootable app partitions in the partition table\". From v5.5: \"partition 0 invalid magic number 0xffff\".",
			Remedy: "Flash partition-table.bin to CONFIG_PARTITION_TABLE_OFFSET (0x8000 by default)."},
		{ID: "table-offset", Severity: bootsim.Error, Spec: []int{20},
			Title:  "The partition table lies at another offset",
			Cause:  "CONFIG_PARTITION_TABLE_OFFSET is compiled into bootloader and app. The table was found elsewhere than where the bootloader looks.",
			Prints: "\"partition 0 invalid magic number 0x…\", or an empty table.",
			Remedy: "Flash the table to the offset that bootloader and app were built with, or build both with the same."},
		{ID: "table-corrupt", Severity: bootsim.Error, Spec: []int{21},
			Title:  "The partition table was changed after it was made",
			Cause:  "A row has a wrong magic number, the MD5 does not match, or the terminator is missing: edited by hand, or damaged.",
			Prints: "\"Incorrect MD5 checksum\", \"partition … invalid magic number\", \"partition table has no terminating entry, not valid\".",
			Remedy: "Generate the table again from its CSV: `gen_esp32part.py PARTITIONS.csv PARTITIONS.bin`."},
		{ID: "table-no-md5", Severity: bootsim.Warning, Spec: []int{22},
			Title:  "The table has no MD5 row",
			Cause:  "Bootloaders do not mind. Apps built with CONFIG_PARTITION_TABLE_MD5 (the default) refuse such a table from v3.3.6, v4.0.3, v4.1.2, v4.2.2 and v4.3.1 on.",
			Prints: "The app: \"No MD5 found in partition table\", \"load_partitions returned 0x105\".",
			Remedy: "Generate the table without --disable-md5sum."},
		{ID: "table-beyond-header-size", Severity: bootsim.Error, Spec: []int{23},
			Title:  "The table reaches past the flash size in the bootloader's header",
			Cause:  "The bootloader takes the size of the flash from its own header, not from the chip.",
			Prints: "\"partition … invalid - offset 0x… size 0x… exceeds flash chip size 0x…\"",
			Remedy: "Build with the right CONFIG_ESPTOOLPY_FLASHSIZE, or flash the bootloader with --flash_size set."},
		{ID: "row-too-large", Severity: bootsim.Error, Spec: []int{28},
			Title:  "An app partition is larger than 16 MB",
			Cause:  "The image loader refuses such a row unread.",
			Prints: "\"partition size 0x… invalid, larger than 16MB\"",
			Remedy: "Correct the size in the partition CSV."},
		{ID: "row-unaligned", Severity: bootsim.Error, Spec: []int{29},
			Title:  "An app partition is not aligned to 64 KiB",
			Cause:  "The MMU maps 64 KiB pages: the low 16 bits of flash address and load address must agree.",
			Prints: "\"Segment 0 load address 0x…, doesn't match data 0x…\"",
			Remedy: "Give app partitions offsets that are multiples of 0x10000."},
	}
}
