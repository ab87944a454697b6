package rom

// span is a stretch of the address space that takes stores. end is exclusive.
type span struct{ start, end uint32 }

// memory is where the ROM can load to without destroying itself: its own data
// and stack are left out (spec exec 1.1, 1.3).
var memory = [...]span{
	{0x3FF80000, 0x3FF82000}, // RTC fast memory
	{0x3FFAE000 + romData, 0x3FFE0000},
	{0x3FFE4000, 0x40070000}, // upper DRAM; stores to mask ROM are ignored
	{0x40070000, 0x400C2000}, // cache RAM, IRAM, RTC fast memory
	{0x50000000, 0x50002000}, // RTC slow memory
}

// romData is the size of what the ROM keeps at the start of DRAM.
const romData = 0x2000

// wildAddress returns the first address of a load that ends the ROM: a hole in
// the address space, or its own data. An empty load goes nowhere.
func wildAddress(addr, size uint32) (uint32, bool) {
	at, end := uint64(addr), uint64(addr)+uint64(size)
	for at < end {
		next := at
		for _, m := range memory {
			if at >= uint64(m.start) && at < uint64(m.end) {
				next = uint64(m.end)
			}
		}
		if next == at {
			return uint32(at), true
		}
		at = next
	}
	return 0, false
}
