package esp32

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// The ROM's verification as a bootloader calls it: the sector in memory, two
// digests, and a place for the verified one.
func TestROMVerifiesSignatures(t *testing.T) {
	image := lot.Filler(4, 8192)
	digest := sha256.Sum256(image)
	sector := signing.V2(signing.RSA("a"), image)[len(image):]
	trusted := signing.DigestV2(signing.RSA("a"))
	for _, c := range []struct {
		name    string
		damage  func(sector, digest, trusted []byte)
		want    uint32
		console string
	}{
		{"good", func(_, _, _ []byte) {}, signatureGood, ""},
		{"signature", func(s, _, _ []byte) { s[1000] ^= 1 }, signatureBad, "Stored CRC"},
		{"no magic", func(s, _, _ []byte) { s[0] = 0xFF }, signatureBad, "Image not V2 signed?"},
		{"image", func(_, d, _ []byte) { d[31] ^= 0x80 }, signatureBad, "Image digest does not match"},
		{"key", func(_, _, k []byte) { k[0] ^= 1 }, signatureBad, "signed with untrusted key"},
	} {
		m := board(t, program(""), Options{})
		s, d, k := bytes.Clone(sector), bytes.Clone(digest[:]), bytes.Clone(trusted[:])
		c.damage(s, d, k)
		m.putBytes(dataAt, s)
		m.putBytes(dataAt+0x1000, d)
		m.putBytes(dataAt+0x1100, k)
		got, _ := m.try(t, "ets_secure_boot_verify_signature", dataAt, dataAt+0x1000, dataAt+0x1100, dataAt+0x1200)
		require.Equal(t, c.want, got, c.name)
		require.Contains(t, m.Console(), c.console, c.name)
		verified := make([]byte, secureboot.DigestSize)
		if c.want == signatureGood {
			copy(verified, digest[:])
			require.Empty(t, m.Console())
		}
		require.Equal(t, verified, m.bytes(dataAt+0x1200, secureboot.DigestSize), c.name)
	}
}

// Key, signature and digest of a block, which differ from the sector's check in
// that nothing else is looked at.
func TestROMVerifiesPSS(t *testing.T) {
	image := lot.Filler(4, 4096)
	digest := sha256.Sum256(image)
	block := signing.V2(signing.RSA("b"), image)[len(image):]
	m := board(t, program(""), Options{})
	m.putBytes(dataAt, block)
	m.putBytes(dataAt+0x1000, digest[:])
	good, _ := m.try(t, "ets_rsa_pss_verify", dataAt+36, dataAt+812, dataAt+0x1000, dataAt+0x1100)
	require.EqualValues(t, 1, good)
	require.Equal(t, digest[:], m.bytes(dataAt+0x1100, 32))
	m.set(dataAt+812, 1, ^m.get(dataAt+812, 1))
	bad, _ := m.try(t, "ets_rsa_pss_verify", dataAt+36, dataAt+812, dataAt+0x1000, dataAt+0x1200)
	require.Zero(t, bad)
	require.Equal(t, make([]byte, 32), m.bytes(dataAt+0x1200, 32))
}

// A published value of MGF1 with SHA-256: Wikipedia's example, "bar", 50 bytes.
func TestMaskGeneration(t *testing.T) {
	m := board(t, program(""), Options{})
	m.write(dataAt, "bar")
	m.try(t, "ets_mgf1_sha256", dataAt, 3, 50, dataAt+64)
	require.Equal(t, "382576a7841021cc28fc4c0948753fb8312090cea942ea4c4e735d10dc724b155f9f6069f289d61daca0cb814502ef04eae1", hex.EncodeToString(m.bytes(dataAt+64, 50)))
	require.Zero(t, m.get(dataAt+64+50, 1))
}

// ABS_DONE_1 is a register's bit; the ROM of 2016 has none of this.
func TestSecureBootV2NeedsTheNewROM(t *testing.T) {
	m := board(t, program(""), Options{})
	off, _ := m.try(t, "ets_use_secure_boot_v2")
	require.Zero(t, off)
	m.dev.Efuses = lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 3}, Fields: map[string]uint64{"ABS_DONE_1": 1}})
	on, _ := m.try(t, "ets_use_secure_boot_v2")
	require.EqualValues(t, 1, on)
	m.dev.ROM = emu.ROM2016
	m.Call(m.CPU, named(t, "ets_use_secure_boot_v2").Addr, codeAt, 10)
	require.Equal(t, Unmodelled, m.result.How)
	require.Contains(t, m.result.Text, "Secure Boot V2")
}
