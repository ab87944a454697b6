package efuse

// Bits of WR_DIS: what each protects from further burning (spec 4.1). Several
// fields share a bit.
const (
	WrDisRdDis    = 0  // RD_DIS itself: keys can no longer be hidden
	WrDisWrDis    = 1  // WR_DIS itself
	WrDisCryptCnt = 2  // FLASH_CRYPT_CNT and UART_DOWNLOAD_DIS
	WrDisMAC      = 3  // MAC, DIS_CACHE, DISABLE_APP_CPU, DISABLE_BT
	WrDisClock    = 4  // CLK8M_FREQ, ADC_VREF
	WrDisSDIO     = 5  // XPD_SDIO_*
	WrDisSPIPads  = 6  // SPI_PAD_CONFIG_*
	WrDisBlock1   = 7  // the flash encryption key; BLOCK2 and BLOCK3 follow
	WrDisConfig   = 10 // FLASH_CRYPT_CONFIG, CODING_SCHEME, KEY_STATUS
	WrDisAbsDone0 = 12
	WrDisAbsDone1 = 13
	WrDisJTAG     = 14
	WrDisConsole  = 15 // CONSOLE_DEBUG_DISABLE and DISABLE_DL_*
)

// Bits of RD_DIS: what software can no longer read (spec 4.1).
const (
	RdDisBlock1 = 0
	RdDisBlock2 = 1
	RdDisBlock3 = 2
	RdDisConfig = 3 // FLASH_CRYPT_CONFIG, CODING_SCHEME, KEY_STATUS, BLK3_PART_RESERVE
)

// WriteProtected tells whether a bit of WR_DIS is burnt.
func (s *Set) WriteProtected(bit int) bool {
	return bit >= 0 && bit < 16 && s.masked(0, 0, 1<<bit) != 0
}

// ReadProtected tells whether a bit of RD_DIS is burnt.
func (s *Set) ReadProtected(bit int) bool {
	return bit >= 0 && bit < 4 && s.masked(0, 0, 1<<(16+bit)) != 0
}

// KeyReadProtected tells whether software is kept from reading BLOCK1, 2 or 3.
func (s *Set) KeyReadProtected(block int) bool {
	return block >= 1 && block < BlockCount && s.ReadProtected(block-1)
}

// KeyWriteProtected tells whether BLOCK1, 2 or 3 can no longer be burnt.
func (s *Set) KeyWriteProtected(block int) bool {
	return block >= 1 && block < BlockCount && s.WriteProtected(WrDisBlock1+block-1)
}

// KeyState is what can be known from outside about a key block.
type KeyState uint8

// The states of a key block.
const (
	KeyUnset     KeyState = iota // readable and all zero
	KeyReadable                  // readable and not zero: anybody can copy the key
	KeyProtected                 // hidden from software; hardware still uses it
)

// KeyState returns the state of BLOCK1, 2 or 3.
func (s *Set) KeyState(block int) KeyState {
	switch {
	case s.KeyReadProtected(block):
		return KeyProtected
	case block < 1 || block >= BlockCount || s.raw(block) == [BlockSize]byte{}:
		return KeyUnset
	}
	return KeyReadable
}

// String names the state.
func (k KeyState) String() string {
	switch k {
	case KeyUnset:
		return "unset"
	case KeyReadable:
		return "readable"
	}
	return "protected"
}

// Readable tells whether software can read a field.
func (s *Set) Readable(f Field) bool { return f.ReadBit < 0 || !s.ReadProtected(f.ReadBit) }

// Writeable tells whether a field can still be burnt.
func (s *Set) Writeable(f Field) bool { return f.WriteBit < 0 || !s.WriteProtected(f.WriteBit) }

// writeProtectedBits returns the bits of a block that a burn leaves alone.
func (s *Set) writeProtectedBits(block int) (mask [BlockSize]byte) {
	if block > 0 {
		if s.KeyWriteProtected(block) {
			for i := range mask {
				mask[i] = 0xFF
			}
		}
		return mask
	}
	return block0Bits(func(f Field) bool { return !s.Writeable(f) })
}

// readProtectedBits returns the bits of BLOCK0 that RD_DIS bit 3 hides.
func readProtectedBits() [BlockSize]byte {
	return block0Bits(func(f Field) bool { return f.ReadBit == RdDisConfig })
}

// block0Bits returns the bits of all fields of BLOCK0 that are wanted.
func block0Bits(want func(Field) bool) (mask [BlockSize]byte) {
	for _, f := range fieldTable() {
		if f.Block == 0 && !f.Derived && want(f) {
			for bit := f.Bit; bit < f.Bit+f.Len; bit++ {
				mask[bit/8] |= 1 << (bit % 8)
			}
		}
	}
	return mask
}
