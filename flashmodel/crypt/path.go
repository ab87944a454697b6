package crypt

import "slices"

// path is a way of carrying out the cipher. All give the same bytes. A Cipher
// gets one when it is made and keeps it.
type path uint8

// The paths. Which of them a machine has, the files path_*.go tell.
const (
	pathPlain  path = iota // Go alone, everywhere
	pathAES                // AES instructions on 128-bit registers: amd64 with AVX, arm64
	pathVAES               // VAES on 256-bit registers
	pathAVX512             // VAES on 512-bit registers
)

// String returns the name of the path.
func (p path) String() string {
	return [...]string{"plain", "AES", "VAES", "AVX512"}[p]
}

// widths returns how many units the path takes at once where the address allows
// it, and how few. A group of units begins at a multiple of its own size.
func (p path) widths() (most, least uint32) {
	return [...]uint32{1, 4, 8, 16}[p], [...]uint32{1, 4, 4, 4}[p]
}

// best returns the quickest path of this machine.
func best() path { return slices.Max(paths()) }
