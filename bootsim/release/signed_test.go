package release_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/faults"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/signing"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// slotZero is where the fixtures' first OTA slot lies.
const slotZero = 0x30000

// productionKey is the name of the key that signs apps of the fixtures' lots
// with Secure Boot V1.
const productionKey = "production"

func unsigned() []byte { return lot.App(lot.AppSpec{Version: "2.0", IDF: "v4.4.8", Size: 0x4100}) }

func signed(scheme int) []byte {
	if scheme == 2 {
		return signing.V2(signing.RSA("a"), unsigned())
	}
	return signing.AppV1(signing.EC(productionKey), unsigned())
}

// signedCase is an app for a lot that demands signatures.
type signedCase struct {
	name string
	data []byte
	rule string // that finds it
	late bool   // encrypted before it was signed
}

// signedMistakes are those that signing, padding and encrypting admit of.
func signedMistakes(scheme int) []signedCase {
	app := unsigned()
	good := signed(scheme)
	at := len(app) // of V1's signature
	if scheme == 2 {
		at = len(good) - 0x1000
	}
	other := map[int][]byte{1: signing.AppV1(signing.EC("development"), app), 2: signing.V2(signing.RSA("b"), app)}
	crossed := map[int][]byte{1: signing.V2(signing.RSA("a"), app), 2: signing.AppV1(signing.EC(productionKey), app)}
	patched := bytes.Clone(good)
	patched[3] = 0x40
	unpadded := slices.Concat(app, good[at:])
	if scheme == 1 {
		unpadded = slices.Concat(app, bytes.Repeat([]byte{0xFF}, 64), good[at:])
	}
	return []signedCase{
		{name: "not signed", data: app, rule: "app-not-signed"},
		{name: "another key", data: other[scheme], rule: "app-signed-with-other-key"},
		{name: "another scheme", data: crossed[scheme], rule: "app-signed-for-other-scheme"},
		{name: "header patched", data: patched, rule: "app-header-patched"},
		{name: "signature damaged", data: flipped(good, at+40), rule: "app-signature-damaged"},
		{name: "signature misplaced", data: unpadded, rule: "app-signature-misplaced"},
		{name: "changed", data: recalculated(good), rule: "app-changed-after-signing"},
		{name: "encrypted first", data: app, rule: "app-encrypted-before-signing", late: true},
	}
}

// recalculated is a signed app in which two bytes were changed so that its
// checksum still fits.
func recalculated(good []byte) []byte {
	b := bytes.Clone(good)
	b[0x2000] ^= 0x10
	b[0x2001] ^= 0x10
	return b
}

// artifactOf is the file for ota_0, as a host prepares it.
func artifactOf(l *bootsim.Lot, scheme int, c signedCase) []byte {
	if l.Key == nil {
		return c.data
	}
	if !c.late {
		return lot.Encrypt(*l.Key, crypt.FullConfig, slotZero, append(bytes.Clone(c.data), bytes.Repeat([]byte{0xFF}, -len(c.data)&15)...))
	}
	sealed := lot.Encrypt(*l.Key, crypt.FullConfig, slotZero, c.data)
	if scheme == 2 {
		return signing.V2(signing.RSA("a"), sealed)
	}
	return signing.AppV1(signing.EC(productionKey), sealed)
}

// folderOf is the lot's release with its file for ota_0 replaced.
func folderOf(t *testing.T, l bootsim.Lot, scheme int, data []byte) *release.Folder {
	t.Helper()
	r := &bootsim.Release{Name: "2.0", Build: []bootsim.Source{{Artifact: bootsim.Artifact{File: "app.bin", Data: signed(scheme), Slots: []string{"ota_0"}}}}}
	b := build(t, []bootsim.Lot{l}, r)
	f := &release.Folder{Dir: "out", Index: &b.Index, Files: map[string][]byte{}}
	for _, c := range b.Files {
		f.Files[c.Name] = c.Data
	}
	f.Index.Bundle = nil
	for _, u := range f.Index.Lots[0].Updates {
		if u.Artifact != nil && data != nil {
			u.Artifact.Size, u.Artifact.SHA256 = uint32(len(data)), sum(data)
			f.Files[u.Artifact.Name] = data
		}
	}
	return f
}

// aboutSlot lists the rules of what was found in ota_0.
func aboutSlot(found []bootsim.Finding) (out []string) {
	for _, f := range found {
		if f.Partition == "ota_0" && f.Severity == bootsim.Error && f.Rule != "release-no-artifact" && !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule)
		}
	}
	return out
}

// Verify finds, reading alone, the cause that check finds by booting.
func TestVerifyAgreesWithCheckOnSignatures(t *testing.T) {
	for _, scheme := range []int{1, 2} {
		for _, encrypted := range []bool{false, true} {
			l := faults.Signed(scheme, encrypted)
			lots := []bootsim.Lot{l}
			require.Equal(t, []string(nil), aboutSlot(verify(lots, folderOf(t, l, scheme, nil), "").Findings), "scheme %d, encrypted %v", scheme, encrypted)
			for _, c := range signedMistakes(scheme) {
				if c.late && !encrypted {
					continue
				}
				data := artifactOf(&l, scheme, c)
				r := verify(lots, folderOf(t, l, scheme, data), "")
				require.Equal(t, []string{c.rule}, aboutSlot(r.Findings), "scheme %d, encrypted %v, %s: %+v", scheme, encrypted, c.name, r.Findings)
				require.Equal(t, bootsim.Fail, r.Verdict)
				installed := bootsim.Release{Name: "2.0", Artifacts: []bootsim.Artifact{{File: "app.bin", Data: data, Slots: []string{"ota_0"}, Encrypted: encrypted}}}
				booted := check.Run(lots, []bootsim.Release{installed}, options())
				require.Equal(t, []string{c.rule}, aboutSlot(booted.Findings), "scheme %d, encrypted %v, %s: %+v", scheme, encrypted, c.name, booted.Findings)
			}
		}
	}
}

// A release of unsigned apps is not built for a lot that demands signatures:
// the check before it is written tells why.
func TestUnsignedReleaseIsRefused(t *testing.T) {
	for _, scheme := range []int{1, 2} {
		l := faults.Signed(scheme, true)
		r := &bootsim.Release{Name: "2.0", Build: []bootsim.Source{{Artifact: bootsim.Artifact{File: "app.bin", Data: unsigned()}}}}
		b := build(t, []bootsim.Lot{l}, r)
		report := check.Run([]bootsim.Lot{l}, []bootsim.Release{b.Release(func(n string) string { return n })}, options())
		require.Equal(t, bootsim.Fail, report.Verdict)
		require.NotEmpty(t, report.Findings)
		for _, f := range report.Findings {
			require.Equal(t, "app-not-signed", f.Rule)
		}
	}
}

// A signature by nobody knows whom is no pass. That there is none, or that it
// does not fit its own key, shows all the same.
func TestUnknownSigner(t *testing.T) {
	for _, scheme := range []int{1, 2} {
		l := faults.Signed(scheme, false)
		l.Contents = slices.Clone(l.Contents)
		if scheme == 1 { // the bootloader's image is not at hand
			l.Contents = slices.DeleteFunc(l.Contents, func(p bootsim.Placement) bool { return p.Address == 0x1000 })
		} else { // nor is the digest
			l.Efuses = lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 3}, Fields: map[string]uint64{"ABS_DONE_1": 1}})
		}
		r := verify([]bootsim.Lot{l}, folderOf(t, l, scheme, nil), "")
		require.Equal(t, []string{"secure-boot-not-modelled"}, aboutSlot(r.Findings))
		require.NotEqual(t, bootsim.Pass, r.Verdict)
		require.Contains(t, []bootsim.Verdict{bootsim.NotModelled, bootsim.Fail}, r.Lots[0].Verdict)
		i := slices.IndexFunc(r.Lots[0].Scenarios, func(s bootsim.Scenario) bool { return s.Verdict == bootsim.NotModelled })
		require.GreaterOrEqual(t, i, 0)
		require.Contains(t, r.Lots[0].Scenarios[i].Expect, "signing key unknown")
		require.Equal(t, []string{"app-not-signed"}, aboutSlot(verify([]bootsim.Lot{l}, folderOf(t, l, scheme, unsigned()), "").Findings))
	}
	l := faults.Signed(2, false)
	l.Efuses = lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 3}, Fields: map[string]uint64{"ABS_DONE_1": 1}})
	require.Equal(t, []string{"app-changed-after-signing"}, aboutSlot(verify([]bootsim.Lot{l}, folderOf(t, l, 2, recalculated(signed(2))), "").Findings))
}

// Where BLOCK2 is blank, the host's copy of the digest counts, and before the
// first boot the key that signed the bootloader.
func TestDigestOfDevicesInTheField(t *testing.T) {
	a, b := signing.DigestV2(signing.RSA("a")), signing.DigestV2(signing.RSA("b"))
	chip := func(done uint64) *efuse.Set {
		return lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 3}, Fields: map[string]uint64{"ABS_DONE_1": done}})
	}
	for name, c := range map[string]struct {
		efuses *efuse.Set
		key    []byte
		want   []string
	}{
		"host knows":                  {chip(1), a[:], nil},
		"host knows another":          {chip(1), b[:], []string{"app-signed-with-other-key"}},
		"first boot":                  {chip(0), nil, nil},
		"first boot, host's is other": {chip(0), b[:], []string{"app-signed-with-other-key"}},
	} {
		l := faults.Signed(2, false)
		l.Efuses = c.efuses
		if c.key != nil {
			l.BootKey = &bootsim.BootKey{File: "key.pem", Signed: true, Data: c.key}
		}
		require.Equal(t, c.want, aboutSlot(verify([]bootsim.Lot{l}, folderOf(t, l, 2, nil), "").Findings), name)
	}
	l := faults.Signed(2, false)
	l.Efuses = chip(0)
	require.Equal(t, []string{"app-signed-with-other-key"},
		aboutSlot(verify([]bootsim.Lot{l}, folderOf(t, l, 2, signing.V2(signing.RSA("b"), unsigned())), "").Findings), "the bootloader is signed with a")
}
