package fuzz

import (
	"slices"
	"strings"
)

// Kind is what a change does. All flash changes take the encryption of the
// device as it left the factory, whatever happens to its eFuses.
type Kind string

// The kinds of change.
const (
	KindPlain  Kind = "plain"  // write Data at At, as plaintext that is encrypted anew
	KindFlip   Kind = "flip"   // exclusive or of Data with the plaintext at At, encrypted anew
	KindCipher Kind = "cipher" // exclusive or of Data with the raw bytes at At
	KindErase  Kind = "erase"  // Size bytes from At become erased flash
	KindMove   Kind = "move"   // Size raw bytes are copied from From to At
	KindShift  Kind = "shift"  // Size plaintext bytes are copied from From to At and encrypted for there
	KindSeal   Kind = "seal"   // Size bytes at At are encrypted otherwise: Field says how, Value for what
	KindPart   Kind = "part"   // the part Part of this or another lot is put at At: Field says how
	KindEfuse  Kind = "efuse"  // the eFuse Field becomes Value, burnt or not
	KindKey    Kind = "key"    // BLOCK1 changes: Field says how
	// KindBootKey changes BLOCK2, the key or key digest of Secure Boot: Field
	// says how. KindSign signs the image at At, its block Value in scheme V2, or
	// digests the bootloader: Field says with whose key.
	KindBootKey Kind = "boot-key"
	KindSign    Kind = "sign"
	KindChip    Kind = "chip" // something of the chip that is no eFuse: Field becomes Value
)

// How a region is sealed (KindSeal), a part put in place (KindPart), a key
// changed (KindKey), and what of a chip changes (KindChip).
const (
	SealPlain   = "plaintext"
	SealTwice   = "twice"
	SealAddress = "address" // Value
	SealConfig  = "config"  // Value
	SealKey     = "key"     // one made from Value

	PartRaw   = "raw"   // its bytes as they lie in its own lot
	PartPlain = "plain" // its plaintext, encrypted as this device has it

	KeyZero    = "zero"
	KeyReverse = "reverse"
	KeyFlip    = "flip"  // bit Value
	KeyOther   = "other" // one made from Value
	// KeyStranger is the digest of the key that SignForged signs with in scheme V2.
	KeyStranger = "stranger"

	SignOwn    = "own"    // the device's own key, where it is known
	SignForged = "forged" // a key that no device trusts
	SignDigest = "digest" // the digest of Secure Boot V1, with the key that was burnt

	ChipROM   = "rom" // 2016 or 2019
	ChipAPB   = "apb-revision"
	ChipStrap = "strap"
	ChipCause = "cause"
	ChipTest  = "test-pin"
	ChipReset = "reset-pin"
)

// Repair is a checksum that is made right again after a change.
type Repair string

// What can be repaired, in the order in which it has to be. RepairSignature
// makes digest and CRC of Secure Boot V2 blocks fit; to sign is a change of its
// own.
const (
	RepairMD5       Repair = "md5"
	RepairCRC       Repair = "crc"
	RepairChecksum  Repair = "checksum"
	RepairHash      Repair = "hash"
	RepairSignature Repair = "signature"
)

// Change is one small change.
type Change struct {
	Kind   Kind     `json:"kind"`
	At     uint32   `json:"at,omitempty"`
	From   uint32   `json:"from,omitempty"`
	Size   uint32   `json:"size,omitempty"`
	Data   Hex      `json:"data,omitempty"`
	Field  string   `json:"field,omitempty"`
	Value  uint64   `json:"value,omitempty"`
	Part   string   `json:"part,omitempty"`
	Of     uint32   `json:"of,omitempty"` // start of the structure that is repaired
	Repair []Repair `json:"repair,omitempty"`
}

// Mutation is what is done to a device.
type Mutation struct {
	Lot     string   `json:"lot"`
	Benign  bool     `json:"benign,omitempty"` // nothing that a boot depends on: a device that passes must go on passing
	Changes []Change `json:"changes"`
}

// clone shares nothing with m.
func (m Mutation) clone() Mutation {
	m.Changes = slices.Clone(m.Changes)
	for i := range m.Changes {
		m.Changes[i].Data = slices.Clone(m.Changes[i].Data)
		m.Changes[i].Repair = slices.Clone(m.Changes[i].Repair)
	}
	return m
}

// String names the kinds of change, for people.
func (m Mutation) String() string {
	var parts []string
	for _, c := range m.Changes {
		s := string(c.Kind)
		if c.Field != "" {
			s += " " + c.Field
		}
		parts = append(parts, s)
	}
	return m.Lot + ": " + strings.Join(parts, ", ")
}
