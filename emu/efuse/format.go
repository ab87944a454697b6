package efuse

import "fmt"

// String describes the chip by what its boot depends on. It never shows the
// content of BLOCK1 to BLOCK3, which may be keys.
func (s *Set) String() string {
	return fmt.Sprintf("eFuses(WR_DIS=0x%04x RD_DIS=0x%x FLASH_CRYPT_CNT=0x%02x FLASH_CRYPT_CONFIG=0x%x CODING_SCHEME=%s BLOCK1=%s BLOCK2=%s BLOCK3=%s)",
		s.word(0, 0)&0xFFFF, s.word(0, 0)>>16&0xF, s.FlashCryptCnt(), uint8(s.CryptConfig()), s.CodingScheme(),
		s.KeyState(1), s.KeyState(2), s.KeyState(3))
}

// Format writes what String returns under every verb, so that no %#v shows a
// key.
func (s *Set) Format(w fmt.State, _ rune) { _, _ = fmt.Fprint(w, s.String()) }

// Format writes that there is a batch, and not what would be burnt.
func (b *Batch) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprintf(w, "batch for %s", b.set.String())
}
