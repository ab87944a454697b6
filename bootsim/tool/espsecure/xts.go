package espsecure

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	flashcrypt "github.com/bootsim/bootsim/flashmodel/crypt"
)

// xtsUnit is how many bytes of flash share a tweak.
const xtsUnit = 128

// xts encrypts or decrypts as newer chips do. The classic ESP32 does not, which
// the user is told.
func (j *job) xts(in cryptInput) error {
	n := len(in.key)
	if n != 16 && n != 24 && n != 32 && n != 64 {
		return wrongKeyLength(n)
	}
	if n == 24 {
		return cli.Fatalf("AES_XTS supports only 128, 256, and 512-bit keys. Provided key is %d bits.", n*8)
	}
	key := in.key
	if n == 16 {
		sum := sha256.Sum256(key)
		key = sum[:]
	}
	j.sayKey(n)
	if err := in.aligned(); err != nil {
		return err
	}
	if in.data.Size()%flashcrypt.BlockSize != 0 {
		return cli.Fatalf("Input data length (%d) must be a multiple of 16.", in.data.Size())
	}
	if in.data.Size() == 0 {
		return cli.Fatalf("Input data must be longer than 0.")
	}
	if !in.address.IsUint64() || in.address.BitLen() > 32 {
		return cli.Brokenf("Flash address %#x does not fit 32 bits.", in.address)
	}
	j.note("Note: AES-XTS is the flash encryption of newer chips; the classic ESP32 reads noise. Leave --%s out for it.", optXTS)
	data, err := in.data.All()
	if err != nil {
		return j.unread(err)
	}
	out, err := xtsCrypt(key, in.low(), data, j.decrypts())
	if err != nil {
		return err
	}
	return j.write(j.values.Text(optOutput), out, modePublic)
}

// xtsCrypt runs AES-XTS (IEEE 1619) over units of 128 bytes, each reversed and
// with its address for a tweak.
func xtsCrypt(key []byte, addr uint32, data []byte, decrypt bool) ([]byte, error) {
	first, err := aes.NewCipher(key[:len(key)/2])
	if err != nil {
		return nil, err
	}
	second, err := aes.NewCipher(key[len(key)/2:])
	if err != nil {
		return nil, err
	}
	crypt := first.Encrypt
	if decrypt {
		crypt = first.Decrypt
	}
	before := int(addr % xtsUnit)
	after := -(before + len(data)) & (xtsUnit - 1)
	buf := slices.Concat(make([]byte, before), data, make([]byte, after))
	for at := 0; at < len(buf); at += xtsUnit {
		xtsBlocks(crypt, second, addr&^(xtsUnit-1)+uint32(at), buf[at:at+xtsUnit])
	}
	return buf[before : before+len(data)], nil
}

func xtsBlocks(crypt func(dst, src []byte), second cipher.Block, addr uint32, unit []byte) {
	var tweak [aes.BlockSize]byte
	binary.LittleEndian.PutUint32(tweak[:], addr)
	second.Encrypt(tweak[:], tweak[:])
	slices.Reverse(unit)
	for at := 0; at < len(unit); at += aes.BlockSize {
		block := unit[at : at+aes.BlockSize]
		xor(block, tweak)
		crypt(block, block)
		xor(block, tweak)
		double(&tweak)
	}
	slices.Reverse(unit)
}

func xor(block []byte, tweak [aes.BlockSize]byte) {
	for i := range block {
		block[i] ^= tweak[i]
	}
}

// double multiplies a tweak by x in GF(2^128), little-endian.
func double(tweak *[aes.BlockSize]byte) {
	const polynomial = 0x87
	carry := byte(0)
	for i, b := range tweak {
		tweak[i] = b<<1 | carry
		carry = b >> 7
	}
	tweak[0] ^= carry * polynomial
}
