package release_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// An index that serves nobody is none, whatever else lies beside it.
func TestIndexWithoutLots(t *testing.T) {
	w := newWorld(t)
	for _, bundled := range []bool{true, false} {
		for _, lots := range []any{nil, []any{}, "missing"} {
			var x map[string]any
			require.NoError(t, json.Unmarshal(w.data(t, release.IndexFile), &x))
			x["lots"] = lots
			if lots == "missing" {
				delete(x, "lots")
			}
			if !bundled {
				x["bundle"] = nil
			}
			b, err := json.Marshal(x)
			require.NoError(t, err)
			_, err = release.DecodeIndex(b)
			require.ErrorContains(t, err, "names no lot", "%v, bundle %v", lots, bundled)
			require.NoError(t, afero.WriteFile(w.fs, "out/"+release.IndexFile, b, 0o644))
			_, err = release.Open(w.fs, "out")
			require.Error(t, err)
		}
	}
	x := *newWorld(t).open(t).Index
	x.Lots[0].Updates = nil
	b, err := x.Encode()
	require.NoError(t, err)
	_, err = release.DecodeIndex(b)
	require.ErrorContains(t, err, "has no updates")
}

// A verification that looked at nothing does not pass.
func TestNothingVerifiedIsNoPass(t *testing.T) {
	w := newWorld(t)
	empty := w.open(t)
	empty.Index.Lots, empty.Index.Bundle = nil, nil
	stray := w.open(t)
	for name, r := range map[string]*bootsim.Report{
		"empty folder":   verify(w.plan.Lots, empty, ""),
		"file of nobody": verify(w.plan.Lots, stray, "other.bin"),
		"no subject":     release.Verify(w.plan.Lots, &release.Subject{}, options()),
		"empty bundle":   release.Verify(w.plan.Lots, &release.Subject{Bundle: &bundle.Bundle{}, File: "b"}, options()),
	} {
		require.Equal(t, bootsim.Fail, r.Verdict, name)
		require.Equal(t, []string{"release-misdescribed"}, rules(r), name)
		require.Contains(t, r.Findings[0].Message, "nothing of it was verified", name)
	}
}

// A lot passes by images that were read, not by their absence.
func TestLotWithoutFilesIsNoPass(t *testing.T) {
	w := newWorld(t)
	f := w.open(t)
	f.Index.Bundle = nil
	f.Index.Lots = f.Index.Lots[:1]
	f.Index.Lots[0].Updates[0].Artifact = nil
	r := verify(w.plan.Lots, f, "")
	require.Equal(t, bootsim.Fail, r.Lots[0].Verdict)
	require.NotEmpty(t, r.Findings)
}

// A damaged bundle is damage wherever the damage lies, and also when it alone
// is verified and no longer shows what it is.
func TestDamagedBundleAlone(t *testing.T) {
	w := newWorld(t)
	for _, at := range []int{0, 7, 8, 14, 60, 64, 200, 4096} {
		for _, agree := range []bool{false, true} {
			data := flipped(w.data(t, fileAll), at)
			f := w.edited(t, fileAll, data, false)
			if agree {
				f.Index.Bundle.SHA256 = sum(data)
			}
			for _, only := range []string{"", fileAll} {
				r := verify(w.plan.Lots, f, only)
				require.Equal(t, bootsim.Fail, r.Verdict, "byte %d", at)
				require.Equal(t, "release-damaged", r.Findings[0].Rule)
				require.Equal(t, "out/"+fileAll, r.Findings[0].File)
				require.Len(t, r.Lots, 2, "it was meant for both")
				for _, l := range r.Lots {
					require.Equal(t, bootsim.Fail, l.Verdict)
				}
			}
			_, err := release.NewServer(f)
			require.ErrorContains(t, err, fileAll)
		}
	}
}

// Index and bundle serve the same lots, and neither covers for the other.
func TestIndexAndBundleServeTheSameLots(t *testing.T) {
	w := newWorld(t)
	for left := range 2 {
		f := w.open(t)
		gone := f.Index.Lots[left].Name
		f.Index.Lots = slices.Delete(f.Index.Lots, left, left+1)
		r := verify(w.plan.Lots, f, "")
		require.Equal(t, []string{"release-misdescribed"}, rules(r), "%s is not in the index", gone)
		require.Equal(t, gone, r.Findings[0].Lot)
		require.Equal(t, bootsim.Fail, r.Verdict)
		_, err := release.NewServer(f)
		require.ErrorContains(t, err, "the index does not name it")
	}
	b, err := bundle.Decode(w.data(t, fileAll))
	require.NoError(t, err)
	for _, lot := range w.open(t).Index.Lots {
		entries := slices.DeleteFunc(slices.Clone(b.Entries), func(e bundle.Entry) bool { return e.Lot == lot.ID })
		r, f := withBundle(t, w, entries)
		require.Equal(t, []string{"release-misdescribed"}, rules(r))
		require.Contains(t, r.Findings[0].Message, lot.Name+", and the bundle has no image")
		_, err := release.NewServer(f)
		require.ErrorContains(t, err, "the bundle has no image for it")
	}
	stranger := append(slices.Clone(b.Entries), b.Entries[0])
	stranger[3].Lot = 7
	r, _ := withBundle(t, w, stranger)
	require.Equal(t, []string{"release-misdescribed", "key-unknown"}, rules(r))
}

// withBundle verifies the folder with another bundle, which the index describes.
func withBundle(t *testing.T, w *world, entries []bundle.Entry) (*bootsim.Report, *release.Folder) {
	t.Helper()
	data, err := bundle.Encode(entries)
	require.NoError(t, err)
	f := w.edited(t, fileAll, data, false)
	f.Index.Bundle.Size, f.Index.Bundle.SHA256 = uint32(len(data)), sum(data)
	return verify(w.plan.Lots, f, ""), f
}

// The index names the key that the lot's devices have.
func TestKeyOfTheIndex(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"", "00000000"} {
		f := w.open(t)
		f.Index.Lots[0].Key = key
		r := verify(w.plan.Lots, f, "")
		require.Equal(t, []string{"release-misdescribed"}, rules(r), "key %q", key)
		require.Equal(t, bootsim.Fail, r.Lots[0].Verdict)
		require.Equal(t, bootsim.Pass, r.Lots[1].Verdict)
		require.Contains(t, r.Findings[0].Message, w.plan.Lots[0].Key.Fingerprint())
	}
}
