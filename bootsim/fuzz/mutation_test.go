package fuzz_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/fixtures/oracle"
	"github.com/bootsim/bootsim/fixtures/regress"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// TestMutationsAreData draws mutations from bytes, sends them through JSON and a
// token, and wants the same device of both, while the original stays as it is.
func TestMutationsAreData(t *testing.T) {
	s := smallSubjects(t)
	before := s[2].Fingerprint()
	rapid.Check(t, func(rt *rapid.T) {
		m := fuzz.Draw(rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(rt, "bytes"), s)
		c, err := fuzz.ParseToken(fuzz.Case{Oracle: "test", Mutation: m}.Token())
		require.NoError(rt, err)
		a, _ := json.Marshal(m)
		b, _ := json.Marshal(c.Mutation)
		require.JSONEq(rt, string(a), string(b))
		for _, sub := range s {
			if sub.Name != m.Lot {
				continue
			}
			one, err1 := sub.Apply(m)
			two, err2 := sub.Apply(c.Mutation)
			require.Equal(rt, err1, err2)
			if err1 == nil {
				require.Equal(rt, one.Flash.Sum(), two.Flash.Sum())
				require.True(rt, one.Efuses.Equal(two.Efuses))
			}
		}
	})
	require.Equal(t, before, s[2].Fingerprint())
}

// TestChangesReachThroughTheEncryption writes plaintext on an encrypted device
// and reads it back as the device does, with everything repaired.
func TestChangesReachThroughTheEncryption(t *testing.T) {
	s := smallSubjects(t)[2]
	require.NotNil(t, s.Device.Cipher())
	d, err := s.Apply(fuzz.Mutation{Changes: []fuzz.Change{
		{Kind: fuzz.KindPlain, At: 0x8020 + 8, Data: fuzz.Hex{0, 0x30}, Of: 0x8000, Repair: []fuzz.Repair{fuzz.RepairMD5}},
		{Kind: fuzz.KindPlain, At: 0xD000, Data: fuzz.Hex{3}, Of: 0xD000, Repair: []fuzz.Repair{fuzz.RepairCRC}},
		{Kind: fuzz.KindFlip, At: 0x20000 + 0x500, Data: fuzz.Hex{1, 2, 3}, Of: 0x20000, Repair: []fuzz.Repair{fuzz.RepairChecksum, fuzz.RepairHash}},
	}})
	require.NoError(t, err)
	read := func(at uint32, n int) []byte {
		b := make([]byte, n)
		d.Cached().Read(at, b)
		return b
	}
	table, err := parttable.Decode(read(0x8000, parttable.MaxLength))
	require.NoError(t, err)
	require.True(t, table.MD5)
	require.Equal(t, uint32(0x3000), table.Entries[1].Size)
	require.Equal(t, otadata.New(3, otadata.StateUndefined), otadata.Decode(read(0xD000, 32)))
	im, err := espimage.Parse(read(0x20000, 0x10000))
	require.NoError(t, err)
	require.True(t, im.ChecksumOK() && im.HashOK())
	require.NotEqual(t, s.Fingerprint(), "")
}

// TestFieldsAreSet to the value of the change, whatever was burnt before.
func TestFieldsAreSet(t *testing.T) {
	s := smallSubjects(t)[2]
	require.EqualValues(t, 0xF, s.Device.Efuses.CryptConfig())
	d, err := s.Apply(fuzz.Mutation{Changes: []fuzz.Change{{Kind: fuzz.KindEfuse, Field: "FLASH_CRYPT_CONFIG", Value: 0x5}}})
	require.NoError(t, err)
	require.EqualValues(t, 0x5, d.Efuses.CryptConfig())
}

// TestSenselessChangesAreErrors refuses what no campaign draws.
func TestSenselessChangesAreErrors(t *testing.T) {
	s := smallSubjects(t)[0]
	for _, c := range []fuzz.Change{
		{Kind: "other"}, {Kind: fuzz.KindErase, At: 1 << 24, Size: 16}, {Kind: fuzz.KindErase, Size: 1 << 30}, {Kind: fuzz.KindSeal, Field: "badly", Size: 16},
		{Kind: fuzz.KindPart, Part: "nobody/nothing"}, {Kind: fuzz.KindEfuse, Field: "NO_SUCH"}, {Kind: fuzz.KindEfuse, Field: "BLOCK1"},
		{Kind: fuzz.KindKey, Field: "lost"}, {Kind: fuzz.KindChip, Field: "colour"}, {Kind: fuzz.KindPlain, Data: fuzz.Hex{1}, Repair: []fuzz.Repair{"luck"}},
	} {
		_, err := s.Apply(fuzz.Mutation{Changes: []fuzz.Change{c}})
		var ce *fuzz.ChangeError
		require.ErrorAs(t, err, &ce, "%+v", c)
	}
	_, err := fuzz.Replay(fuzz.Case{Mutation: fuzz.Mutation{Lot: "nobody"}}, smallSubjects(t)[:1], nil)
	require.ErrorContains(t, err, "there is no lot")
}

// FuzzDevice decodes bytes into a structured mutation of one of the small
// devices, with Secure Boot and without, and asks every judge.
func FuzzDevice(f *testing.F) {
	s, err := fuzz.NewSubjects(append(regress.Small(), regress.Signed()...), nil, regress.Signers()...)
	require.NoError(f, err)
	for i := range byte(16) {
		f.Add([]byte{i, i * 16, i, 7, 1, i, 0x80, i, 3, 0xFF, i})
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := fuzz.Draw(b, s)
		for _, sub := range s {
			if sub.Name != m.Lot {
				continue
			}
			if failure := sub.Judge(m, oracle.Second{}); failure != nil {
				t.Fatalf("%s: %s\n%s", failure.Oracle, failure.Message, fuzz.Case{Oracle: failure.Oracle, Mutation: m}.Token())
			}
		}
	})
}

// FuzzToken reads any word as a token, and any text as a case.
func FuzzToken(f *testing.F) {
	f.Add(fuzz.Case{Oracle: "x", Mutation: fuzz.Mutation{Lot: "a", Changes: []fuzz.Change{{Kind: fuzz.KindFlip, At: 1, Data: fuzz.Hex{1}}}}}.Token())
	f.Add("fuzz1:AAAA")
	f.Add(`{"oracle":"flip","mutation":{"lot":"a","changes":[]}}`)
	s := smallSubjects(f)[0]
	f.Fuzz(func(t *testing.T, word string) {
		c, err := fuzz.ParseToken(word)
		if err != nil {
			if c, err = fuzz.ParseCase([]byte(word)); err != nil {
				return
			}
		}
		if len(c.Mutation.Changes) > 4 {
			return
		}
		if _, err := s.Apply(c.Mutation); err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}

// FuzzResult reads any text as a campaign's result; what is read is written the
// same.
func FuzzResult(f *testing.F) {
	f.Add([]byte(`{"schema":"` + fuzz.SchemaID + `","seed":1,"runs":2,"devices":[],"done":2,"behaviours":{"a":1},"corpus":[],"failures":[]}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := fuzz.ParseResult(raw)
		if err != nil {
			return
		}
		once := r.JSON()
		again, err := fuzz.ParseResult(once)
		require.NoError(t, err)
		require.Equal(t, string(once), string(again.JSON()))
		_, _ = fuzz.Merge([]*fuzz.Result{r})
	})
}
