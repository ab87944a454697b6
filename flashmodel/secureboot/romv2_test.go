package secureboot_test

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"testing"

	"github.com/bootsim/bootsim/fixtures/vectors"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
	"github.com/stretchr/testify/require"
)

// The recorded run of the mask ROM with secure boot V2 on: it finds 0xff where
// it looks for a signature.
func TestRecordedROM(t *testing.T) {
	f, err := vectors.Load(vectors.Recorded())
	require.NoError(t, err)
	s := f.Scenarios["rom-sbv2-unsigned"]
	require.NotNil(t, s)
	d, err := f.Device(s, nil)
	require.NoError(t, err)
	flash := make([]byte, secureboot.ROMV2Span)
	d.Flash.Read(0x1000, flash)
	blocks, err := hex.DecodeString(s.Efuses)
	require.NoError(t, err)
	res := secureboot.VerifyROMV2(flash, [32]byte(blocks[28+32:28+64]))
	fail := requireReason(t, secureboot.ReasonNoSignature, res.Err)
	require.Equal(t, uint64(0xff), fail.Got)
	require.Equal(t, uint64(0xe7), fail.Want)
}

// The reference tool's signed image is one that the ROM accepts.
func TestVerifyROMV2(t *testing.T) {
	require.True(t, secureboot.VerifyROMV2(signed(t), *signedBy(t).KeyDigest).OK())
	requireReason(t, secureboot.ReasonUntrustedKey, secureboot.VerifyROMV2(signed(t), [32]byte{}).Err)
	unpadded := file(t, "boot-pad.bin") // the rest is erased, as the tool pads
	fail := requireReason(t, secureboot.ReasonNoSignature, secureboot.VerifyROMV2(unpadded, [32]byte{}).Err)
	require.Equal(t, uint32(4096), fail.Offset)
}

// loader builds a second stage of some segment sizes.
func loader(hash uint8, sizes ...int) []byte {
	h := espimage.DefaultHeader(0x40080000)
	h.HashAppended = hash
	spec := espimage.Spec{Header: h}
	for _, n := range sizes {
		spec.Segments = append(spec.Segments, espimage.Data{LoadAddr: 0x3fff0000, Bytes: make([]byte, n)})
	}
	return espimage.Build(spec)
}

// The ROM reckons with a hash whether there is one or not.
func TestStageV2AlwaysTakesAHash(t *testing.T) {
	const fits = 4096 - 32 - 16 - 32 // header, checksum unit, hash
	for _, c := range []struct {
		size int
		want uint32
	}{{16, 4096}, {fits, 4096}, {fits + 16, 8192}, {fits + 4096, 8192}} {
		for hash := range uint8(2) {
			got, fail := secureboot.StageV2(loader(hash, c.size))
			require.Nil(t, fail)
			require.Equal(t, c.want, got, "%d bytes, hash %d", c.size, hash)
		}
	}
}

func TestStageV2Refusals(t *testing.T) {
	require.Nil(t, second(secureboot.StageV2(loader(1, 48<<10-32-36))))
	requireReason(t, secureboot.ReasonTooLarge, second(secureboot.StageV2(loader(1, 48<<10-32-32))))
	requireReason(t, secureboot.ReasonTooLarge, second(secureboot.StageV2(loader(1, 40<<10, 10<<10))))
	requireReason(t, secureboot.ReasonMagic, second(secureboot.StageV2(nil)))

	b := loader(1, 64, 64)
	patch := func(at int, v uint32) []byte {
		c := slices.Clone(b)
		binary.LittleEndian.PutUint32(c[at:], v)
		return c
	}
	require.Nil(t, second(secureboot.StageV2(b)))
	requireReason(t, secureboot.ReasonSegment, second(secureboot.StageV2(patch(24, 0x3fff0002))))
	f := requireReason(t, secureboot.ReasonSegment, second(secureboot.StageV2(patch(96+4, 66))))
	require.Equal(t, 1, f.Block)
	requireReason(t, secureboot.ReasonTooLarge, second(secureboot.StageV2(patch(28, 1<<20))))
	requireReason(t, secureboot.ReasonSegment, second(secureboot.StageV2(patch(28, 1<<20+4))))
	b[1] = 33
	requireReason(t, secureboot.ReasonSegments, second(secureboot.StageV2(b)))
	b[1] = 32 // the ROM reads on into whatever follows: erased flash is no segment
	requireReason(t, secureboot.ReasonSegment, second(secureboot.StageV2(b)))
}

// second returns the failure alone.
func second(_ uint32, f *secureboot.Failure) *secureboot.Failure { return f }
