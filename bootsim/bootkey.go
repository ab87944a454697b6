package bootsim

import (
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// BootKey is what eFuse BLOCK2 holds for Secure Boot, as the host knows it.
type BootKey struct {
	File string // as named by the user, for messages
	// Signed tells that Data is the digest of a public key, as Secure Boot V2 has
	// it. Otherwise Data is a key file of V1: 32 or 24 bytes.
	Signed bool
	// Derived tells that a key of V1 was made from a signing key. Chips with the
	// 3/4 coding scheme take its first 24 bytes.
	Derived bool
	Data    []byte
}

// V1 returns the key of Secure Boot V1 for a coding scheme, and false for a key
// digest of V2.
func (k *BootKey) V1(scheme efuse.CodingScheme) (crypt.Key, bool) {
	data := k.Data
	if k.Derived && scheme == efuse.Coding34 {
		data = data[:scheme.DataSize()]
	}
	key, err := crypt.ParseKey(data)
	return key, err == nil && !k.Signed
}

// Place puts the key into BLOCK2 as if it had always been there. A plain file on
// a chip with nothing but ABS_DONE_1 is a digest. The error is one of
// efuse.Set's: the key does not fit the chip's coding scheme.
func (k *BootKey) Place(s *efuse.Set) error {
	key, ok := k.V1(s.CodingScheme())
	if !ok || !k.Derived && s.AbsDone1() && !s.AbsDone0() {
		return s.PlaceData(2, k.Data)
	}
	return s.PlaceBootKey(key)
}
