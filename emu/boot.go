package emu

// Booter carries out one boot, from reset to the jump into an application or to
// wherever it ends. It may change the device's flash and eFuses as the real
// stages do. The same device state gives the same outcome.
type Booter interface {
	Boot(d *Device) Outcome
}

// End is how a boot ended.
type End uint8

// The ends of a boot. Every one but EndApp leaves the user without his app.
const (
	EndApp       End = iota // jumped into the application
	EndReset                // gave up and reset the chip: the same follows again
	EndReturned             // v3.1 and older: returned to ROM, "user code done", silence
	EndAbort                // abort() in the bootloader
	EndException            // CPU exception
	EndHang                 // overwrote itself or waits for ever
	EndROM                  // the ROM found nothing to start: BASIC, halt or endless pre-check
	EndUnknown              // not modelled; Outcome.NotModelled tells what
)

// Stage tells who speaks.
type Stage uint8

// The stages of a boot.
const (
	StageROM Stage = iota
	StageBootloader
	StageApp
)

// Outcome is what one boot did.
type Outcome struct {
	End   End
	Stage Stage // the last stage that ran
	App   *App  // what was started; nil unless End is EndApp
	Log   []Line
	// Table and selection as the bootloader saw them; zero when it never came so far.
	Selection Selection
	// Refusals in order: why the ROM, the bootloader itself, the table or a slot was turned down.
	Refusals []Refusal
	// NextCause is the reset reason of the boot that follows when End is EndReset.
	NextCause ResetReason
	// NotModelled names what ended the boot because no model of it exists.
	NotModelled string
	// Guess tells what a model had to guess on the way; the zero value where all is known.
	Guess Guess
	// Disagreements tell where a second implementation of the same boot came out
	// otherwise, a sentence each; nil where none was asked or both agree.
	Disagreements []string
	// Unwitnessed tells why the second implementation has no opinion on the end,
	// where one was asked.
	Unwitnessed string
}

// Guess is the point of a boot from which on everything is only likely, because
// it depends on more than is modelled.
type Guess struct {
	Why   string // empty: nothing was guessed
	Lines int    // of the log that stand before it, and are certain
}

// App is an application that was started.
type App struct {
	Slot   int // SlotFactory, SlotTest or the OTA index
	Label  string
	Offset uint32
	Size   uint32 // of the partition
	Entry  uint32 // address jumped to
}

// Slot numbers that are no OTA index (spec 2.6).
const (
	SlotFactory = -1
	SlotTest    = -2
	SlotNone    = -99
)

// Selection is what otadata and the table said before anything was loaded.
type Selection struct {
	Made    bool
	Slot    int  // slot tried first
	Invalid bool // both entries unusable ("ota data partition invalid")
	Initial bool // both entries erased
}

// Reason is why something was refused; diagnosis branches on it.
type Reason uint16

// Reasons of refusal. The comment gives the line that the console shows.
const (
	ReasonNone              Reason = iota
	ReasonROMMagic                 // flash read err, 1000 | invalid header: 0x%08x
	ReasonROMHeader                // invalid header for segment count or mode, magic being right
	ReasonROMChipID                // wrong chip id 0x%04x
	ReasonROMChecksum              // csum err:0x%02x!=0x%02x
	ReasonROMWildLoad              // Fatal exception while loading
	ReasonROMSecureBoot            // secure boot refused the bootloader
	ReasonBootHeader               // failed to load bootloader (image) header!
	ReasonBootChipID               // the bootloader's own mismatch chip ID
	ReasonBootRevision             // the bootloader's own revision requirement
	ReasonTable                    // Failed to verify partition table
	ReasonTableMagic               // partition %d invalid magic number 0x%x
	ReasonTableMD5                 // Incorrect MD5 checksum
	ReasonTableTwoMD5              // Only one MD5 checksum is allowed
	ReasonTableSize                // partition %d invalid - offset 0x%x size 0x%x exceeds flash chip size 0x%x
	ReasonTableNoEnd               // partition table has no terminating entry, not valid
	ReasonOTADataSize              // ota_info partition size %d is too small
	ReasonNoApps                   // No bootable app partitions in the partition table
	ReasonNoTestApp                // Test firmware is not found in partition table
	ReasonAppMagic                 // image at 0x%x has invalid magic byte
	ReasonAppChipID                // mismatch chip ID
	ReasonAppMinRevision           // chip revision too low
	ReasonAppMaxRevision           // chip revision too high
	ReasonAppSegmentCount          // segment count %d exceeds max %d
	ReasonAppSegmentLength         // invalid segment length 0x%x
	ReasonAppSegmentAlign          // Segment %d load address 0x%08x, doesn't match data 0x%08x
	ReasonAppSegmentRange          // bad load address range
	ReasonAppSegmentOverlap        // overlaps bootloader stack/data/loader IRAM
	ReasonAppMap                   // bootloader_mmap excess size
	ReasonAppWrapped               // image offset has wrapped
	ReasonAppChecksum              // Checksum failed. Calculated 0x%x read 0x%x
	ReasonAppLength                // Image length %d doesn't fit in partition length %d
	ReasonAppHash                  // Image hash failed - image is corrupt
	ReasonAppSignature             // Secure boot signature verification failed; Want is the scheme, Offset the place of the signature
	ReasonAppSecureVersion         // secure_version below the eFuses'
	ReasonAppDescription           // Failed to get partition description %d
	ReasonPartitionTooLarge        // partition size 0x%x invalid, larger than 16MB
	ReasonFlashEncryption          // enabling or checking flash encryption failed
	ReasonSecureBoot               // enabling secure boot failed; Got is the error number
	ReasonNoMapping                // v5.5+: abort for a missing DROM or IROM segment
	ReasonException                // the load destroyed the bootloader or faulted
	ReasonCPUFrequency             // Chip CPU frequency rated for %dMHz
)

// Refusal is one thing that was turned down on the way.
type Refusal struct {
	Reason Reason
	Slot   int    // SlotNone when it concerns no slot
	Label  string // of the partition, if any
	Offset uint32 // flash address of what was refused
	Row    int    // table row, for table reasons
	Want   uint64 // expected or limit, by reason
	Got    uint64 // found
	Detail string // the line as printed, without envelope
}

// Line is one line of the console.
type Line struct {
	Stage Stage
	Level byte   // 'E' 'W' 'I' 'D' 'V', or 0 for a line without envelope
	Tag   string // "boot", "esp_image", …; empty when Level is 0
	Text  string
}

// String renders the line as a recorded log shows it. Time is not modelled: the
// milliseconds are an asterisk.
func (l Line) String() string {
	if l.Level == 0 {
		return l.Text
	}
	return string(rune(l.Level)) + " (*) " + l.Tag + ": " + l.Text
}
