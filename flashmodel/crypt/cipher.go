// Package crypt is the flash encryption of the classic ESP32 (spec 4.6): AES-256
// used backwards on byte-reversed 16-byte blocks, under a key that is XORed with
// address bits anew for every 32-byte unit.
//
// Where the processor has AES instructions (amd64 with AVX, arm64), it uses them,
// up to the 512-bit ones of VAES. The build tag purego leaves them out.
//
// The package is made to be fast, not to resist somebody who measures it: its
// tables are looked up by secret bytes.
package crypt

// Sizes in bytes.
const (
	BlockSize = 16 // one AES block
	UnitSize  = 32 // bytes that share a tweaked key
)

// Config is FLASH_CRYPT_CONFIG: which quarters of the key the address is mixed
// into. Only the low four bits exist.
type Config uint8

// FullConfig mixes the address into the whole key. It is what ESP-IDF burns and
// what espsecure assumes.
const FullConfig Config = 0xF

// Cipher encrypts and decrypts flash content under one key. It is immutable and
// safe for concurrent use. Like a Key, it does not show in print.
type Cipher struct {
	schedule secret[schedule]
	path     path
}

// New returns the cipher of the hardware: address bits above 23 play no part.
func New(k Key, c Config) *Cipher {
	return newOn(best(), newSchedule(k, c, false))
}

// NewReferenceTool returns the cipher that espsecure implements. It equals the
// hardware's for addresses below 16 MB. Above, the tool multiplies out more
// address bits than the key pattern has room for, and the surplus spills into
// neighbouring key bits; no chip decrypts that.
func NewReferenceTool(k Key, c Config) *Cipher {
	return newOn(best(), newSchedule(k, c, true))
}

// newOn returns a cipher that goes a certain path, which this machine has to
// have.
func newOn(p path, s schedule) *Cipher { return &Cipher{schedule: newSecret(s), path: p} }

// Encrypt encrypts src, which belongs at flash address addr, into dst. Both
// addr and the length of src have to be multiples of BlockSize, else it is an
// *AlignError; dst shorter than src is a *ShortError. dst and src may be the
// same, but not overlap otherwise. It allocates nothing.
func (c *Cipher) Encrypt(addr uint32, dst, src []byte) error {
	if err := check(addr, dst, src); err != nil {
		return err
	}
	c.run(toFlash, addr, dst, src)
	return nil
}

// Decrypt decrypts src, which was read at flash address addr, into dst, under
// the conditions of Encrypt.
func (c *Cipher) Decrypt(addr uint32, dst, src []byte) error {
	if err := check(addr, dst, src); err != nil {
		return err
	}
	c.run(fromFlash, addr, dst, src)
	return nil
}

func check(addr uint32, dst, src []byte) error {
	if addr%BlockSize != 0 || len(src)%BlockSize != 0 {
		return &AlignError{Addr: addr, Size: uint32(len(src)), Unit: BlockSize}
	}
	if len(dst) < len(src) {
		return &ShortError{Need: len(src), Got: len(dst)}
	}
	return nil
}
