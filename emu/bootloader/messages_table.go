package bootloader

// tableMessages is what is printed about the partition table (spec 2.4).
func tableMessages() map[messageID]history {
	return map[messageID]history{
		msgMapFailed:   always('E', "boot", "bootloader_mmap(0x%x, 0x%x) failed"),
		msgTableMapped: always('D', "boot", "mapped partition table 0x%x at 0x%x"),
		msgRowSize:     always('E', "flash_parts", "partition %d invalid - offset 0x%x size 0x%x exceeds flash chip size 0x%x"),
		msgTwoMD5:      always('E', "flash_parts", "Only one MD5 checksum is allowed"),
		msgBadMD5:      always('E', "flash_parts", "Incorrect MD5 checksum"),
		msgTableEnd:    always('D', "flash_parts", "partition table verified, %d entries"),
		msgRowMagic:    always('E', "flash_parts", "partition %d invalid magic number 0x%x"),
		msgNoEnd:       always('E', "flash_parts", "partition table has no terminating entry, not valid"),
		msgTableBad:    always('E', "boot", "Failed to verify partition table"),
		msgTableTitle:  always('I', "boot", "Partition Table:"),
		msgTableHead:   always('I', "boot", "## Label            Usage          Type ST Offset   Length"),
		msgRowAt:       always('D', "boot", "load partition table entry 0x%x"),
		msgRowType:     always('D', "boot", "type=%x subtype=%x"),
		msgRow:         always('I', "boot", rowFormat),
		msgTableDone:   always('I', "boot", "End of partition table"),
		msgTableError:  always('E', "boot", "load partition table error!"),
	}
}
