package espimage

// Class is a memory class of the ESP32: what a bootloader does with a segment
// depends on the class of its load address (spec 3.3).
type Class uint8

// The memory classes.
const (
	ClassNone       Class = iota // no memory a segment may go to
	ClassPadding                 // below 0x10000000: skipped, but part of the checksum
	ClassDROM                    // flash mapped as data
	ClassIROM                    // flash mapped as code
	ClassDRAM                    // internal data RAM
	ClassIRAM                    // internal instruction RAM
	ClassDIRAM                   // SRAM1 on the instruction bus
	ClassRTCFastI                // RTC fast memory, instruction bus
	ClassRTCFastD                // RTC fast memory, data bus
	ClassRTCSlow                 // RTC slow memory
	ClassLoaderIRAM              // cache RAM that bootloaders load themselves into, never applications
)

// Bounds of the memory classes: first address, and first address behind.
const (
	PaddingEnd     = 0x10000000
	DROMStart      = 0x3F400000
	DROMEnd        = 0x3F800000
	RTCFastDStart  = 0x3FF80000
	RTCFastDEnd    = 0x3FF82000
	DRAMStart      = 0x3FFAE000
	DRAMEnd        = 0x40000000
	LoaderStart    = 0x40078000
	LoaderEnd      = 0x40080000
	IRAMStart      = 0x40080000
	IRAMEnd        = 0x400A0000
	IRAMEndV51     = 0x400AA000 // where bootloaders of v5.1 and later end IRAM, inside D/IRAM
	DIRAMStart     = 0x400A0000
	DIRAMEnd       = 0x400C0000
	RTCFastIStart  = 0x400C0000
	RTCFastIEnd    = 0x400C2000
	IROMStart      = 0x400D0000
	IROMEnd        = 0x40400000
	RTCSlowStart   = 0x50000000
	RTCSlowEnd     = 0x50002000
	MMUPageSize    = 0x10000 // mapped segments agree with their flash offset modulo this
	SPICommandFlag = 1 << 31 // first segment's address: the data are SPI commands (spec 1.4)
)

// classNames are in the order of the constants.
var classNames = [...]string{"none", "PADDING", "DROM", "IROM", "DRAM", "IRAM", "D/IRAM",
	"RTC_IRAM", "RTC_DRAM", "RTC_DATA", "LOADER_IRAM"}

// String returns the class's usual name, such as "DROM".
func (c Class) String() string {
	if int(c) >= len(classNames) {
		return classNames[ClassNone]
	}
	return classNames[c]
}

// Mapped tells whether segments of the class stay in flash and are mapped.
func (c Class) Mapped() bool { return c == ClassDROM || c == ClassIROM }

// RTC tells whether the class is RTC memory, which keeps its content in deep
// sleep and is then not loaded again.
func (c Class) RTC() bool {
	return c == ClassRTCFastI || c == ClassRTCFastD || c == ClassRTCSlow
}

// Loaded tells whether an application's segment of the class is copied to RAM.
func (c Class) Loaded() bool {
	return c == ClassDRAM || c == ClassIRAM || c == ClassDIRAM || c.RTC()
}

// ClassOf returns the memory class of an address.
func ClassOf(addr uint32) Class {
	for _, r := range ranges() {
		if addr >= r.start && addr < r.end {
			return r.class
		}
	}
	return ClassNone
}

type span struct {
	start, end uint32
	class      Class
}

// ranges returns the memory map. The spans do not overlap.
func ranges() [10]span {
	return [...]span{
		{0, PaddingEnd, ClassPadding},
		{DROMStart, DROMEnd, ClassDROM},
		{RTCFastDStart, RTCFastDEnd, ClassRTCFastD},
		{DRAMStart, DRAMEnd, ClassDRAM},
		{LoaderStart, LoaderEnd, ClassLoaderIRAM},
		{IRAMStart, IRAMEnd, ClassIRAM},
		{DIRAMStart, DIRAMEnd, ClassDIRAM},
		{RTCFastIStart, RTCFastIEnd, ClassRTCFastI},
		{IROMStart, IROMEnd, ClassIROM},
		{RTCSlowStart, RTCSlowEnd, ClassRTCSlow},
	}
}
