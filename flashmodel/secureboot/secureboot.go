// Package secureboot knows the two secure boot schemes of the classic ESP32:
// their formats, how they are made and which checks the ROM and the second
// stage make of them.
//
// V1 (all revisions) has two halves. The ROM compares a digest of the second
// stage, keyed by eFuse BLOCK2, with the one at flash 0x80; the second stage
// verifies an ECDSA P-256 signature behind every application with a public key
// that it embeds. V2 (revision 3 and later) signs second stage and applications
// alike, with RSA-3072-PSS, and eFuse BLOCK2 holds the digest of the key (spec
// 1.5, 3.5, 7).
//
// Verification returns a *Failure whose Reason tells which check did not pass.
package secureboot

// Sizes in bytes.
const (
	SectorSize = 4096 // what V2 pads to, and the size of a signature sector
	DigestSize = 32   // SHA-256 of an image or of a key
)
