package crypt

import (
	"crypto/sha256"
	"encoding/binary"
)

// ID tells ciphers apart without giving a key away: two ciphers with the same ID
// encrypt everything alike, everywhere. The zero ID is that of a nil Cipher,
// which leaves everything as it is.
type ID [sha256.Size]byte

// ID returns the SHA-256 of a text, the key, FLASH_CRYPT_CONFIG, and which tool's
// arithmetic is followed.
func (c *Cipher) ID() ID {
	if c == nil {
		return ID{}
	}
	s := c.schedule.get()
	b := append(make([]byte, 0, 64), "bootsim flash cipher\x00"...)
	for _, w := range s.key {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	b = append(b, byte(s.conf), 0)
	if s.tool {
		b[len(b)-1] = 1
	}
	return sha256.Sum256(b)
}
