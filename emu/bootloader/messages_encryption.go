package bootloader

import "github.com/bootsim/bootsim/emu/idf"

// encryptionAPI is the version from which flash encryption burns its eFuses
// through the efuse component, with other texts.
const encryptionAPI = "4.4-dev-1707"

// encryptionPhases is the version from which flash encryption is enabled in
// three phases that fail separately.
const encryptionPhases = "5.0-dev-3299"

// fuseRanges is the version from which the efuse component words otherwise
// which bits of a register it takes.
const fuseRanges = "5.4-dev-1887"

// fuseRange begins that wording.
const fuseRange = "BLK%d"

// encryptionMessages is what flash encryption prints (spec 4.2 to 4.4).
func encryptionMessages() map[messageID]history {
	return map[messageID]history{
		msgCheckingEncryption: always('I', "boot", "Checking flash encryption..."),
		msgEncryptionRaw:      reworded('V', "flash_encrypt", "", "efuse_blk0 raw value %08x", encryptionAPI, ""),
		msgEncryptionState: reworded('V', "flash_encrypt", "", "efuse FLASH_CRYPT_CNT 0x%x WR_DIS_FLASH_CRYPT_CNT 0x%x",
			encryptionAPI, "CRYPT_CNT %d, write protection %d"),
		msgEncryptionOn:     always('I', "flash_encrypt", "flash encryption is enabled (%d plaintext flashes left)"),
		msgEncryptionFailed: always('E', "boot", "Flash encryption check failed (%d)."),
		msgEncryptionReset:  always('I', "boot", "Resetting with flash encryption enabled..."),
		msgKeyInitFailed:    always('E', "boot", "Initialization of Flash Encryption key failed (%d)"),
		msgContentsFailed:   always('E', "boot", "Encryption flash contents failed (%d)"),
		msgEnablingFailed:   always('E', "boot", "Enabling of Flash encryption failed (%d)"),
		msgRequireEnabled: retagged('E', "flash_encrypt", "flash encryption is not enabled, and SECURE_FLASH_REQUIRE_ALREADY_ENABLED is set, refusing to boot.",
			encryptionPhases, "boot"),
		msgReencryptRefused: reworded('E', "flash_encrypt", "", "Cannot re-encrypt data (FLASH_CRYPT_CNT 0x%02x write disabled %d",
			encryptionAPI, "Cannot re-encrypt data CRYPT_CNT %d write disabled %d",
			encryptionPhases, "Flash Encryption cannot be enabled (CRYPT_CNT (%d) is write protected)"),
		msgCoding: reworded('E', "flash_encrypt", "", "Flash Encryption is currently not supported on hardware with 3/4 Coding Scheme (CODING_SCHEME efuse set)",
			"3.1-98 3.2-dev-1300", "Unknown/unsupported CODING_SCHEME value 0x%x"),
		msgKeyGenerating: always('I', "flash_encrypt", "Generating new flash encryption key..."),
		msgKeyComplete:   reworded('D', "flash_encrypt", encryptionAPI, "Key generation complete"),
		msgKeyWriting:    reworded('I', "efuse", encryptionAPI, "Writing EFUSE_BLK_KEY%d with purpose %d"),
		msgKeyProtecting: reworded('I', "flash_encrypt", "", "Read & write protecting new key...", encryptionAPI, ""),
		msgKeyState: reworded('E', "flash_encrypt", "", "Flash encryption key has to be either unset or both read and write protected",
			encryptionAPI, "Invalid key state, check read&write protection for key and keypurpose(if exists)"),
		msgKeyPreloaded: {
			{idf.Always(), message{'W', "flash_encrypt", "Using pre-loaded flash encryption key in EFUSE block 1"}},
			{idf.MustSince(encryptionAPI), message{'I', "flash_encrypt", "Using pre-loaded flash encryption key in efuse"}},
		},
		msgCryptConfig:       always('I', "flash_encrypt", "Setting CRYPT_CONFIG efuse to 0xF"),
		msgCryptConfigWrong:  reworded('E', "flash_encrypt", encryptionAPI, "EFUSE_ENCRYPT_CONFIG should be set 0xF but it is 0x%x"),
		msgDisableEncrypt:    always('I', "flash_encrypt", "Disable UART bootloader encryption..."),
		msgKeepEncrypt:       always('W', "flash_encrypt", "Not disabling UART bootloader encryption"),
		msgDisableDecrypt:    always('I', "flash_encrypt", "Disable UART bootloader decryption..."),
		msgKeepDecrypt:       always('W', "flash_encrypt", "Not disabling UART bootloader decryption - SECURITY COMPROMISED"),
		msgDisableCache:      always('I', "flash_encrypt", "Disable UART bootloader MMU cache..."),
		msgKeepCache:         always('W', "flash_encrypt", "Not disabling UART bootloader MMU cache - SECURITY COMPROMISED"),
		msgDisableJTAG:       always('I', "flash_encrypt", "Disable JTAG..."),
		msgKeepJTAG:          always('W', "flash_encrypt", "Not disabling JTAG - SECURITY COMPROMISED"),
		msgDisableBasic:      always('I', "flash_encrypt", "Disable ROM BASIC interpreter fallback..."),
		msgKeepBasic:         always('W', "flash_encrypt", "Not disabling ROM BASIC fallback - SECURITY COMPROMISED"),
		msgProgrammingFailed: reworded('E', "flash_encrypt", encryptionAPI, "Error programming security eFuses (err=0x%x)."),
		msgNoBootloader:      always('W', "flash_encrypt", "no valid bootloader was found"),
		msgBootloaderPlain:   always('D', "flash_encrypt", "bootloader is plaintext. Encrypting..."),
		msgBootloaderDone:    reworded('I', "flash_encrypt", encryptionAPI, "bootloader encrypted successfully"),
		msgBootloaderOffsets: always('I', "esp_image", "Bootloader offsets for PRIMARY: 0x%x, Secondary: 0x%x"),
		msgPlainTableBad: reworded('E', "flash_encrypt", "", "Failed to read partition table data - not plaintext?",
			"5.5-dev-84", "Failed to read partition table data - not plaintext or empty?"),
		msgTablePlain:     always('D', "flash_encrypt", "partition table is plaintext. Encrypting..."),
		msgTableEncrypted: reworded('I', "flash_encrypt", encryptionAPI, "partition table encrypted and loaded successfully"),
		msgEncrypting: reworded('I', "flash_encrypt", "", "Encrypting partition %d at offset 0x%x...",
			encryptionAPI, "Encrypting partition %d at offset 0x%x (length 0x%x)..."),
		msgPartitionDone:   reworded('I', "flash_encrypt", encryptionAPI, "Done encrypting"),
		msgRegionSource:    always('E', "flash_encrypt", "esp_flash_encrypt_region bad src_addr 0x%x"),
		msgPartitionFailed: always('E', "flash_encrypt", "Failed to encrypt partition %d"),
		msgRegionsDone:     always('D', "flash_encrypt", "All flash regions checked for encryption pass"),
		msgCountPermanent: reworded('I', "flash_encrypt", "3.3.4-387", "Setting FLASH_CRYPT_CNT efuse to max...", "4.0-dev", "",
			"4.1-beta1-96 4.2-dev-984", "Setting FLASH_CRYPT_CNT for permanent encryption",
			encryptionAPI, "Setting CRYPT_CNT for permanent encryption"),
		msgCountProtect: reworded('I', "flash_encrypt", "3.0.8-22 3.1.5-73 3.2.2-141 3.3-11", "Write protecting FLASH_CRYPT_CNT efuse...",
			"4.0-dev", "", "4.0-dev-990", "Write protecting FLASH_CRYPT_CNT eFuse"),
		msgCountPlaintext: reworded('W', "flash_encrypt", "3.0.8-22 3.1.5-73 3.2.2-141 3.3-11",
			"Not disabling FLASH_CRYPT_CNT - plaintext flashing is still possible", "4.0-dev", ""),
		msgCountChange:    reworded('D', "flash_encrypt", "", "FLASH_CRYPT_CNT 0x%x -> 0x%x", encryptionAPI, "CRYPT_CNT %d -> %d"),
		msgEncryptionDone: always('I', "flash_encrypt", "Flash encryption completed"),
	}
}

// efuseMessages is what the efuse component prints while it burns.
func efuseMessages() map[messageID]history {
	return map[messageID]history{
		msgFuseField: reworded('D', "efuse", "", "In EFUSE_BLK%d__DATA%d_REG is used %d bits starting with %d bit",
			fuseRanges, fuseRange+" REG%d [%d-%d], len=%d bits"),
		msgBatchOn:        always('I', "efuse", "Batch mode of writing fields is enabled"),
		msgBatchDone:      always('I', "efuse", "Batch mode. Prepared fields are committed"),
		msgBatchCancelled: always('I', "efuse", "Batch mode of writing fields is cancelled"),
		msgBurn:           always('I', "efuse", "BURN BLOCK%d"),
		msgBurnSame:       always('I', "efuse", "BURN BLOCK%d - OK (write block == read block)"),
		msgBurnSet:        always('I', "efuse", "BURN BLOCK%d - OK (all write block bits are set)"),
		msgBurnError:      always('E', "efuse", "BURN BLOCK%d - ERROR (written bits != read bits)"),
		msgBurnRetry:      always('W', "efuse", "BLOCK%d: next retry to fix an error [%d/3]..."),
		msgBurnWrong:      always('E', "efuse", "Written data are incorrect"),
	}
}
