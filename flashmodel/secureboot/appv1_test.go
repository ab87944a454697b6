package secureboot_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The same key and data give the signature of the reference tool, byte for byte.
func TestSignV1IsTheReferences(t *testing.T) {
	require.Equal(t, file(t, "test-key-ec-a.pub.bin"), slices.Clone(bytesOf(v1Key(t, "ec-a"))))
	for _, name := range []string{"boot-pad.bin", "p100.bin"} {
		data := file(t, name)
		sig, err := secureboot.SignV1(ecKey(t, "ec-a"), data)
		require.NoError(t, err)
		require.Equal(t, file(t, "signed-v1-"+name), append(slices.Clone(data), sig...))
	}
}

func bytesOf(k secureboot.V1Key) []byte { return k[:] }

func TestVerifyV1App(t *testing.T) {
	signed := file(t, "signed-v1-boot-pad.bin")
	length := len(file(t, "boot-pad.bin"))
	a, b := v1Key(t, "ec-a"), v1Key(t, "ec-b")
	require.NoError(t, secureboot.VerifyV1App(signed, a))
	require.NoError(t, secureboot.VerifyV1App(append(slices.Clone(signed), 0xFF, 0xFF), a), "more may follow")
	require.NoError(t, secureboot.VerifyV1AppByAny(signed, []secureboot.V1Key{b, a}))

	f := requireReason(t, secureboot.ReasonSignature, secureboot.VerifyV1App(signed, b))
	require.Equal(t, uint32(length), f.Offset)
	requireReason(t, secureboot.ReasonNoKey, secureboot.VerifyV1AppByAny(signed, nil))
	requireReason(t, secureboot.ReasonBadKey, secureboot.VerifyV1App(signed, secureboot.V1Key{}))
	requireReason(t, secureboot.ReasonNoSignature, secureboot.VerifyV1App(signed[:len(signed)-1], a))
	requireReason(t, secureboot.ReasonImage, secureboot.VerifyV1App(signed[:length-1], a))

	erased := append(slices.Clone(signed[:length]), slices.Repeat([]byte{0xFF}, 68)...)
	f = requireReason(t, secureboot.ReasonVersion, secureboot.VerifyV1App(erased, a))
	require.Equal(t, uint64(0xFFFFFFFF), f.Got)
}

// Every bit of image and signature counts.
func TestVerifyV1AppBitFlips(t *testing.T) {
	signed, key := file(t, "signed-v1-boot-pad.bin"), v1Key(t, "ec-a")
	rapid.Check(t, func(t *rapid.T) {
		mut := slices.Clone(signed)
		mut[rapid.IntRange(0, len(mut)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		require.Error(t, secureboot.VerifyV1App(mut, key))
	})
}

// A signature of another key, made here, over any data, verifies with that key
// alone.
func TestSignV1RoundTrip(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	public, err := secureboot.NewV1Key(&key.PublicKey)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOf(rapid.Byte()).Draw(t, "data")
		raw, err := secureboot.SignV1(key, data)
		require.NoError(t, err)
		block, ok := espimage.DecodeSignatureV1(raw)
		require.True(t, ok)
		require.NoError(t, secureboot.VerifyV1(data, block, public))
		require.Error(t, secureboot.VerifyV1(append(data, 0), block, public))
	})
}

func TestV1KeysAreOfOneCurve(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	_, err = secureboot.SignV1(key, nil)
	requireReason(t, secureboot.ReasonBadKey, err)
	_, err = secureboot.NewV1Key(&key.PublicKey)
	requireReason(t, secureboot.ReasonBadKey, err)
}

// A bootloader embeds its key at any offset of any segment; both are found, and
// an app is verified with what was found.
func TestEmbeddedV1Keys(t *testing.T) {
	a, b := v1Key(t, "ec-a"), v1Key(t, "ec-b")
	rapid.Check(t, func(t *rapid.T) {
		first, second := make([]byte, 1024), make([]byte, 1024)
		binary.LittleEndian.PutUint32(first, rapid.Uint32().Draw(t, "noise"))
		at, bt := rapid.IntRange(4, 1024-64).Draw(t, "a"), rapid.IntRange(4, 1024-64).Draw(t, "b")
		copy(first[at:], a[:])
		copy(second[bt:], b[:])
		loader := espimage.Build(espimage.Spec{Header: espimage.DefaultHeader(0x40080000), Segments: []espimage.Data{
			{LoadAddr: 0x3fff0000, Bytes: first}, {LoadAddr: 0x40078000, Bytes: second}}})
		found, err := secureboot.EmbeddedV1Keys(loader)
		require.NoError(t, err)
		require.Equal(t, []secureboot.EmbeddedKey{
			{Offset: uint32(32 + at), Key: a}, {Offset: uint32(32 + 1024 + 8 + bt), Key: b}}, found)
		require.Equal(t, []secureboot.V1Key{a, b}, secureboot.Keys(found))
	})
	both, err := secureboot.EmbeddedV1Keys(espimage.Build(espimage.Spec{Header: espimage.DefaultHeader(0x40080000),
		Segments: []espimage.Data{{LoadAddr: 0x3fff0000, Bytes: append(a[:], b[:]...)}}}))
	require.NoError(t, err)
	require.Equal(t, []secureboot.V1Key{a, b}, secureboot.Keys(both), "two in a row")
	none, err := secureboot.EmbeddedV1Keys(file(t, "boot-pad.bin"))
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = secureboot.EmbeddedV1Keys(file(t, "plain.bin"))
	requireReason(t, secureboot.ReasonImage, err)
}
