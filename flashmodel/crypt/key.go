package crypt

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// Key is a 256-bit flash encryption key, its bytes in the order of espsecure's
// key files. No way of printing or marshalling it, or what contains it, shows
// more than its Fingerprint. Compare keys with Equal. The zero Key is 32 zero
// bytes.
type Key struct {
	s secret[[KeySize]byte]
}

func newKey(b [KeySize]byte) Key { return Key{s: newSecret(b)} }

// ParseKey reads the content of a key file (spec 4.6): 32 bytes are the key, 24
// bytes k are a key of the 3/4 coding scheme and stand for k followed by
// k[8:16], of 16 bytes the SHA-256 is the key (as in espsecure 3.3 to 4.8.1; 4.12 and
// 5.3 refuse those for this chip). Any other length is a *KeyLengthError.
func ParseKey(file []byte) (Key, error) {
	var b [KeySize]byte
	switch len(file) {
	case KeySize:
		copy(b[:], file)
	case 24:
		copy(b[copy(b[:], file):], file[8:16])
	case 16:
		b = sha256.Sum256(file)
	default:
		return Key{}, &KeyLengthError{Len: len(file)}
	}
	return newKey(b), nil
}

// KeyFromBlock returns the key that the hardware takes from the bytes of eFuse
// BLOCK1, which hold it backwards (spec 4.6).
func KeyFromBlock(raw [KeySize]byte) Key { return newKey(raw).Reversed() }

// Block returns the bytes of eFuse BLOCK1 for this key: KeyFromBlock(k.Block())
// is k.
func (k Key) Block() [KeySize]byte { return k.Reversed().Bytes() }

// Reversed returns the key with its bytes in the opposite order: what the
// hardware uses when a key was burnt without reversing it.
func (k Key) Reversed() Key {
	b := k.Bytes()
	slices.Reverse(b[:])
	return newKey(b)
}

// Equal tells whether two keys are the same, in time that tells nothing more.
func (k Key) Equal(o Key) bool { return subtle.ConstantTimeCompare(k.s.get()[:], o.s.get()[:]) == 1 }

// Bytes returns the key itself in file order. Never print it.
func (k Key) Bytes() [KeySize]byte { return *k.s.get() }

// IsZero tells whether every byte is zero, as in an eFuse block never burnt.
func (k Key) IsZero() bool { return *k.s.get() == [KeySize]byte{} }

// Fingerprint names the key in messages without giving it away: the first four
// bytes of the SHA-256 of its 32 bytes in file order, as eight hex digits. It
// tells two keys apart and leads back to neither.
func (k Key) Fingerprint() string {
	sum := sha256.Sum256(k.s.get()[:])
	return hex.EncodeToString(sum[:4])
}

// String returns the key's fingerprint, marked as such.
func (k Key) String() string { return "key " + k.Fingerprint() }

// GoString is String.
func (k Key) GoString() string { return k.String() }

// Format prints String for every verb and flag.
func (k Key) Format(s fmt.State, _ rune) {
	_, _ = s.Write([]byte(k.String())) // as everywhere in fmt, the writer's error is not ours
}

// MarshalText returns String, which no UnmarshalText takes back.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// MarshalJSON returns String as a JSON string.
func (k Key) MarshalJSON() ([]byte, error) {
	return bytes.Join([][]byte{[]byte(`"`), []byte(k.String()), []byte(`"`)}, nil), nil
}
