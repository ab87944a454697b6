package bootloader

// handoverMessages is what the jump into an app prints (spec 2.2, steps 16 to 18).
func handoverMessages() map[messageID]history {
	return map[messageID]history{
		msgRNGOff:       always('I', "boot", "Disabling RNG early entropy source..."),
		msgManySegments: always('E', "boot", "Image contains multiple %s segments. Only the last one will be mapped."),
		msgMappingAs:    always('D', "boot", "Mapping segment %d as %s"),
		msgSetCache:     always('D', "boot", "calling set_cache_and_start_app"),
		msgConfigure:    always('D', "boot", "configure drom and irom and start"),
		msgMapD: reworded('V', "boot", "", "d mmu set paddr=%08x vaddr=%08x size=%d n=%d",
			"5.0-dev-2032", "rodata starts from paddr=0x%08x, vaddr=0x%08x, size=0x%x"),
		msgMapI: reworded('V', "boot", "", "i mmu set paddr=%08x vaddr=%08x size=%d n=%d",
			"5.0-dev-2032", "text starts from paddr=0x%08x, vaddr=0x%08x, size=0x%x"),
		msgMapResult: always('V', "boot", "rc=%d"),
		msgMapDAfter: always('V', "boot", "after mapping rodata, starting from paddr=0x%08x and vaddr=0x%08x, 0x%x bytes are mapped"),
		msgMapIAfter: always('V', "boot", "after mapping text, starting from paddr=0x%08x and vaddr=0x%08x, 0x%x bytes are mapped"),
		msgStart:     always('D', "boot", "start: 0x%08x"),
	}
}
