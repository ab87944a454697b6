package release_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

func TestVerifyPasses(t *testing.T) {
	w := newWorld(t)
	r := w.verify(t, "")
	require.Equal(t, bootsim.Pass, r.Verdict)
	require.Empty(t, r.Findings)
	require.Len(t, r.Lots[0].Scenarios, 2, "a file and an image of the bundle")
	require.Len(t, r.Lots[1].Scenarios, 4)
	for _, only := range []string{fileOne, fileTwo0, fileTwo1, fileAll} {
		require.Equal(t, bootsim.Pass, w.verify(t, only).Verdict, only)
	}
	require.Len(t, w.verify(t, fileOne).Lots, 1, "it claims to serve one lot")
	require.Len(t, w.verify(t, fileAll).Lots, 2)
}

// edited is the folder with one file replaced, and the index made to agree when
// the mistake happened before the index was written.
func (w *world) edited(tb testing.TB, name string, data []byte, agree bool) *release.Folder {
	tb.Helper()
	f := w.open(tb)
	f.Files[name] = data
	if !agree {
		return f
	}
	for i := range f.Index.Lots {
		for _, u := range f.Index.Lots[i].Updates {
			if u.Artifact != nil && u.Artifact.Name == name {
				u.Artifact.Size, u.Artifact.SHA256 = uint32(len(data)), sum(data)
			}
		}
	}
	return f
}

// A file that was replaced by another one of the release is damage, and named.
func TestMixedUpFiles(t *testing.T) {
	w := newWorld(t)
	for data, rule := range map[string]string{fileOne: "release-wrong-lot", fileTwo1: "release-wrong-slot"} {
		r := verify(w.plan.Lots, w.edited(t, fileTwo0, w.data(t, data), false), "")
		require.Equal(t, []string{"release-damaged", rule}, rules(r))
	}
}

// Every byte of an artifact matters: to the index, and to the image itself when
// the index describes the changed file.
func TestEveryCorruptedByteIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, agree := range []bool{false, true} {
		rapid.Check(t, func(rt *rapid.T) {
			name := rapid.SampledFrom([]string{fileOne, fileTwo0, fileTwo1}).Draw(rt, "file")
			data := bytes.Clone(w.data(t, name))
			at := rapid.IntRange(0, len(data)-1).Draw(rt, "at")
			data[at] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
			r := verify(w.plan.Lots, w.edited(t, name, data, agree), "")
			require.Equal(rt, bootsim.Fail, r.Verdict)
			require.Len(rt, r.Findings, 1)
			require.Equal(rt, "out/"+name, r.Findings[0].File)
			require.Equal(rt, !agree, r.Findings[0].Rule == "release-damaged", r.Findings[0].Rule)
		})
	}
}

// The blocks that have a meaning of their own: header, first segment, descriptor,
// checksum, hash.
func TestCorruptedEdges(t *testing.T) {
	w := newWorld(t)
	data := w.data(t, fileTwo1)
	for _, at := range []int{0, 15, 16, 31, 32, 63, len(data) / 2, len(data) - 33, len(data) - 32, len(data) - 1} {
		r := verify(w.plan.Lots, w.edited(t, fileTwo1, flipped(data, at), true), fileTwo1)
		require.Equal(t, bootsim.Fail, r.Verdict, "byte %d", at)
	}
}

// Each mistake is named as what it is.
func TestMistakesAreNamed(t *testing.T) {
	w := newWorld(t)
	key := *w.plan.Lots[0].Key
	app := w.plan.Releases[0].Build[0].Data
	twice := lot.Encrypt(key, crypt.FullConfig, 0x10000, w.data(t, fileTwo0))
	old := lot.App(lot.AppSpec{Version: "1.9", Project: "example", IDF: "v3.3.6", Size: 160 << 10})
	chip := lot.App(lot.AppSpec{Version: "2.0", Header: func(h *espimage.Header) { h.ChipID = 9 }})
	revision := lot.App(lot.AppSpec{Version: "2.0", Header: func(h *espimage.Header) { h.MinRev, h.MinRevFull = 3, 300 }})
	hash := lot.App(lot.AppSpec{Version: "2.0", Fault: espimage.FaultHash})
	sumFault := lot.App(lot.AppSpec{Version: "2.0", Fault: espimage.FaultChecksum})
	encrypted := func(b []byte) []byte { return lot.Encrypt(key, crypt.FullConfig, 0x10000, b) }
	for name, c := range map[string]struct {
		data []byte
		rule string
	}{
		"other lot":      {w.data(t, fileOne), "release-wrong-lot"},
		"other slot":     {w.data(t, fileTwo1), "release-wrong-slot"},
		"twice":          {twice, "encrypted-twice"},
		"plaintext":      {app, "not-encrypted"},
		"other config":   {lot.Encrypt(key, 3, 0x10000, app), "wrong-crypt-config"},
		"other key":      {lot.Encrypt(crypt.KeyFromBlock([32]byte{9}), crypt.FullConfig, 0x10000, app), "undecryptable"},
		"cut off":        {w.data(t, fileTwo0)[:100000], "partly-written"},
		"no descriptor":  {encrypted(lot.App(lot.AppSpec{})), "release-misdescribed"},
		"other version":  {encrypted(old), "release-misdescribed"},
		"other chip":     {encrypted(chip), "app-wrong-chip"},
		"newer revision": {encrypted(revision), "app-min-revision"},
		"wrong hash":     {encrypted(hash), "app-corrupt"},
		"wrong checksum": {encrypted(sumFault), "app-corrupt"},
		"too large":      {encrypted(append(bytes.Clone(app), make([]byte, 2<<20)...)), "release-too-large"},
	} {
		r := verify(w.plan.Lots, w.edited(t, fileTwo0, c.data, true), fileTwo0)
		require.Equal(t, bootsim.Fail, r.Verdict, name)
		require.Equal(t, []string{c.rule}, rules(r), "%s: %+v", name, r.Findings)
	}
}

// A signature has to be there where the chip demands one.
func TestMissingSignature(t *testing.T) {
	w := newWorld(t)
	for _, field := range []string{"ABS_DONE_0", "ABS_DONE_1"} {
		lots := slices.Clone(w.plan.Lots)
		lots[1].Efuses = lots[1].Efuses.Clone()
		for _, f := range efuse.Fields() {
			if f.Name == field {
				require.NoError(t, lots[1].Efuses.BurnField(f, 1))
			}
		}
		r := verify(lots, w.open(t), fileTwo0)
		require.Equal(t, []string{"app-not-signed"}, rules(r), field)
	}
}

// An index that sends devices elsewhere than they update to.
func TestMisdirectingIndex(t *testing.T) {
	w := newWorld(t)
	two := func(f *release.Folder) []release.Update { return f.Index.Lots[1].Updates }
	for name, c := range map[string]struct {
		change func(*release.Folder)
		rules  []string
	}{
		"swapped targets": {func(f *release.Folder) {
			u := two(f)
			u[0].Target, u[1].Target = u[1].Target, u[0].Target
		}, []string{"release-misdescribed", "release-misdescribed", "release-wrong-slot", "release-wrong-slot"}},
		"swapped files": {func(f *release.Folder) {
			u := two(f)
			u[0].Artifact, u[1].Artifact = u[1].Artifact, u[0].Artifact
		}, []string{"release-wrong-slot", "release-wrong-slot"}},
		"other address":     {func(f *release.Folder) { two(f)[0].Target.Address += 0x1000 }, []string{"release-misdescribed", "release-misdescribed"}},
		"running elsewhere": {func(f *release.Folder) { two(f)[0].Running.Address += 0x1000 }, []string{"release-no-artifact", "release-misdescribed"}},
		"other label":       {func(f *release.Folder) { two(f)[0].Running.Label = "ota_9" }, []string{"release-misdescribed"}},
		"forgotten":         {func(f *release.Folder) { f.Index.Lots[1].Updates = two(f)[:1] }, []string{"release-no-artifact"}},
		"nothing for it":    {func(f *release.Folder) { two(f)[0].Artifact = nil }, []string{"release-no-artifact"}},
		"update of the only slot": {func(f *release.Folder) {
			u := f.Index.Lots[0].Updates
			u[1].Target, u[1].Artifact = u[0].Target, u[0].Artifact
		}, []string{"release-misdescribed"}},
		"ciphertext called plaintext": {func(f *release.Folder) { two(f)[0].Artifact.Encrypted = false }, []string{"encrypted-twice"}},
	} {
		f := w.open(t)
		c.change(f)
		r := verify(w.plan.Lots, f, "")
		require.Equal(t, bootsim.Fail, r.Verdict, name)
		require.Equal(t, c.rules, rules(r), "%s: %+v", name, r.Findings)
	}
}

// What cannot be verified is no pass, and damage shows all the same.
func TestUnknownKeysAndLots(t *testing.T) {
	w := newWorld(t)
	lots := slices.Clone(w.plan.Lots)
	lots[0] = keyless(lots[0])
	for _, known := range [][]bootsim.Lot{lots, lots[1:]} {
		r := verify(known, w.open(t), "")
		require.Equal(t, bootsim.Fail, r.Verdict)
		require.Equal(t, bootsim.NotModelled, r.Lots[0].Verdict)
		require.Equal(t, bootsim.Pass, r.Lots[1].Verdict)
		require.Equal(t, []string{"key-unknown"}, rules(r))
		for _, s := range r.Lots[0].Scenarios {
			require.Equal(t, bootsim.NotModelled, s.Verdict)
			require.Contains(t, s.Expect, "not verified: key unknown")
		}
		r = verify(known, w.edited(t, fileOne, []byte("changed"), false), "")
		require.Equal(t, bootsim.Fail, r.Lots[0].Verdict)
		require.Equal(t, []string{"release-damaged", "key-unknown"}, rules(r))
	}
}

func TestMissingAndDamagedFiles(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.fs.Remove("out/"+fileTwo1))
	require.Equal(t, []string{"release-damaged"}, rules(w.verify(t, "")))
	require.Contains(t, w.verify(t, "").Findings[0].Message, "missing")

	w = newWorld(t)
	r := verify(w.plan.Lots, w.edited(t, fileAll, w.data(t, fileAll)[:4096], false), "")
	require.Equal(t, []string{"release-damaged", "release-damaged"}, rules(r), "told to both lots")
	_, err := release.Open(w.fs, "demo")
	require.ErrorContains(t, err, "release build")
	require.NoError(t, afero.WriteFile(w.fs, "out/"+release.IndexFile, bytes.Repeat([]byte{' '}, 5<<20), 0o644))
	_, err = release.Open(w.fs, "out")
	require.ErrorContains(t, err, "it is over")
}

// A bundle by itself: every lot takes its images; a bundle for another key or
// of another table is refused by name.
func TestBundleByItself(t *testing.T) {
	w := newWorld(t)
	b, err := bundle.Decode(w.data(t, fileAll))
	require.NoError(t, err)
	alone := func(change func([]bundle.Entry) []bundle.Entry) *bootsim.Report {
		data, err := bundle.Encode(change(slices.Clone(b.Entries)))
		require.NoError(t, err)
		again, err := bundle.Decode(data)
		require.NoError(t, err)
		return release.Verify(w.plan.Lots, &release.Subject{Bundle: again, File: "all.bundle"}, options())
	}
	require.Equal(t, bootsim.Pass, alone(func(e []bundle.Entry) []bundle.Entry { return e }).Verdict)
	for name, c := range map[string]struct {
		change func([]bundle.Entry)
		rule   string
	}{
		"swapped images": {func(e []bundle.Entry) { e[0].Data, e[1].Data = e[1].Data, e[0].Data }, "release-wrong-lot"},
		"other address":  {func(e []bundle.Entry) { e[0].Address = 0x70000 }, "release-misdescribed"},
		"other slot":     {func(e []bundle.Entry) { e[0].Label = "factory" }, "release-misdescribed"},
		"other key":      {func(e []bundle.Entry) { e[0].Key++ }, "release-misdescribed"},
		"other config":   {func(e []bundle.Entry) { e[0].Config = 3 }, "release-misdescribed"},
		"other version":  {func(e []bundle.Entry) { e[0].Version = "3" }, "release-misdescribed"},
		"plaintext":      {func(e []bundle.Entry) { e[0].Encrypted, e[0].Key, e[0].Config = false, 0, 0 }, "encrypted-twice"},
		"unknown lot":    {func(e []bundle.Entry) { e[0].Lot = 7 }, "key-unknown"},
	} {
		r := alone(func(e []bundle.Entry) []bundle.Entry { c.change(e); return e })
		require.Equal(t, bootsim.Fail, r.Verdict, name)
		require.Equal(t, c.rule, r.Findings[0].Rule, name)
	}
	for left := range 2 {
		r := alone(func(e []bundle.Entry) []bundle.Entry { return slices.Delete(e, 1+left, 2+left) })
		require.Equal(t, []string{"release-no-artifact"}, rules(r), "one slot of lot two is left out")
		require.Equal(t, []uint32{0x10000, 0x1D0000}[left], *r.Findings[0].Offset)
	}
	r := alone(func(e []bundle.Entry) []bundle.Entry { e[0].Lot = 7; return e })
	require.True(t, strings.HasPrefix(r.Lots[0].Name, "lot id 0x"))
}
