package espsecure

import (
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	flashcrypt "github.com/bootsim/bootsim/flashmodel/crypt"
)

// hardwareKey reads a key of flash encryption or of secure boot V1 and says how
// long it is. 128 bits are known to secure boot alone.
func (j *job) hardwareKey(file []byte, flash bool) (flashcrypt.Key, error) {
	switch n := len(file); {
	case n != 16 && n != 24 && n != 32 && n != 64:
		return flashcrypt.Key{}, wrongKeyLength(n)
	case flash && (n == 16 || n == 64):
		return flashcrypt.Key{}, cli.Fatalf("ESP32 supports only 192 and 256-bit keys. Provided key is %d bits. Use --aes_xts for other chips.", n*8)
	case n == 64:
		j.env.Print("Using 512-bit key.")
		return flashcrypt.Key{}, cli.Brokenf("Secure Boot V1 has no keys of 512 bits: give one of 32 bytes, or of 24 for the 3/4 coding scheme.")
	}
	key, err := flashcrypt.ParseKey(file)
	if err == nil {
		j.sayKey(len(file))
	}
	return key, err
}

func wrongKeyLength(n int) error {
	return cli.Fatalf("Key file contains wrong length (%d bytes), 16, 24, 32 or 64 expected.", n)
}

// sayKey says how long a key is.
func (j *job) sayKey(bytes int) {
	extended := ""
	if bytes < flashcrypt.KeySize {
		extended = " (extended)"
	}
	j.env.Printf("Using %d-bit key%s.\n", bytes*8, extended)
}
