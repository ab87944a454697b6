package secureboot_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"hash/crc32"
	"math/big"
	"slices"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// signed is the reference tool's output: one block at 4096.
func signed(tb testing.TB) []byte { return file(tb, "signed-v2-boot-pad.bin") }

// signedBy is the key that made it. Its digest is what espsecure
// signature_info_v2 prints of that block.
func signedBy(tb testing.TB) secureboot.Options {
	d := [32]byte{0x0a, 0x14, 0x1e, 0xd5, 0x5f, 0x67, 0x8f, 0x97, 0xb8, 0xcb, 0xee, 0xd3, 0xbb, 0x9e, 0xc4, 0x5f,
		0x47, 0x63, 0x9d, 0x41, 0x9e, 0x31, 0x6f, 0xcd, 0x54, 0x2b, 0x11, 0xd1, 0x40, 0x84, 0x8c, 0x60}
	return secureboot.Options{KeyDigest: &d}
}

func trust(tb testing.TB, name string) secureboot.Options {
	d := v2Key(tb, name).Digest()
	return secureboot.Options{KeyDigest: &d}
}

func TestVerifyV2(t *testing.T) {
	for name, opts := range map[string]secureboot.Options{"trusted": signedBy(t), "first boot": {}} {
		res := secureboot.VerifyV2(signed(t), opts)
		require.True(t, res.OK(), "%s: %v", name, res.Err)
		require.Equal(t, uint32(4096), res.Signed)
		require.Len(t, res.Blocks, 1)
		require.Equal(t, *signedBy(t).KeyDigest, res.Blocks[0].KeyDigest)
	}
	f := requireReason(t, secureboot.ReasonUntrustedKey, secureboot.VerifyV2(signed(t), trust(t, "rsa-b")).Err)
	require.Equal(t, uint32(4096), f.Offset)
}

func TestV2KeyIsTheReferences(t *testing.T) {
	d := v2Key(t, "rsa-a").Digest()
	require.Equal(t, file(t, "test-key-rsa-a.sbv2digest.bin"), d[:])
	pub, err := v2Key(t, "rsa-a").RSA()
	require.NoError(t, err)
	require.True(t, pub.Equal(&rsaKey(t, "rsa-a").PublicKey))
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	_, err = secureboot.NewV2Key(&small.PublicKey)
	requireReason(t, secureboot.ReasonBadKey, err)
	_, err = secureboot.SignV2(small, nil)
	requireReason(t, secureboot.ReasonBadKey, err)
}

// The constants of any odd modulus are what the hardware's multiplication wants.
func TestV2KeyConstants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 384, 384).Draw(t, "n")
		raw[0] |= 0x80
		raw[383] |= 1
		n := new(big.Int).SetBytes(raw)
		key, err := secureboot.NewV2Key(&rsa.PublicKey{N: n, E: 65537})
		require.NoError(t, err)
		mprime := binary.LittleEndian.Uint32(key[772:])
		require.Equal(t, uint32(0xFFFFFFFF), uint32(n.Uint64())*mprime)
		rinv := slices.Clone(key[388:772])
		slices.Reverse(rinv)
		require.Equal(t, new(big.Int).Exp(big.NewInt(2), big.NewInt(6144), n), new(big.Int).SetBytes(rinv))
	})
}

// Which check notices a bit, by where it is.
func TestVerifyV2BitFlips(t *testing.T) {
	good, opts := signed(t), signedBy(t)
	im, err := espimage.Parse(good)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.OneOf(rapid.IntRange(int(im.ChecksumOffset)+1, 8191), rapid.IntRange(4096, 4096+1216)).Draw(t, "at")
		mut := slices.Clone(good)
		mut[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		res := secureboot.VerifyV2(mut, opts)
		switch {
		case at < 4096:
			requireReason(t, secureboot.ReasonImageDigest, res.Err)
		case at == 4096:
			f := requireReason(t, secureboot.ReasonNoSignature, res.Err)
			require.Equal(t, uint64(mut[4096]), f.Got)
		case at < 4096+1200:
			requireReason(t, secureboot.ReasonCRC, res.Err)
		default: // padding of the block, other blocks
			require.True(t, res.OK())
		}
	})
}

// altered is the signed image with bytes of its block changed and the CRC made
// good again.
func altered(t *testing.T, at int, b byte) []byte {
	mut := slices.Clone(signed(t))
	mut[4096+at] = b
	binary.LittleEndian.PutUint32(mut[4096+1196:], crc32.ChecksumIEEE(mut[4096:4096+1196]))
	return mut
}

// The order of the ROM's checks: with a good CRC the next one speaks.
func TestVerifyV2Order(t *testing.T) {
	opts := signedBy(t)
	for _, c := range []struct {
		at     int
		opts   secureboot.Options
		reason secureboot.Reason
	}{
		{4, opts, secureboot.ReasonImageDigest},
		{36, opts, secureboot.ReasonUntrustedKey},
		{420, opts, secureboot.ReasonUntrustedKey},
		{424, opts, secureboot.ReasonUntrustedKey},
		{812, opts, secureboot.ReasonSignature},
		{1195, opts, secureboot.ReasonSignature},
		{1, secureboot.Options{}, secureboot.ReasonVersion},
		{36, secureboot.Options{}, secureboot.ReasonSignature},
		{424, secureboot.Options{}, secureboot.ReasonSignature},
		{808, secureboot.Options{}, secureboot.ReasonSignature},
	} {
		mut := altered(t, c.at, signed(t)[4096+c.at]^0xFF)
		requireReason(t, c.reason, secureboot.VerifyV2(mut, c.opts).Err)
	}
	require.True(t, secureboot.VerifyV2(altered(t, 1, 3), opts).OK(), "the ROM does not look at the version")
}

// sector signs an image with several keys.
func sector(t *testing.T, padded []byte, keys ...string) []byte {
	var blocks [][]byte
	for _, name := range keys {
		b, err := secureboot.SignV2(rsaKey(t, name), padded)
		require.NoError(t, err)
		blocks = append(blocks, b)
	}
	s, err := secureboot.SectorV2(blocks...)
	require.NoError(t, err)
	require.Len(t, s, 4096)
	return s
}

func TestVerifyV2SeveralBlocks(t *testing.T) {
	padded := secureboot.PadV2(file(t, "boot-pad.bin"))
	require.Equal(t, signed(t)[:4096], padded)
	three := append(slices.Clone(padded), sector(t, padded, "rsa-b", "rsa-a", "rsa-b")...)

	res := secureboot.VerifyV2(three, trust(t, "rsa-a"))
	require.True(t, res.OK(), "%v", res.Err)
	require.Len(t, res.Blocks, 2)
	requireReason(t, secureboot.ReasonUntrustedKey, res.Blocks[0].Err)
	require.Equal(t, 1, res.Blocks[1].Index)
	require.Equal(t, uint32(4096+1216), res.Blocks[1].Offset)

	require.Len(t, secureboot.VerifyV2(three, trust(t, "rsa-b")).Blocks, 1)
	res = secureboot.VerifyV2(three, secureboot.Options{KeyDigest: &[32]byte{}})
	require.False(t, res.OK())
	require.Len(t, res.Blocks, 3)
	requireReason(t, secureboot.ReasonUntrustedKey, res.Err)
	require.Equal(t, 0, res.Err.Block)

	_, err := secureboot.SectorV2(nil, nil, nil, nil)
	requireReason(t, secureboot.ReasonTooLarge, err)
	_, err = secureboot.BlockV2(v2Key(t, "rsa-a"), [32]byte{}, make([]byte, 383))
	requireReason(t, secureboot.ReasonSignature, err)
}

func TestVerifyV2OfOtherData(t *testing.T) {
	requireReason(t, secureboot.ReasonImage, secureboot.VerifyV2(file(t, "plain.bin"), signedBy(t)).Err)
	requireReason(t, secureboot.ReasonNoSignature, secureboot.VerifyV2(file(t, "boot-pad.bin"), signedBy(t)).Err)
	requireReason(t, secureboot.ReasonNoSignature, secureboot.VerifyV2(signed(t)[:8191], signedBy(t)).Err)
	requireReason(t, secureboot.ReasonNoSignature, secureboot.VerifySectorV2([32]byte{}, nil, 0, secureboot.Options{}).Err)
	short := bytes.TrimRight(signed(t), "\xff")
	require.True(t, secureboot.VerifyV2At(short, 4096, signedBy(t)).OK(), "what is missing is erased")
	f := requireReason(t, secureboot.ReasonNoSignature, secureboot.VerifyV2At(file(t, "boot-pad.bin"), 4096, signedBy(t)).Err)
	require.Equal(t, uint64(0xFF), f.Got)
}
