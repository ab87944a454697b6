package fuzz

// anywhere changes bytes of a part, or beside it.
func (s *Subject) anywhere(d dice, p part) Change {
	at := p.at + uint32(d.below(uint64(p.size+64)))
	if at >= s.Device.Flash.Size() {
		at = p.at
	}
	switch d.below(4) {
	case 0:
		return Change{Kind: KindCipher, At: at, Data: bit(d)}
	case 1:
		return Change{Kind: KindErase, At: at &^ 0xFFF, Size: 0x1000 * uint32(1+d.below(3))}
	case 2:
		return Change{Kind: KindPlain, At: at, Data: le32(number(d))}
	}
	return Change{Kind: KindFlip, At: at, Data: bit(d)}
}

// misplaced moves a part, or encrypts it otherwise.
func (s *Subject) misplaced(d dice, p part) Change {
	q := pick(d, s.parts)
	size := min((p.size+0xF)&^0xF, 1<<20)
	by := pick(d, []uint32{0x10, 0x20, 0x1000, 0x10000})
	switch d.below(8) {
	case 0:
		return Change{Kind: KindMove, At: q.at, From: p.at, Size: size}
	case 1:
		return Change{Kind: KindShift, At: q.at, From: p.at, Size: size}
	case 2:
		return Change{Kind: KindShift, At: p.at + by, From: p.at, Size: size}
	case 3:
		return Change{Kind: KindSeal, Field: SealPlain, At: p.at, Size: size}
	case 4:
		return Change{Kind: KindSeal, Field: SealTwice, At: p.at, Size: size}
	case 5:
		return Change{Kind: KindSeal, Field: SealAddress, Value: uint64(pick(d, []uint32{q.at, p.at + by, 0, 1 << 20})), At: p.at, Size: size}
	case 6:
		return Change{Kind: KindSeal, Field: SealConfig, Value: d.below(16), At: p.at, Size: size}
	}
	return Change{Kind: KindSeal, Field: SealKey, Value: d.below(4), At: p.at, Size: size}
}

// crossed puts a part of any lot where this lot has one.
func (s *Subject) crossed(d dice, p part) Change {
	return Change{Kind: KindPart, Field: pick(d, []string{PartRaw, PartPlain}), Part: pick(d, s.names), At: p.at}
}

// fuseFields are the eFuses that a boot may depend on.
var fuseFields = [...]string{"FLASH_CRYPT_CNT", "FLASH_CRYPT_CONFIG", "CODING_SCHEME", "RD_DIS", "WR_DIS", "UART_DOWNLOAD_DIS", "DISABLE_APP_CPU",
	"CHIP_VER_REV1", "CHIP_VER_REV2", "WAFER_VERSION_MINOR", "ABS_DONE_0", "ABS_DONE_1", "CONSOLE_DEBUG_DISABLE", "DIS_CACHE",
	"SPI_PAD_CONFIG_CLK", "SPI_PAD_CONFIG_HD", "CHIP_CPU_FREQ_LOW", "CHIP_CPU_FREQ_RATED", "SECURE_VERSION", "CHIP_PACKAGE", "JTAG_DISABLE"}

// chipChange changes eFuses, the key, or what is in silicon.
func (s *Subject) chipChange(d dice) Change {
	switch d.below(6) {
	case 0:
		return Change{Kind: KindKey, Field: pick(d, []string{KeyZero, KeyReverse, KeyFlip, KeyOther}), Value: d.below(256)}
	case 1:
		return pick(d, []Change{
			{Kind: KindChip, Field: ChipROM, Value: 2016}, {Kind: KindChip, Field: ChipROM, Value: 2019}, {Kind: KindChip, Field: ChipAPB, Value: 1},
			{Kind: KindChip, Field: ChipAPB}, {Kind: KindChip, Field: ChipStrap, Value: 3}, {Kind: KindChip, Field: ChipTest, Value: 1},
			{Kind: KindChip, Field: ChipCause, Value: 5}, {Kind: KindChip, Field: ChipCause, Value: 3}, {Kind: KindChip, Field: ChipReset, Value: 1},
		})
	}
	return Change{Kind: KindEfuse, Field: pick(d, fuseFields[:]), Value: pick(d, []uint64{0, 1, 2, 3, 7, 0xF, 0x7F, d.below(1 << 16)})}
}
