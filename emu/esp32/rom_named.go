package esp32

// romNamed is functions that are known by name only (ESP-IDF's ROM linker
// scripts; spec exec 3.6). Nothing that boots was seen to call them.
func romNamed() []Function {
	return []Function{
		absent("_xtos_alloca_handler", 0x40000010), absent("_xtos_set_exception_handler", 0x4000074c),
		absent("_xtos_syscall_handler", 0x40000790), absent("srand", 0x40001004),
		absent("rand", 0x40001058), absent("strlcat", 0x40001470),
		absent("strlwr", 0x40001524), absent("strsep", 0x40001734),
		absent("strupr", 0x4000174c), absent("rom_chip_i2c_readReg", 0x40004110),
		absent("rom_i2c_readReg", 0x40004148), absent("rom_chip_i2c_writeReg", 0x40004168),
		absent("rom_i2c_readReg_Mask", 0x400041c0), absent("ets_set_user_start", 0x4000687c),
		absent("ets_unpack_flash_code_legacy", 0x4000694c), absent("ets_unpack_flash_code", 0x40007018),
		absent("calc_rtc_memory_crc", 0x40008170), absent("set_rtc_memory_crc", 0x40008208),
		absent("ets_get_xtal_scale", 0x4000856c), absent("ets_get_detected_xtal_freq", 0x40008588),
		absent("ets_efuse_get_8M_clock", 0x40008710), absent("uart_baudrate_detect", 0x40009034),
		absent("uart_rx_one_char_block", 0x400092a4), absent("uart_rx_readbuff", 0x40009394),
		absent("uart_buff_switch", 0x400093c0), absent("UartGetCmdLn", 0x40009564),
		absent("GetUartDevice", 0x40009598), absent("gpio_output_set", 0x40009b24),
		absent("gpio_input_get", 0x40009b88), absent("_xtos_set_interrupt_handler", 0x4000bf78),
		absent("strtok_r", 0x4000c70c),
		absent("__utoa", 0x400561f0),
		absent("utoa", 0x40056258), absent("setjmp", 0x40056268),
		absent("longjmp", 0x400562cc), absent("div", 0x40056348),
		absent("qsort", 0x40056424), absent("__itoa", 0x40056678),
		absent("itoa", 0x400566b4), absent("strtol", 0x4005681c),
		absent("strtoul", 0x4005692c), absent("ets_sha_init", 0x4005c0d4),
		absent("ets_sha_finish", 0x4005c104), absent("ets_sha_update", 0x4005c2a0),
		absent("ets_bigint_enable", 0x4005c498), absent("ets_bigint_disable", 0x4005c4e0),
		absent("ets_bigint_wait_finish", 0x4005c520), absent("ets_bigint_mod_power_prepare", 0x4005c54c),
		absent("ets_bigint_montgomery_mult_prepare", 0x4005c6fc), absent("ets_bigint_mod_mult_prepare", 0x4005c7b4),
		absent("ets_aes_enable", 0x4005c8cc), absent("ets_aes_disable", 0x4005c8f8),
		absent("ets_aes_setkey_enc", 0x4005c97c), absent("ets_aes_setkey_dec", 0x4005c994),
		absent("ets_aes_crypt", 0x4005c9b8),
		absent("ets_secure_boot_check", 0x4005cb40),
		absent("ets_secure_boot_check_start", 0x4005cbcc), absent("ets_secure_boot_check_finish", 0x4005cc04),
		absent("mz_adler32", 0x4005edbc), absent("mz_crc32", 0x4005ee88),
		absent("tinfl_decompress", 0x4005ef30), absent("ets_emsa_pss_verify", 0x4006520c),
		absent("ets_secure_boot_verify_boot_bootloader", 0x400655ec),
	}
}
