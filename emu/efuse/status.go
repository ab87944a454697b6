package efuse

import (
	"math/bits"

	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// bit tells whether a bit of BLOCK0 is burnt. These are wires to the hardware:
// RD_DIS does not touch them.
func (s *Set) bit(n int) bool { return s.masked(0, n/32, 1<<(n%32)) != 0 }

// FlashCryptCnt returns the seven bits of FLASH_CRYPT_CNT (spec 4.1).
func (s *Set) FlashCryptCnt() uint8 { return uint8(s.masked(0, 0, countBits) >> 20) }

// FlashCryptCnt8 returns the eight bits that ESP-IDF v3.1 took for the count.
// The eighth is UART_DOWNLOAD_DIS since (spec 4.1).
func (s *Set) FlashCryptCnt8() uint8 { return uint8(s.masked(0, 0, 0xFF<<20) >> 20) }

// FlashEncryption tells whether the cache decrypts: FLASH_CRYPT_CNT has an odd
// number of ones (spec 4.2).
func (s *Set) FlashEncryption() bool { return bits.OnesCount8(s.FlashCryptCnt())%2 == 1 }

// FlashEncryption8 is what a bootloader of ESP-IDF v3.1 takes for the state of
// flash encryption: the parity of eight bits.
func (s *Set) FlashEncryption8() bool { return bits.OnesCount8(s.FlashCryptCnt8())%2 == 1 }

// PlaintextFlashesLeft returns how often flash encryption can still be switched
// off and on again: 0 to 3, and none once the count is write-protected
// (spec 4.2).
func (s *Set) PlaintextFlashesLeft() int {
	if s.WriteProtected(WrDisCryptCnt) {
		return 0
	}
	return (7 - bits.OnesCount8(s.FlashCryptCnt())) / 2
}

// CryptConfig returns which ranges of key bits the address tweaks:
// FLASH_CRYPT_CONFIG as the hardware sees it.
func (s *Set) CryptConfig() crypt.Config { return crypt.Config(s.masked(0, 5, configBits) >> 28) }

// AbsDone0 tells that secure boot v1 is on.
func (s *Set) AbsDone0() bool { return s.bit(196) }

// AbsDone1 tells that secure boot v2 is on, if the chip has it.
func (s *Set) AbsDone1() bool { return s.bit(197) }

// ConsoleDebugDisable tells that the ROM halts instead of starting BASIC.
func (s *Set) ConsoleDebugDisable() bool { return s.bit(194) }

// UARTDownloadDisable tells that chips since v3.0 refuse download mode.
func (s *Set) UARTDownloadDisable() bool { return s.bit(27) }

// JTAGDisable tells that no debugger can attach.
func (s *Set) JTAGDisable() bool { return s.bit(198) }

// DLEncryptDisable tells that download mode cannot encrypt.
func (s *Set) DLEncryptDisable() bool { return s.bit(199) }

// DLDecryptDisable tells that download mode cannot decrypt.
func (s *Set) DLDecryptDisable() bool { return s.bit(200) }

// DLCacheDisable tells that download mode cannot use the flash cache.
func (s *Set) DLCacheDisable() bool { return s.bit(201) }

// AppCPUDisable tells that the second core is off.
func (s *Set) AppCPUDisable() bool { return s.bit(96) }

// CacheDisable tells that the chip cannot run from flash at all.
func (s *Set) CacheDisable() bool { return s.bit(99) }

// CPULimit160 tells that the chip is rated for 160 MHz only.
func (s *Set) CPULimit160() bool { return s.bit(108) && s.bit(109) }

// Package returns the four bits of the chip's package: CHIP_PACKAGE_4BIT above
// CHIP_PACKAGE.
func (s *Set) Package() uint8 {
	w := s.masked(0, 3, 1<<2|7<<9)
	return uint8(w>>2&1)<<3 | uint8(w>>9)
}

// SecureVersion returns the anti-rollback version: the number of ones in
// SECURE_VERSION, as software reads it (spec 4.1).
func (s *Set) SecureVersion() uint32 { return uint32(bits.OnesCount32(s.ReadWord(3, 4))) }

// Supply is what decides the voltage of the flash's supply pin VDD_SDIO.
type Supply uint8

// The ways VDD_SDIO is set at reset.
const (
	SupplyStrap Supply = iota // GPIO12: high for 1.8 V, low for 3.3 V
	SupplyOff                 // internal regulator off
	Supply18V
	Supply33V
)

// FlashSupply returns how VDD_SDIO is set.
func (s *Set) FlashSupply() Supply {
	switch {
	case !s.bit(144):
		return SupplyStrap
	case !s.bit(142):
		return SupplyOff
	case !s.bit(143):
		return Supply18V
	}
	return Supply33V
}
