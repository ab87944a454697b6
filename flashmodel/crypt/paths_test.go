package crypt_test

import (
	"bytes"
	"testing"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// eachPath runs a test once for every path of this machine.
func eachPath(t *testing.T, f func(t *testing.T, path string)) {
	require.Equal(t, "plain", crypt.Paths()[0])
	for _, p := range crypt.Paths() {
		t.Run(p, func(t *testing.T) { f(t, p) })
	}
}

// either is one of the two directions.
type either struct {
	name string
	do   func(*crypt.Cipher, uint32, []byte, []byte) error
}

var directions = []either{{"encrypt", (*crypt.Cipher).Encrypt}, {"decrypt", (*crypt.Cipher).Decrypt}}

// Every path is the specification's cipher, in place or from one unaligned
// buffer to another.
func TestPathsAreTheSpecification(t *testing.T) {
	eachPath(t, func(t *testing.T, path string) {
		rapid.Check(t, func(t *rapid.T) {
			b, addr, p := genKey(t), genAddr(t), genBlocks(t)
			conf := crypt.Config(rapid.Uint8Range(0, 15).Draw(t, "config"))
			c := crypt.NewOn(path, parse(t, b), conf, false)
			for i, d := range directions {
				want := specCrypt(b, conf, addr, p, i == 0)
				got, from := shifted(t, p), shifted(t, p)
				require.NoError(t, d.do(c, addr, got, from))
				require.Equal(t, want, got, d.name)
				require.Equal(t, p, from)
				require.NoError(t, d.do(c, addr, from, from))
				require.Equal(t, want, from, "%s in place", d.name)
			}
		})
	})
}

// shifted returns a copy of p at any alignment.
func shifted(t *rapid.T, p []byte) []byte {
	at := rapid.IntRange(0, 63).Draw(t, "shift")
	return append(make([]byte, at, at+len(p)), p...)[at:]
}

// Wherever a piece begins and ends, block by block, it comes out as in the
// whole, for every kernel, in and out of groups, across the seam at 16 MB.
func TestEveryPiece(t *testing.T) {
	const first, size = 0x1000000 - 1024, 3072
	k, err := crypt.ParseKey([]byte("0123456789abcdef0123456789ABCDEF"))
	require.NoError(t, err)
	src := make([]byte, size)
	for i := range src {
		src[i] = byte(i * i >> 3)
	}
	eachPath(t, func(t *testing.T, path string) {
		c, plain := crypt.NewOn(path, k, 0xB, false), crypt.NewOn("plain", k, 0xB, false)
		for _, d := range directions {
			want := make([]byte, size)
			require.NoError(t, d.do(plain, first, want, src))
			got, bare := make([]byte, size), make([]byte, size)
			for from := 0; from < 1024; from += 16 {
				for to := from; to <= size; to += 32 {
					clear(got)
					require.NoError(t, d.do(c, first+uint32(from), got[from:], src[from:to]))
					same := bytes.Equal(want[from:to], got[from:to])
					if !same || !bytes.Equal(bare[:from], got[:from]) || !bytes.Equal(bare[to:], got[to:]) {
						t.Fatalf("%s of 0x%x to 0x%x differs", d.name, first+from, first+to)
					}
				}
			}
		}
	})
}

// Every recorded run of the reference tool comes out the same on every path.
func TestPathsReproduceReferenceTool(t *testing.T) {
	rows := readIndex(t).Encrypt
	eachPath(t, func(t *testing.T, path string) {
		for _, r := range rows {
			c := crypt.NewOn(path, readKey(t, r.Key), crypt.Config(r.Conf), true)
			plain := refdata.Read(t, "espsecure", r.Plain)[:r.DetLen]
			got := make([]byte, len(plain))
			require.NoError(t, c.Encrypt(r.Address, got, plain))
			checkRow(t, r, got)
			require.NoError(t, c.Decrypt(r.Address, got, got))
			require.Equal(t, plain, got, "%+v", r)
		}
	})
}

func TestPathsAllocateNothing(t *testing.T) {
	eachPath(t, func(t *testing.T, path string) {
		c, tool := crypt.NewOn(path, crypt.Key{}, 0xF, false), crypt.NewOn(path, crypt.Key{}, 0xF, true)
		b := make([]byte, 4096+48)
		require.Zero(t, testing.AllocsPerRun(10, func() {
			_ = c.Encrypt(0x10, b, b)
			_ = c.Decrypt(0x20, b, b)
			_ = tool.Encrypt(0x1000010, b, b)
		}))
	})
}

// A cipher that New returns takes the best path; a zero one still works.
func TestZeroCipher(t *testing.T) {
	var zero crypt.Cipher
	got, want := make([]byte, 64), make([]byte, 64)
	require.NoError(t, zero.Encrypt(0x1000, got, got))
	require.NoError(t, crypt.New(crypt.Key{}, 0).Encrypt(0x1000, want, want))
	require.Equal(t, want, got)
}
