package bootloader

import (
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// DefaultTableOffset is CONFIG_PARTITION_TABLE_OFFSET unless somebody chose
// another (spec 0, fact 1).
const DefaultTableOffset = 0x8000

// DefaultWatchdog is CONFIG_BOOTLOADER_WDT_TIME_MS unless somebody chose another.
const DefaultWatchdog = 9000

// Profile is one bootloader as far as its behaviour depends on it. Make it with
// ForVersion or Detect and change what is known better; it is not changed by a
// boot and may be shared.
type Profile struct {
	Version     idf.Version
	VersionText string // as its banner prints it

	LogLevel    LogLevel
	CompileTime string            // as printed after "compile time"; no line when empty
	SingleCore  Tri               // built for one core (CONFIG_FREERTOS_UNICORE)
	Assertions  Tri               // built with assertions: abort() and assert() exist
	AssertedAt  map[string]string // file and line of a function's assertion, where known
	Quad        Quad              // what it makes of a flash chip in QIO or QOUT builds
	PinsFixed   bool              // built without the flash driver that can follow moved flash pins

	TableOffset uint32 // CONFIG_PARTITION_TABLE_OFFSET
	Memory      Memory

	FlashEncryption Encryption
	SecureBoot      SecureBoot
	SignedApps      SecureBoot // scheme by which apps are verified; SecureBootNone for none
	// AppKeys are the public keys in the bootloader's binary that a signature of
	// scheme V1 may be verified with: one, unless other bytes look like a key.
	AppKeys          []secureboot.V1Key
	DisableDownload  bool // Secure Boot V2 disables ROM's download mode
	AllowReadDisable bool // Secure Boot V2 leaves RD_DIS writable

	Rollback     Tri // CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE
	AntiRollback Tri // CONFIG_BOOTLOADER_APP_ANTI_ROLLBACK

	FactoryReset *FactoryReset // nil: no such pin, or unknown
	TestApp      bool          // a pin starts the test app

	SkipValidate SkipValidate
	FastBoot     bool // starts the app of before after deep sleep, without looking at it
	CPUFrequency int  // MHz that the build asks for; 0 when unknown
	Crystal      int  // MHz of the crystal that it was built for; 0 where it measures or is not known
	Revisions    Revisions
	Watchdog     int // CONFIG_BOOTLOADER_WDT_TIME_MS; 0 when it is not started

	// NotModelled tells why nothing is known of how the bootloader behaves; empty
	// for all of ESP-IDF's from v3.0 on. A boot then ends at once as not modelled.
	NotModelled string
	// Assumed tells in sentences what no evidence says.
	Assumed []string

	features featureSet
	texts    catalogue
}

// FactoryReset is CONFIG_BOOTLOADER_FACTORY_RESET with its settings.
type FactoryReset struct {
	Labels       string // CONFIG_BOOTLOADER_DATA_FACTORY_RESET: labels to erase
	EraseOTAData bool   // CONFIG_BOOTLOADER_OTA_DATA_ERASE
}

// SkipValidate is when a bootloader starts an app without looking at it
// (v4.3 and later, spec 2.7).
type SkipValidate uint8

// The choices of CONFIG_BOOTLOADER_SKIP_VALIDATE_*.
const (
	SkipNever SkipValidate = iota
	SkipOnPowerOn
	SkipAlways
)

// SecureBoot is a scheme of signatures.
type SecureBoot uint8

// The schemes that an ESP32 knows.
const (
	SecureBootNone SecureBoot = iota
	SecureBootV1
	SecureBootV2
)

// ForVersion returns the profile of a bootloader of a version with the options
// that ESP-IDF chooses by default. Build options are Unknown where they leave
// no trace.
func ForVersion(v idf.Version) Profile {
	p := Profile{
		VersionText: v.String(),
		LogLevel:    LogInfo, TableOffset: DefaultTableOffset, Watchdog: DefaultWatchdog,
		Memory: memoryOf(),
	}
	return p.As(v)
}

// has tells whether the bootloader behaves so.
func (p *Profile) has(f feature) bool { return p.features[f] }

// LogLevel is CONFIG_BOOTLOADER_LOG_LEVEL: lines of higher levels are not
// compiled in.
type LogLevel uint8

// The log levels.
const (
	LogNone LogLevel = iota
	LogError
	LogWarn
	LogInfo
	LogDebug
	LogVerbose
)

const levelLetters = "?EWIDV"

func (l LogLevel) String() string {
	return [...]string{"none", "error", "warning", "info", "debug", "verbose"}[l]
}

// levelOf returns the level of a line's letter.
func levelOf(letter byte) LogLevel {
	for i := range len(levelLetters) {
		if levelLetters[i] == letter {
			return LogLevel(i)
		}
	}
	return LogNone
}

// Quad is what a bootloader does that was built for QIO or QOUT.
type Quad uint8

// The possible ends of bootloader_enable_qio_mode.
const (
	QuadNone    Quad = iota // not built for it: no line
	QuadOn                  // default flash chip, quad mode entered
	QuadRefused             // the chip's QE bit cannot be set
)

// assertedAt returns where an assertion of a function stands, or an asterisk.
func (p *Profile) assertedAt(function string) string {
	if at := p.AssertedAt[function]; at != "" {
		return at
	}
	return "*"
}

// As returns the profile of the same build from another version of ESP-IDF:
// everything but what follows from the version alone.
func (p Profile) As(v idf.Version) Profile {
	at := v.Settled()
	p.Version, p.features, p.texts = v, featuresOf(at), catalogueOf(at)
	if !p.Memory.StackKnown {
		p.Memory.Stack = typicalStack(at)
	}
	return p
}
