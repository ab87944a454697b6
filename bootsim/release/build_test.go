package release_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Every artifact is what the reference tool's command line makes for its
// address, as recorded rows show that bootsim's own does.
func TestArtifactsEqualTheTools(t *testing.T) {
	w := newWorld(t)
	for name, addr := range map[string]string{fileOne: "0x60000", fileTwo0: "0x10000", fileTwo1: "0x1d0000"} {
		var out bytes.Buffer
		env := cli.Env{FS: w.fs, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Prog: "espsecure.py", Getenv: func(string) string { return "" }}
		code := espsecure.Run(env, []string{"encrypt_flash_data", "--keyfile", "demo/keys/EXAMPLE-flash-key.bin", "--address", addr,
			"-o", "by-tool.bin", "demo/release-2.0/app-2.0.bin"})
		require.Zero(t, code, out.String())
		want, err := afero.ReadFile(w.fs, "by-tool.bin")
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, w.data(t, name)), name)
	}
}

// The folder is checked as it lies: files and bundle install over every state.
func TestBuiltFolderChecks(t *testing.T) {
	w := newWorld(t)
	plan, err := config.Load(w.fs, "out/bootsim.yaml")
	require.NoError(t, err)
	require.Len(t, plan.Releases[0].Artifacts, 6, "three files and three images")
	r := check.Run(plan.Lots, plan.Releases, check.Options{Engine: model.Engine{}})
	require.Equal(t, bootsim.Pass, r.Verdict)
	used := map[string]int{}
	for _, l := range r.Lots {
		for _, s := range l.Scenarios {
			for _, name := range []string{fileOne, fileTwo0, fileTwo1, fileAll} {
				if strings.Contains(s.Name, name) {
					used[name]++
				}
			}
		}
	}
	require.Len(t, used, 4, "%v", used)
}

func TestIndexFitsItsSchema(t *testing.T) {
	b, err := os.ReadFile("../../schemas/release-index.schema.json")
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(t, err)
	require.Equal(t, release.SchemaID, doc.(map[string]any)["$id"])
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("file:///schema.json", doc))
	s, err := c.Compile("file:///schema.json")
	require.NoError(t, err)
	index := newWorld(t).data(t, release.IndexFile)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(index))
	require.NoError(t, err)
	require.NoError(t, s.Validate(v))
	for _, lots := range []any{nil, []any{}, []any{map[string]any{"name": "a", "id": 1, "updates": []any{}}}} {
		empty := maps.Clone(v.(map[string]any))
		empty["lots"] = lots
		require.Error(t, s.Validate(empty), "a release that serves nobody")
	}
	for old, bad := range map[string]string{`"file": "`: `"file": "../`, `"version": 1`: `"version": 2`, `"encrypted": true`: `"encrypted": 1`,
		`"target": null`: `"target": {}`, `"release"`: `"realease"`, `"sha256": "`: `"sha256": "x`} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(string(index), old, bad, 1)))
		require.NoError(t, err)
		require.Error(t, s.Validate(v), bad)
		_, err = release.DecodeIndex([]byte(strings.Replace(string(index), old, bad, 1)))
		require.Error(t, err, bad)
	}
}

// Two builds of the same input are the same to the byte, and no key is in them.
func TestBuildIsDeterministicAndKeepsTheKey(t *testing.T) {
	a, b := newWorld(t), newWorld(t)
	require.Equal(t, a.built.Files, b.built.Files)
	key := a.plan.Lots[0].Key.Bytes()
	for _, f := range a.built.Files {
		require.False(t, bytes.Contains(f.Data, key[:8]), f.Name)
		require.NotContains(t, string(f.Data), fmt.Sprintf("%x", key[:8]), f.Name)
	}
}

// fleetLot is a lot of a drawn fleet: plaintext or with one of two keys, any
// configuration, one to three slots at one of two places.
func fleetLot(t *rapid.T, i int) bootsim.Lot {
	s := &lot.Set{Name: fmt.Sprintf("lot %d/ü", i), FlashSize: 4 << 20, Revision: efuse.Revision{Major: 1}}
	s.Chip.Revision = s.Revision
	boot := lot.BootloaderSpec{IDF: "v4.4.8"}
	var k *crypt.Key
	if n := rapid.IntRange(0, 2).Draw(t, "key"); n > 0 {
		key := crypt.KeyFromBlock([32]byte{byte(n), 2, 3})
		k, s.Key, boot.FlashEncryption = &key, &key, true
		s.Chip = lot.Encrypting(s.Revision, key)
		s.Chip.Config = crypt.Config(rapid.SampledFrom([]uint8{0, 1, 5, 15, 15, 15}).Draw(t, "config"))
	}
	no := false
	s.Options.Rollback = &no
	base := rapid.SampledFrom([]uint32{0x10000, 0x80000}).Draw(t, "base")
	rows := []parttable.Entry{lot.Row("otadata", parttable.TypeData, parttable.SubtypeOTAData, 0xD000, 0x2000)}
	for n := range uint32(rapid.IntRange(1, 3).Draw(t, "slots")) {
		rows = append(rows, lot.Row(fmt.Sprintf("ota_%d", n), parttable.TypeApp, uint8(parttable.SubtypeOTA0+n), base+n<<16, 1<<16))
	}
	rows = append(rows, lot.Row("factory", parttable.TypeApp, parttable.SubtypeFactory, base+0x100000, 1<<16))
	add := func(name string, addr uint32, data []byte) {
		p := s.Add(&lot.Part{Name: name, File: name + ".bin", Address: addr, Data: data})
		if k != nil {
			p.Layers = []lot.Layer{{Key: *k, Config: s.Chip.Config, Address: addr}}
		}
	}
	add("bootloader", 0x1000, lot.Bootloader(boot))
	add("table", 0x8000, lot.Rows(true, rows...))
	add("otadata", 0xD000, lot.OTAData())
	add("factory", base+0x100000, lot.App(lot.AppSpec{Version: "1.0", IDF: "v4.4.8"}))
	return s.Lot()
}

// For whatever fleet: every lot boots the release from every slot, the bundle
// has one image for each way in which bytes can differ, and verify agrees.
func TestAnyFleet(t *testing.T) {
	app := lot.App(lot.AppSpec{Version: "2.0", IDF: "v4.4.8"})
	rapid.Check(t, func(t *rapid.T) {
		var lots []bootsim.Lot
		for i := range rapid.IntRange(1, 4).Draw(t, "lots") {
			lots = append(lots, fleetLot(t, i))
		}
		r := &bootsim.Release{Name: "2.0", Build: []bootsim.Source{{Artifact: bootsim.Artifact{File: "app.bin", Data: app}}}}
		b, err := release.Build(lots, r, release.Options{Engine: model.Engine{}, LotsFrom: "lots.yaml"})
		require.NoError(t, err)
		report := check.Run(lots, []bootsim.Release{b.Release(func(n string) string { return n })}, check.Options{Engine: model.Engine{}})
		require.Equal(t, bootsim.Pass, report.Verdict, "%+v", report.Findings)
		different := classes(lots, b)
		require.Equal(t, different, b.Bundle)
		f := &release.Folder{Dir: "out", Index: &b.Index, Files: map[string][]byte{}}
		for _, c := range b.Files {
			f.Files[c.Name] = c.Data
		}
		require.Equal(t, bootsim.Pass, verify(lots, f, "").Verdict)
	})
}

// classes counts the ways in which the images of a fleet can differ, by key,
// configuration and the address bits that it uses.
func classes(lots []bootsim.Lot, b *release.Built) int {
	seen := map[string]bool{}
	for i, l := range b.Index.Lots {
		for _, u := range l.Updates {
			if u.Target == nil {
				continue
			}
			class := "plaintext"
			if lots[i].Key != nil {
				class = fmt.Sprintf("%s/%d/%x", l.Key, lots[i].Efuses.CryptConfig(), u.Target.Address)
				if lots[i].Efuses.CryptConfig() == 0 {
					class = l.Key
				}
			}
			seen[class] = true
		}
	}
	return len(seen)
}

// What cannot be built is refused with the file or lot that is wrong.
func TestNotBuildable(t *testing.T) {
	w := newWorld(t)
	r := w.plan.Releases[0]
	app := r.Build[0]
	attempt := func(change func(*bootsim.Release, []bootsim.Lot)) error {
		lots := append([]bootsim.Lot(nil), w.plan.Lots...)
		c := bootsim.Release{Name: r.Name, Build: []bootsim.Source{app}}
		change(&c, lots)
		_, err := release.Build(lots, &c, release.Options{Engine: model.Engine{}})
		return err
	}
	for name, c := range map[string]struct {
		change func(*bootsim.Release, []bootsim.Lot)
		says   string
	}{
		"ciphertext": {func(r *bootsim.Release, _ []bootsim.Lot) { r.Build[0].Data = w.data(t, fileOne) }, "it is no app image"},
		"cut off":    {func(r *bootsim.Release, _ []bootsim.Lot) { r.Build[0].Data = app.Data[:5000] }, "app-2.0.bin"},
		"changed":    {func(r *bootsim.Release, _ []bootsim.Lot) { r.Build[0].Data = flipped(app.Data, 9000) }, "checksum or SHA-256"},
		"too large": {func(r *bootsim.Release, _ []bootsim.Lot) {
			r.Build[0].Data = append(bytes.Clone(app.Data), make([]byte, 2<<20)...)
		}, "does not fit"},
		"two for a slot": {func(r *bootsim.Release, _ []bootsim.Lot) { r.Build = append(r.Build, app) }, "name lots or slots"},
		"no key":         {func(_ *bootsim.Release, lots []bootsim.Lot) { lots[1] = keyless(lots[1]) }, "lot lot-two"},
		"nothing":        {func(r *bootsim.Release, _ []bootsim.Lot) { r.Build[0].Slots = []string{"ota_9"} }, "nothing for any lot"},
		"long version":   {func(r *bootsim.Release, _ []bootsim.Lot) { r.Build[0].Version = strings.Repeat("9", 33) }, "at most 32 bytes"},
	} {
		require.ErrorContains(t, attempt(c.change), c.says, name)
	}
	require.NoError(t, attempt(func(*bootsim.Release, []bootsim.Lot) {}))
}

// keyless is a lot whose eFuses hide the key, and nobody tells it.
func keyless(l bootsim.Lot) bootsim.Lot {
	l.Key = nil
	l.Efuses = efuse.New()
	for name, v := range map[string]uint64{"FLASH_CRYPT_CNT": 1, "FLASH_CRYPT_CONFIG": 0xF, "RD_DIS": 1} {
		for _, f := range efuse.Fields() {
			if f.Name == name {
				_ = l.Efuses.BurnField(f, v)
			}
		}
	}
	return l
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

// A lot that encrypts on first boot with a key of its own gets the plaintext;
// with a key that was burnt before, ciphertext.
func TestDevicesThatEncryptThemselves(t *testing.T) {
	for _, burnt := range []bool{false, true} {
		w := newWorld(t)
		l := w.plan.Lots[1]
		key := *l.Key
		l.Efuses, l.Key = lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 1}}), nil
		if burnt {
			l.Efuses = lot.Chip(lot.ChipSpec{Revision: efuse.Revision{Major: 1}, Key: &key, Protect: true})
			l.Key = &key
		}
		for i := range l.Contents {
			p := &l.Contents[i]
			plain := make([]byte, len(p.Data))
			require.NoError(t, crypt.New(key, crypt.FullConfig).Decrypt(p.Address, plain, p.Data))
			p.Data = plain
		}
		b := build(t, []bootsim.Lot{l}, &w.plan.Releases[0])
		u := b.Index.Lots[0].Updates[0]
		require.Equal(t, burnt, u.Artifact.Encrypted)
		require.Equal(t, burnt, b.Index.Lots[0].Key != "")
		if !burnt {
			require.Equal(t, "app-2.0.bin", u.Artifact.Name)
		}
		report := check.Run([]bootsim.Lot{l}, []bootsim.Release{b.Release(func(n string) string { return n })}, check.Options{Engine: model.Engine{}})
		require.Equal(t, bootsim.Pass, report.Verdict, "burnt %v: %+v", burnt, report.Findings)
	}
}

// A file whose length is no multiple of 16, such as a signed one, is filled
// with ones, as the device would fill it.
func TestOddLengths(t *testing.T) {
	w := newWorld(t)
	r := w.plan.Releases[0]
	app := append(bytes.Clone(r.Build[0].Data), 1, 2, 3, 4)
	r.Build = []bootsim.Source{{Artifact: bootsim.Artifact{File: "app.bin", Data: app}}}
	b := build(t, w.plan.Lots, &r)
	for _, f := range b.Files[:3] {
		require.Len(t, f.Data, len(app)+12)
	}
	plain := make([]byte, len(app)+12)
	require.NoError(t, crypt.New(*w.plan.Lots[0].Key, crypt.FullConfig).Decrypt(0x60000, plain, b.Files[0].Data))
	require.Equal(t, append(app, bytes.Repeat([]byte{0xFF}, 12)...), plain)
}

// Names of lots may hold anything; names of files do not.
func TestFileNames(t *testing.T) {
	w := newWorld(t)
	lots := append([]bootsim.Lot(nil), w.plan.Lots[1], w.plan.Lots[1], w.plan.Lots[1])
	lots[0].Name, lots[1].Name, lots[2].Name = "../Lot", "___LOT", ".._lot"
	b := build(t, lots, &w.plan.Releases[0])
	seen := map[string]bool{}
	for _, f := range b.Files {
		require.Regexp(t, `^[A-Za-z0-9_][A-Za-z0-9._-]*$`, f.Name)
		require.False(t, seen[strings.ToLower(f.Name)], f.Name)
		seen[strings.ToLower(f.Name)] = true
	}
	require.Len(t, seen, 6+3)
	require.Equal(t, 2, b.Bundle, "the lots share key and addresses")
}

func FuzzIndex(f *testing.F) {
	w := newWorld(f)
	f.Add(w.data(f, release.IndexFile))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := release.DecodeIndex(b)
		if err != nil {
			return
		}
		again, err := x.Encode()
		require.NoError(t, err)
		y, err := release.DecodeIndex(again)
		require.NoError(t, err)
		require.Equal(t, x, y)
		verify(w.plan.Lots, &release.Folder{Index: x, Files: map[string][]byte{}}, "")
	})
}

// The lot's id in the index is the one in the bundle.
func TestLotIDs(t *testing.T) {
	w := newWorld(t)
	b, err := bundle.Decode(w.data(t, fileAll))
	require.NoError(t, err)
	require.True(t, b.ByAddress)
	require.Equal(t, uint32(0x28000), b.Stride)
	var x release.Index
	require.NoError(t, json.Unmarshal(w.data(t, release.IndexFile), &x))
	require.Equal(t, []uint32{x.Lots[0].ID, x.Lots[1].ID, x.Lots[1].ID}, []uint32{b.Entries[0].Lot, b.Entries[1].Lot, b.Entries[2].Lot})
}
