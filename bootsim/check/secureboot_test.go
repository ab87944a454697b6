package check_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/fixtures/faults"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// signedLots are lots with each scheme, with flash encryption and without.
func signedLots() map[string]bootsim.Lot {
	return map[string]bootsim.Lot{"V1": faults.Signed(1, false), "V1 encrypted": faults.Signed(1, true),
		"V2": faults.Signed(2, false), "V2 encrypted": faults.Signed(2, true)}
}

func checked(l bootsim.Lot) bootsim.LotReport {
	return check.Run([]bootsim.Lot{l}, nil, check.Options{Engine: model.Engine{}}).Lots[0]
}

// What is signed rightly boots, and nothing is said of it.
func TestSignedLotsBoot(t *testing.T) {
	for name, l := range signedLots() {
		r := checked(l)
		require.Equal(t, bootsim.Pass, r.Verdict, "%s: %v", name, r.Findings)
		require.Empty(t, r.Findings, name)
		require.Equal(t, "1.0", r.Scenarios[0].Boots.Version)
	}
}

// stretch is a stretch of flash under a signature or digest, and what a check
// may say of a byte that differs there.
type stretch struct {
	name     string
	from, to uint32
	rules    []string
}

// stretches divides what the device trusts: IV and digest, bootloader and app,
// each by its header, segments, hash, padding and signature.
func stretches(l bootsim.Lot, v2 bool) []stretch {
	return slices.DeleteFunc(allStretches(l, v2), func(s stretch) bool { return s.from >= s.to })
}

func allStretches(l bootsim.Lot, v2 bool) []stretch {
	boot, app := part(l, 0x1000), part(l, 0x10000)
	b, a := parsed(boot), parsed(app)
	bootEnd := b.Length
	sbRules := []string{"bootloader-changed", "secure-boot-digest-mismatch"}
	if v2 {
		sbRules = []string{"bootloader-changed-after-signing"}
	} else {
		bootEnd = secureboot.V1Covered(b.ChecksumOffset)
	}
	rom := append([]string{"bootloader-corrupt", "bootloader-missing", "not-an-image", "bootloader-wrong-chip", "bootloader-header-rewritten",
		"bootloader-over-staging", "undecryptable", "partly-written", "bootloader-not-signed", "bootloader-signature-misplaced"}, sbRules...)
	out := []stretch{
		{"bootloader header", 0x1000, 0x1018, rom},
		{"bootloader segments", 0x1018, 0x1000 + b.ChecksumOffset, rom},
		{"bootloader checksum", 0x1000 + b.ChecksumOffset, 0x1000 + b.ChecksumOffset + 1, rom},
		{"bootloader end", 0x1000 + b.ChecksumOffset + 1, 0x1000 + min(bootEnd, uint32(len(boot))), rom},
	}
	bad := []string{"app-changed-after-signing", "app-header-patched", "app-corrupt", "app-missing", "not-an-image", "app-wrong-chip", "app-min-revision",
		"app-max-revision", "app-segment-count", "app-misaligned", "app-bad-load-address", "app-overlaps-bootloader", "app-too-large",
		"undecryptable", "partly-written", "app-not-signed", "app-signature-misplaced", "app-signed-with-other-key"}
	out = append(out,
		stretch{"app header", 0x10000, 0x10018, bad},
		stretch{"app segments", 0x10018, 0x10000 + a.ChecksumOffset, bad},
		stretch{"app hash", 0x10000 + a.ChecksumOffset, 0x10000 + a.Length, bad})
	sig := []string{"app-signature-damaged"}
	if v2 {
		at := 0x1000 + uint32(espimage.SignatureV2Offset(b.Length))
		end := 0x10000 + uint32(espimage.SignatureV2Offset(a.Length))
		return append(out,
			stretch{"bootloader padding", 0x1000 + b.Length, at, []string{"bootloader-changed-after-signing"}},
			stretch{"bootloader signature", at, at + 1200, []string{"bootloader-signature-damaged"}},
			stretch{"app padding", 0x10000 + a.Length, end, []string{"app-changed-after-signing"}},
			stretch{"app signature", end, end + 1200, sig})
	}
	return append(out,
		stretch{"IV", 0, 128, []string{"secure-boot-digest-mismatch"}},
		stretch{"digest", 128, 192, []string{"secure-boot-digest-mismatch"}},
		stretch{"app signature", 0x10000 + a.Length, 0x10000 + a.Length + 68, sig})
}

func part(l bootsim.Lot, at uint32) []byte {
	i := slices.IndexFunc(l.Contents, func(p bootsim.Placement) bool { return p.Address == at })
	return l.Contents[i].Data
}

func parsed(b []byte) *espimage.Image {
	im, err := espimage.Parse(b)
	if err != nil {
		panic(err) // of a fixture
	}
	return im
}

// differing is a lot in which a byte of flash differs.
func differing(l bootsim.Lot, at uint32, mask byte) bootsim.Lot {
	l.Contents = slices.Clone(l.Contents)
	for i, p := range l.Contents {
		if at >= p.Address && at < p.Address+uint32(len(p.Data)) {
			l.Contents[i].Data = slices.Clone(p.Data)
			l.Contents[i].Data[at-p.Address] ^= mask
		}
	}
	return l
}

// A byte that differs anywhere under a digest or signature keeps that image from
// booting, and the check names a cause that has to do with it.
func TestNoByteMayDiffer(t *testing.T) {
	lots := map[int]bootsim.Lot{1: faults.Signed(1, false), 2: faults.Signed(2, false)}
	for scheme, l := range lots {
		for _, s := range stretches(l, scheme == 2) {
			requireRefused(t, l, s, s.from, 0x80)
			requireRefused(t, l, s, s.to-1, 1)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		scheme := rapid.IntRange(1, 2).Draw(t, "scheme")
		s := rapid.SampledFrom(stretches(lots[scheme], scheme == 2)).Draw(t, "stretch")
		at := rapid.Uint32Range(s.from, s.to-1).Draw(t, "at")
		requireRefused(t, lots[scheme], s, at, byte(1)<<rapid.IntRange(0, 7).Draw(t, "bit"))
	})
}

// spiCommands is the byte whose highest bit tells the ROM that the image begins
// with SPI commands, of which there is no model.
const spiCommands = 0x101B

func requireRefused(t rapid.TB, l bootsim.Lot, s stretch, at uint32, mask byte) {
	t.Helper()
	r := checked(differing(l, at, mask))
	if at == spiCommands && mask == 0x80 && r.Verdict == bootsim.NotModelled {
		return
	}
	require.Equal(t, bootsim.Fail, r.Verdict, "%s, 0x%08x", s.name, at)
	require.NotEmpty(t, r.Findings)
	require.Contains(t, s.rules, cause(r), "%s, 0x%08x: %v", s.name, at, r.Findings)
}

// cause is the rule of the first error.
func cause(r bootsim.LotReport) string {
	i := slices.IndexFunc(r.Findings, func(f bootsim.Finding) bool { return f.Severity == bootsim.Error })
	if i < 0 {
		return ""
	}
	return r.Findings[i].Rule
}

// A key file stands in for what a dump hides, and only for that.
func TestBootKeyFileFillsADump(t *testing.T) {
	faulty := allFaults()
	i := slices.IndexFunc(faulty, func(f faults.Fault) bool { return f.Name == "boot-key-unknown" })
	l := faulty[i].Lots[0]
	require.Equal(t, bootsim.NotModelled, checked(l).Verdict)
	key := faults.BootKey().Bytes()
	l.BootKey = &bootsim.BootKey{File: "boot.bin", Data: key[:]}
	r := checked(l)
	require.Equal(t, bootsim.Pass, r.Verdict, "%v", r.Findings)
	require.Contains(t, r.Assumed, "boot.bin is the key in BLOCK2, which the eFuse dump cannot show")

	shown := faults.Signed(1, false)
	shown.BootKey = &bootsim.BootKey{File: "other.bin", Data: make([]byte, 32)}
	require.Equal(t, bootsim.Pass, checked(shown).Verdict, "what is burnt counts")
}
