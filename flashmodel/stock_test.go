package flashmodel_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// stocked is files of a few sectors, some of which are the same or erased.
func stocked() [][]byte {
	var files [][]byte
	for i := range 3 {
		b := make([]byte, 3*flashmodel.SectorSize+48)
		for k := range b {
			b[k] = byte(k*7) ^ byte(k>>8)*byte(i+1)
		}
		copy(b[flashmodel.SectorSize:], bytes.Repeat([]byte{0xFF}, flashmodel.SectorSize))
		files = append(files, b)
	}
	copy(files[2], files[0][:flashmodel.SectorSize])
	return files
}

// ciphers are those of two keys with two configurations, and none.
func ciphers(t *testing.T) []*crypt.Cipher {
	var out []*crypt.Cipher
	for _, k := range []byte{1, 2} {
		key, err := crypt.ParseKey(bytes.Repeat([]byte{k}, crypt.KeySize))
		require.NoError(t, err)
		out = append(out, crypt.New(key, crypt.FullConfig), crypt.New(key, 0x3))
	}
	return append(out, nil)
}

// put is one write: encrypted, or as it is if there is no cipher.
func put(f *flashmodel.Flash, how int, at uint32, data []byte, c *crypt.Cipher) error {
	switch {
	case how == 0:
		if err := f.EraseRange(at, 4*flashmodel.SectorSize); err != nil {
			return err
		}
	case how == 1:
		return f.Place(at, data)
	}
	if c == nil {
		return f.Program(at, data)
	}
	return f.ProgramSealed(at, data, c, c.ID())
}

// A chip that is supplied from a stock does what one without does, operation by
// operation, whatever was written to the same place before and with whatever key,
// and the stock stays as it was. What is told to show the same does so, at any
// address, on any chip and through any cipher.
func TestStockChangesNothing(t *testing.T) {
	files, before, all := stocked(), stocked(), ciphers(t)
	stock := flashmodel.NewStock(files)
	shown := map[[sha256.Size]byte][]byte{}
	rapid.Check(t, func(rt *rapid.T) {
		var chips [2]*flashmodel.Flash
		for i := range chips {
			var err error
			chips[i], err = flashmodel.New(flashmodel.MinSize)
			require.NoError(rt, err)
		}
		chips[1].Supply(stock)
		for range rapid.IntRange(1, 10).Draw(rt, "writes") {
			at := rapid.Uint32Range(0, 2).Draw(rt, "sector") * flashmodel.SectorSize
			how, data := rapid.IntRange(0, 2).Draw(rt, "how"), rapid.SampledFrom(files).Draw(rt, "file")
			c := rapid.SampledFrom(all).Draw(rt, "cipher")
			var js [2]flashmodel.Journal
			for i := range chips {
				chips[i] = chips[i].Fork()
				chips[i].Attach(&js[i])
				require.NoError(rt, put(chips[i], how, at, data, c))
			}
			require.Equal(rt, js[0].Ops(), js[1].Ops())
		}
		require.Equal(rt, chips[0].Sum(), chips[1].Sum())
		for at := uint32(0); at < 6*flashmodel.SectorSize; at += flashmodel.SectorSize {
			for _, c := range all {
				h := sha256.New()
				if !chips[1].Made(h, at, flashmodel.SectorSize, c.ID()) {
					continue
				}
				name, b := [sha256.Size]byte(h.Sum(nil)), make([]byte, flashmodel.SectorSize)
				crypt.NewView(chips[1], c).Read(at, b)
				if have, ok := shown[name]; ok {
					require.Equal(rt, have, b)
				}
				shown[name] = b
			}
		}
	})
	require.Equal(t, before, files)
	require.Greater(t, len(shown), 10)
}

// A plaintext is the same under every key that it was encrypted with, and nothing
// was encrypted twice for one place.
func TestSealedSectorsAreMadeOnce(t *testing.T) {
	files, all := stocked(), ciphers(t)
	stock := flashmodel.NewStock(files)
	var names []string
	for i, c := range all[:3] {
		f, err := flashmodel.New(flashmodel.MinSize)
		require.NoError(t, err)
		f.Supply(stock)
		at, made := uint32(i+1)*flashmodel.SectorSize, &counting{Cipher: c}
		for range 3 {
			require.NoError(t, f.Fork().ProgramSealed(at, files[0][:flashmodel.SectorSize], made, c.ID()))
		}
		require.Equal(t, 1, made.calls)
		require.NoError(t, f.ProgramSealed(at, files[0][:flashmodel.SectorSize], made, c.ID()))
		h := sha256.New()
		require.True(t, f.Made(h, at, flashmodel.SectorSize, c.ID()))
		names = append(names, string(h.Sum(nil)))
		require.NoError(t, f.Program(at+100, []byte{0}))
		require.False(t, f.Made(h, at, flashmodel.SectorSize, c.ID()), "it is no longer what it was made of")
	}
	require.Equal(t, names[0], names[1])
	require.Equal(t, names[0], names[2])
}

type counting struct {
	*crypt.Cipher
	calls int
}

func (c *counting) Encrypt(addr uint32, dst, src []byte) error {
	c.calls++
	return c.Cipher.Encrypt(addr, dst, src)
}
