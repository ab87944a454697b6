// Package bootsim is the contract of the harness: what a lot and a release are,
// and what a check says of them. The work is done below it:
//
//	bootsim/input     finds image sets in folders, files and command lines
//	bootsim/config    reads bootsim.yaml
//	bootsim/check     installs, boots and judges
//	bootsim/diagnose  finds the cause of what went wrong
//	bootsim/release   makes, serves and verifies releases
//	bootsim/rules     every rule with its cause and remedy
//	bootsim/sweep     lets faults strike updates, and holds what follows against invariants
//	bootsim/report    text, JSON, JUnit, SARIF, GitHub, GitLab
package bootsim

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// Lot is a batch of devices that left the factory alike.
type Lot struct {
	Name   string
	Source string // where the lot was described or found: a file or folder

	FlashSize      uint32 // bytes of the chip; 0: as large as the content needs, at least the header's size
	FlashSizeGiven bool   // the user stated FlashSize
	Revision       *efuse.Revision
	ROM            *emu.ROM   // nil: from the revision
	Crystal        int        // MHz of the module's crystal; 0: emu.UsualCrystal
	Efuses         *efuse.Set // nil: see check for what is assumed
	Key            *crypt.Key // flash encryption key as the host holds it, nil if unknown
	BootKey        *BootKey   // of Secure Boot as the host holds it, nil if unknown
	KeyFiles       []KeyFile  // files beside the set that may be the key, worth trying
	TableOffset    uint32     // CONFIG_PARTITION_TABLE_OFFSET; 0: from the content, else 0x8000

	Bootloader BootloaderOptions
	Contents   []Placement // what lies in flash when the device leaves the factory
	Expect     *Expectation
	// Assumed lists what was not stated and had to be assumed, a sentence each.
	Assumed []string
}

// KeyFile is a file that has the size and the name of a flash encryption key.
type KeyFile struct {
	File string
	Key  crypt.Key
}

// BootloaderOptions overrides or completes what the bootloader image tells of itself.
type BootloaderOptions struct {
	IDF      string // version to model instead of the detected one, "v4.4.8"; empty: detect
	Fielded  bool   // no bootloader file: IDF names the one that the devices in the field have
	LogLevel string // "error" … "verbose"; empty: as built
	// Build options that leave no string in a release binary; nil: unknown, both are tried.
	Rollback     *bool
	AntiRollback *bool
	FactoryReset *bool
}

// Form is how the bytes of a file relate to what the cache shows of them.
type Form uint8

// The forms of a file.
const (
	FormRaw       Form = iota // written to flash as they are
	FormEncrypted             // plaintext that the flasher (or device) encrypts as it writes: write_flash --encrypt
)

// Placement is one file at one flash address.
type Placement struct {
	File    string // as named by the user, for messages
	Address uint32
	Data    []byte
	Form    Form
	// Gaps are runs inside Data that are erased flash, not data: 0xFF padding of a merged image or a dump.
	Gaps []Span
	// Role is what the set says the file is ("bootloader", "partition-table", "app", "otadata"); empty if it does not say.
	Role string
}

// Span is a run of bytes, by offset in its file.
type Span struct{ Offset, Size uint32 }

// Expectation is what a lot as flashed should boot; a nil expectation is
// derived from the content (check documents how).
type Expectation struct {
	Slot    string // partition label
	Version string // app descriptor version; empty: any
}

// Release is what is to be installed on devices in the field.
type Release struct {
	Name      string
	Source    string
	Artifacts []Artifact
	// Build is what artifacts are to be made of, see bootsim/release; a check
	// has no use for it.
	Build []Source
}

// Source is a plaintext app that artifacts of a release are made of: for its
// lots and slots, encrypted as each of them needs it.
type Source struct {
	Artifact
	// Plaintext leaves the artifacts plaintext where flash encryption is on, too:
	// the devices encrypt as they write.
	Plaintext bool
}

// Artifact is one file of a release.
type Artifact struct {
	File  string
	Data  []byte
	Lots  []string // lots that it is for; empty: all
	Slots []string // partition labels that it is for; empty: every OTA slot
	// Encrypted tells that the file is host-made ciphertext, written raw. When
	// false the device encrypts as it writes.
	Encrypted bool
	// Version is what the installed app should report; empty: any.
	Version string
}
