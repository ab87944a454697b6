package crypt_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Decrypting what was encrypted gives it back, whatever the pieces in which
// either is done, in place or not.
func TestDecryptUndoesEncrypt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, addr := parse(t, genKey(t)), genAddr(t)
		p := rapid.SliceOfN(rapid.Byte(), 0, 1024).Draw(t, "plain")
		p = p[:len(p)&^15]
		c := crypt.New(k, crypt.Config(rapid.Uint8().Draw(t, "config")))
		if rapid.Bool().Draw(t, "tool") {
			c = crypt.NewReferenceTool(k, crypt.FullConfig)
		}
		whole := make([]byte, len(p))
		require.NoError(t, c.Encrypt(addr, whole, p))

		cut := rapid.IntRange(0, len(p)/16).Draw(t, "cut") * 16
		parts := slices.Clone(p)
		require.NoError(t, c.Encrypt(addr, parts[:cut], parts[:cut]))
		require.NoError(t, c.Encrypt(addr+uint32(cut), parts[cut:], parts[cut:]))
		require.Equal(t, whole, parts)

		require.NoError(t, c.Decrypt(addr, parts, whole))
		require.Equal(t, p, parts)
	})
}

// The reference tool leaves the hardware's pattern with the first block past
// 16 MB, however few of them are asked for, and not before.
func TestToolSpillsFromTheFirstBlock(t *testing.T) {
	k, err := crypt.ParseKey(bytes.Repeat([]byte{0x5A}, crypt.KeySize))
	require.NoError(t, err)
	const end = 16 << 20
	for _, path := range crypt.Paths() {
		for _, addr := range []uint32{end - 32, end - 16, end, end + 16, end + 32} {
			for _, n := range []int{16, 32} {
				chip, tool := make([]byte, n), make([]byte, n)
				require.NoError(t, crypt.New(k, crypt.FullConfig).Encrypt(addr, chip, chip))
				require.NoError(t, crypt.NewOn(path, k, crypt.FullConfig, true).Encrypt(addr, tool, tool))
				require.Equal(t, addr+uint32(n) <= end, bytes.Equal(chip, tool), "%s: %d bytes at 0x%08x", path, n, addr)
			}
		}
	}
}

// Configuration 0 knows no address: equal blocks encrypt equally everywhere
// (spec 0.20). With any other the same block differs from unit to unit.
func TestConfigZero(t *testing.T) {
	block := bytes.Repeat([]byte{0x5A}, 16)
	for conf := range crypt.Config(16) {
		c := crypt.New(crypt.Key{}, conf)
		out := make([]byte, 1<<16)
		require.NoError(t, c.Encrypt(0x7e0000, out, bytes.Repeat(block, len(out)/16)))
		seen := map[string]bool{}
		for i := 0; i < len(out); i += 32 {
			require.Equal(t, out[i:i+16], out[i+16:i+32], "both halves of a unit share a key")
			seen[string(out[i:i+16])] = true
		}
		want := len(out) / 32
		if conf == 0 {
			want = 1
		}
		require.Len(t, seen, want, "config %d", conf)
	}
}

// Addresses 16 MB apart share their key (spec 0.19), also across the seam.
func TestAliases(t *testing.T) {
	c := crypt.New(crypt.Key{}, crypt.FullConfig)
	p := make([]byte, 4096)
	seam, low, high := make([]byte, 4096), make([]byte, 2048), make([]byte, 2048)
	require.NoError(t, c.Encrypt(0x1000000-2048, seam, p))
	require.NoError(t, c.Encrypt(0x3000000-2048, low, p[:2048]))
	require.NoError(t, c.Encrypt(0x5000000, high, p[:2048]))
	require.Equal(t, seam, append(low, high...))
}

func TestRefusals(t *testing.T) {
	c := crypt.New(crypt.Key{}, crypt.FullConfig)
	b := make([]byte, 64)
	for _, crypts := range []func(uint32, []byte, []byte) error{c.Encrypt, c.Decrypt} {
		var align *crypt.AlignError
		require.ErrorAs(t, crypts(0x10008, b, b), &align)
		require.ErrorContains(t, crypts(0x10008, b, b), "0x00010008")
		require.ErrorAs(t, crypts(0x10000, b, b[:17]), &align)
		var short *crypt.ShortError
		require.ErrorAs(t, crypts(0x10000, b[:16], b[:32]), &short)
		require.NoError(t, crypts(0x10010, b, nil))
		require.Equal(t, make([]byte, 64), b, "nothing was written")
	}
}

// Bytes of dst behind the source's length are not the cipher's.
func TestLongDestination(t *testing.T) {
	c := crypt.New(crypt.Key{}, crypt.FullConfig)
	for _, addr := range []uint32{0, 0x10} {
		for n := 0; n <= 96; n += 16 {
			dst := bytes.Repeat([]byte{0xEE}, 128)
			require.NoError(t, c.Decrypt(addr, dst, make([]byte, n)))
			require.Equal(t, bytes.Repeat([]byte{0xEE}, 128-n), dst[n:])
		}
	}
}

func TestCipherAllocatesNothing(t *testing.T) {
	c, tool := crypt.New(crypt.Key{}, crypt.FullConfig), crypt.NewReferenceTool(crypt.Key{}, crypt.FullConfig)
	b := make([]byte, 4096+48)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		_ = c.Encrypt(0x10, b, b)
		_ = c.Decrypt(0x20, b, b)
		_ = tool.Encrypt(0x1000010, b, b)
	}))
}

func TestCipherConcurrently(t *testing.T) {
	c := crypt.New(crypt.Key{}, crypt.FullConfig)
	want := make([]byte, 4096)
	require.NoError(t, c.Encrypt(0x1000, want, make([]byte, 4096)))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got := make([]byte, 4096)
			if err := c.Encrypt(0x1000, got, got); err != nil || !bytes.Equal(want, got) {
				t.Errorf("got another ciphertext, error %v", err)
			}
		})
	}
	wg.Wait()
}
