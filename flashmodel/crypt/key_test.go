package crypt_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseKeyLengths(t *testing.T) {
	file := []byte("0123456789abcdefghijklmnopqrstuvwxyz")
	k, err := crypt.ParseKey(file[:32])
	require.NoError(t, err)
	require.Equal(t, [32]byte(file[:32]), k.Bytes())

	k, err = crypt.ParseKey(file[:24])
	require.NoError(t, err)
	require.Equal(t, "0123456789abcdefghijklmn"+"89abcdef", string(bytesOf(k)))

	k, err = crypt.ParseKey(file[:16])
	require.NoError(t, err)
	require.Equal(t, sha256.Sum256(file[:16]), k.Bytes())

	for n := range len(file) {
		_, err := crypt.ParseKey(file[:n])
		if n == 16 || n == 24 || n == 32 {
			continue
		}
		var bad *crypt.KeyLengthError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, n, bad.Len)
	}
}

func bytesOf(k crypt.Key) []byte { b := k.Bytes(); return b[:] }

// BLOCK1 holds the key backwards (spec 4.6).
func TestKeyBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := genKey(t)
		k := parse(t, b)
		block := k.Block()
		for i := range block {
			require.Equal(t, b[31-i], block[i])
		}
		require.True(t, crypt.KeyFromBlock(block).Equal(k))
		require.True(t, k.Reversed().Reversed().Equal(k))
		require.Equal(t, k.Reversed().Equal(k), bytes.Equal(block[:], b[:]))
		require.Equal(t, b == [32]byte{}, k.IsZero())
	})
}

// Nothing that prints or marshals a key, alone or inside something, shows it.
func TestKeyIsNeverPrinted(t *testing.T) {
	k := parse(t, sha256.Sum256([]byte("any")))
	var out strings.Builder
	in := struct {
		K      crypt.Key
		P      *crypt.Key
		M      map[string]crypt.Key
		hidden crypt.Key // fmt calls no methods here
	}{k, &k, map[string]crypt.Key{"k": k}, k}
	for _, verb := range []string{"%v", "%+v", "%#v", "%x", "%X", "%s", "%q", "%d", "%c", "%U", "%b", "%o", "%08x", "%p"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", k, &k, []crypt.Key{k})
		fmt.Fprintf(&out, verb+"\n", in)
	}
	fmt.Fprintln(&out, k, k.String(), k.GoString(), fmt.Errorf("key: %w", fmt.Errorf("%v", k)))
	for _, v := range []any{k, &k, in} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		out.Write(b)
	}
	text, err := k.MarshalText()
	require.NoError(t, err)
	out.Write(text)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", k, "in", in)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "key", k, "in", in)
	requireNoTrace(t, k, out.String())
	require.Contains(t, out.String(), k.Fingerprint())
}

// requireNoTrace looks for any three bytes of a key in the forms that Go prints
// bytes in.
func requireNoTrace(t *testing.T, k crypt.Key, out string) {
	t.Helper()
	b := bytesOf(k)
	for i := 0; i+3 <= len(b); i++ {
		p := b[i : i+3]
		forms := []string{string(p), hex.EncodeToString(p), strings.ToUpper(hex.EncodeToString(p)), base64.StdEncoding.EncodeToString(p)}
		for _, form := range []string{"%d %d %d", "%d,%d,%d", "%#x, %#x, %#x", "%x %x %x", "%b %b %b", "%o %o %o", "%c %c %c", "%U %U %U", "%q %q %q"} {
			forms = append(forms, fmt.Sprintf(form, p[0], p[1], p[2]))
		}
		for _, form := range forms {
			require.NotContains(t, out, form)
		}
	}
}

// A cipher or a view prints no key either.
func TestCipherIsNeverPrinted(t *testing.T) {
	k := parse(t, sha256.Sum256([]byte("any")))
	c := crypt.New(k, crypt.FullConfig)
	v := crypt.NewView(nil, c)
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%x", "%s", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, c, *c, v, *v)
	}
	words := bytesOf(k)
	for i := 0; i < 32; i += 8 {
		var le uint64
		for j := range 8 {
			le |= uint64(words[i+j]) << (8 * j)
		}
		require.NotContains(t, out.String(), fmt.Sprint(le))
		require.NotContains(t, out.String(), fmt.Sprintf("%x", le))
	}
	requireNoTrace(t, k, out.String())
}

// The fingerprint is what its documentation says.
func TestFingerprint(t *testing.T) {
	s := sha256.Sum256(make([]byte, 32))
	require.Equal(t, hex.EncodeToString(s[:4]), crypt.Key{}.Fingerprint())
	require.Equal(t, "key 66687aad", crypt.Key{}.String())
}

func FuzzParseKey(f *testing.F) {
	for _, n := range []int{0, 16, 24, 31, 32, 33, 64} {
		f.Add(bytes.Repeat([]byte{0xA5}, n))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		k, err := crypt.ParseKey(file)
		if err != nil {
			require.NotContains(t, []int{16, 24, 32}, len(file))
			return
		}
		c := crypt.New(k, crypt.FullConfig)
		b := make([]byte, 64)
		require.NoError(t, c.Encrypt(0x1000, b, b))
		require.NotEqual(t, b[:16], b[32:48])
	})
}
