package esp32

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// What ets_secure_boot_verify_signature returns (ESP-IDF v5.2.2,
// esp32/rom/secure_boot.h): whole words, so that one flipped bit makes no
// failure a success.
const (
	signatureGood = 0x3A5A5AA5
	signatureBad  = 0xA533885A
)

// signatureSize is the length of an RSA-3072 signature, in bytes.
const signatureSize = 384

// signatureWork is what a verification counts as of maxWork: it takes the time of
// so many accesses, and few instructions call for it.
const signatureWork = 1 << 15

// romSignature is the functions of Secure Boot V2, which the ROM of revision 3
// brought (ESP-IDF v5.2.2, esp32.rom.eco3.ld, rom/secure_boot.h, rom/rsa_pss.h).
func romSignature() []Function {
	return []Function{
		served("ets_use_secure_boot_v2", 0x4000f8d4, newROM(func(m *Machine) {
			on := uint32(0)
			if m.dev.Efuses.AbsDone1() {
				on = 1
			}
			m.ret(on)
		})),
		served("ets_secure_boot_verify_signature", 0x4006543c, newROM(func(m *Machine) { m.verifySignature() })),
		served("ets_rsa_pss_verify", 0x40065310, newROM(func(m *Machine) { m.verifyPSS() })),
		served("ets_mgf1_sha256", 0x400651a8, newROM(func(m *Machine) { m.mask(m.arg(0), m.arg(1), m.arg(2), m.arg(3)) })),
	}
}

// newROM serves a function where the chip's ROM has it: at the same addresses
// the ROM of 2016 has other bytes.
func newROM(serve func(*Machine)) func(*Machine) {
	return func(m *Machine) {
		if m.dev.ROM != emu.ROM2019 {
			m.unmodelled("a call from 0x%08x to a function of Secure Boot V2, which the ROM of this chip's revision does not have", m.caller)
			return
		}
		serve(m)
	}
}

// verifySignature is ets_secure_boot_verify_signature(sector, digest of the
// image, digest of the trusted key, where the verified digest goes). It prints
// what it turns down.
func (m *Machine) verifySignature() {
	sector := m.bytes(m.arg(0), secureboot.SectorSize)
	image := m.bytes(m.arg(1), secureboot.DigestSize)
	trusted := m.bytes(m.arg(2), secureboot.DigestSize)
	if m.faulted || m.result != nil {
		return
	}
	m.work += signatureWork
	key := [secureboot.DigestSize]byte(trusted)
	r := secureboot.VerifySectorV2([secureboot.DigestSize]byte(image), sector, 0, secureboot.Options{KeyDigest: &key})
	for _, line := range rom.SignatureLines(r) {
		m.console.print(line + "\n")
	}
	if !r.OK() {
		m.ret(signatureBad)
		return
	}
	m.putBytes(m.arg(3), image)
	m.ret(signatureGood)
}

// verifyPSS is ets_rsa_pss_verify(key, signature, digest, where the verified
// digest goes). Key and signature are those of a signature block.
func (m *Machine) verifyPSS() {
	raw := m.bytes(m.arg(0), secureboot.V2KeySize)
	signature := m.bytes(m.arg(1), signatureSize)
	digest := m.bytes(m.arg(2), secureboot.DigestSize)
	if m.faulted || m.result != nil {
		return
	}
	m.work += signatureWork
	key, err := secureboot.V2Key(raw).RSA()
	slices.Reverse(signature)
	if err != nil || rsa.VerifyPSS(key, crypto.SHA256, digest, signature, &rsa.PSSOptions{SaltLength: secureboot.DigestSize}) != nil {
		m.ret(0)
		return
	}
	m.putBytes(m.arg(3), digest)
	m.ret(1)
}

// mask is ets_mgf1_sha256(seed, its size, size of the mask, where the mask goes).
// The seed is hashed once for every 32 bytes of the mask: far longer ones than
// signatures need are no boot's.
func (m *Machine) mask(seed, size, length, to uint32) {
	if size > secureboot.SectorSize || length > secureboot.SectorSize {
		m.unmodelled("a mask of %d bytes from a seed of %d bytes", length, size)
		return
	}
	b := m.bytes(seed, size)
	if m.faulted {
		return
	}
	out := mgf1(b, length)
	m.work += uint64(length) * uint64(size) / sha256.Size
	m.putBytes(to, out)
}

// mgf1 is the mask generation function of PKCS #1 with SHA-256 (RFC 8017 B.2.1).
func mgf1(seed []byte, n uint32) []byte {
	var out []byte
	for i := uint32(0); uint32(len(out)) < n; i++ {
		sum := sha256.Sum256(binary.BigEndian.AppendUint32(slices.Clone(seed), i))
		out = append(out, sum[:]...)
	}
	return out[:n]
}
