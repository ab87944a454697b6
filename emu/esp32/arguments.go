package esp32

// arguments are how many arguments ROM functions take that bootloaders call,
// where it is not one.
var arguments = map[string]int{
	"memcpy": 3, "memset": 3, "memcmp": 3, "memmove": 3, "bzero": 2, "crc32_le": 3, "MD5Update": 3, "MD5Final": 2,
	"ets_printf": 6, "cache_flash_mmu_set_rom": 6, "esp_rom_spiflash_config_param": 6, "esp_rom_spiflash_read_user_cmd": 2,
	"esp_rom_spiflash_prepare_encrypted_data": 2, "esp_rom_spiflash_read": 3, "esp_rom_spiflash_write": 3,
	"esp_rom_spiflash_write_encrypted": 3, "rom_i2c_writeReg": 4, "gpio_matrix_in": 3, "gpio_matrix_out": 4, "uart_div_modify": 2,
	"__udivdi3": 4, "__umoddi3": 4, "__divdi3": 4, "__moddi3": 4, "__lshrdi3": 3, "__ashldi3": 3, "strcmp": 2, "strncmp": 3,
	"ets_get_cpu_frequency": 0, "ets_efuse_get_spiconfig": 0, "ets_install_uart_printf": 0, "software_reset": 0, "xthal_get_ccount": 0,
	"ets_sha_enable": 0, "uartAttach": 0, "esp_rom_spiflash_write_encrypted_enable": 0, "esp_rom_spiflash_write_encrypted_disable": 0,
}

// Arguments returns how many arguments a trace shows of a call.
func (f *Function) Arguments() int {
	if n, ok := arguments[f.Name]; ok {
		return n
	}
	return 1
}
