package bootloader

// flashMessages is what the functions that read and write flash print.
func flashMessages() map[messageID]history {
	return map[messageID]history{
		msgMapTwice:  always('E', "bootloader_flash", "tried to bootloader_mmap twice"),
		msgMapExcess: always('E', "bootloader_flash", "bootloader_mmap excess size %x"),
		msgMapped: reworded('D', "bootloader_flash", "", "mmu set paddr=%08x count=%d",
			"3.0.7-25 3.1.2-77 3.2-beta3 3.3-beta1-245", "mmu set paddr=%08x count=%d size=%x src_addr=%x src_addr_aligned=%x",
			"5.0-dev-2032", "rodata starts from paddr=0x%08x, size=0x%x, will be mapped to vaddr=0x%08x"),
		msgMappedAfter: reworded('V', "bootloader_flash", "5.0-dev-2032", "after mapping, starting from paddr=0x%08x and vaddr=0x%08x, 0x%x bytes are mapped"),
		msgReadMapped:  always('D', "bootloader_flash", "mmu set block paddr=0x%08x (was 0x%08x)"),
		msgReadSourceAlign: reworded('E', "bootloader_flash", "", "bootloader_flash_read src_addr 0x%x not 4-byte aligned",
			"5.5.2-692 6.0-beta2-44 6.1-dev-2150", "bootloader_flash_read src_addr 0x%x, size 0x%x or dest 0x%x not 4-byte aligned"),
		msgWriteAddrAlign: always('E', "bootloader_flash", "bootloader_flash_write dest_addr 0x%x not %d-byte aligned"),
	}
}
