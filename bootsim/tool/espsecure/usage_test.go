package espsecure_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var commandNames = []string{"decrypt-flash-data", "digest-private-key", "digest-rsa-public-key", "digest-sbv2-public-key",
	"digest-secure-bootloader", "encrypt-flash-data", "extract-public-key", "generate-flash-encryption-key",
	"generate-signing-key", "sign-data", "signature-info-v2", "verify-signature"}

// Every command has a help page that names its options.
func TestHelp(t *testing.T) {
	b := newBench(t)
	b.must(t, "-h")
	for _, name := range commandNames {
		require.Contains(t, b.stdout.String(), "  "+name)
	}
	for _, name := range commandNames {
		b.must(t, name+" --help")
		require.Contains(t, b.stdout.String(), "Usage: bootsim espsecure "+name)
		b.must(t, strings.ReplaceAll(name, "-", "_")+" -h")
		require.Contains(t, b.stdout.String(), "is deprecated. Use '"+name+"' instead.")
	}
	b.must(t, "encrypt-flash-data -h")
	require.Contains(t, b.stdout.String(), "--flash-crypt-conf NUMBER")
}

func TestMisuse(t *testing.T) {
	b := newBench(t)
	b.fails(t, 2, "No such command 'bogus'.", "bogus k1.bin")
	b.fails(t, 2, "No such option: --bogus", "--bogus")
	b.fails(t, 2, "Missing option '--keyfile' / '-k'.", "encrypt-flash-data k1.bin")
	b.fails(t, 2, "'.': Is a directory", "signature-info-v2 .")
	b.fails(t, 2, "'3' is not one of '1', '2'.", "verify-signature -v 3 p16.bin")
	b.fails(t, 2, "Missing option '--version' / '-v'. Choose from: 1, 2", "verify-signature p16.bin")
}

// An output that is the input by another name is refused as well.
func TestOutputIsInputThroughLink(t *testing.T) {
	b := newBench(t)
	require.NoError(t, os.Link(filepath.Join(b.dir, "plain.bin"), filepath.Join(b.dir, "hard.bin")))
	before := b.read(t, "plain.bin")
	b.fails(t, 2, "should not be the same", "encrypt-flash-data -k k1.bin -a 0 -o hard.bin plain.bin")
	require.Equal(t, before, b.read(t, "plain.bin"))
}

// IVs shorter than the chip's are for the reference's tests only.
func TestShortIV(t *testing.T) {
	b := newBench(t)
	b.write(t, "iv32.bin", make([]byte, 32))
	b.must(t, "digest-secure-bootloader -k k2.bin --iv iv32.bin -o x.bin boot-pad.bin")
	require.Contains(t, b.stderr.String(), "no device will accept this digest")
	got := b.read(t, "x.bin")
	require.Len(t, got, 4096+1408)
	require.Equal(t, bytes.Repeat([]byte{0xFF}, 4096-96), got[96:4096])
	b.write(t, "iv33.bin", make([]byte, 33))
	b.fails(t, 2, "IV file contains wrong length (33 bytes), 128 expected.", "digest-secure-bootloader -k k2.bin --iv iv33.bin -o y.bin boot-pad.bin")
	b.fails(t, 2, "Invalid firmware image", "digest-secure-bootloader -k k2.bin -o y.bin cut.bin", withFile(b, "cut.bin", b.read(t, "boot-pad.bin")[:100]))
}

// AES-XTS is what newer chips have: what it refuses, and that it comes back.
func TestXTS(t *testing.T) {
	b := newBench(t)
	b.write(t, "k64.bin", append(b.read(t, "k1.bin"), b.read(t, "k2.bin")...))
	for _, key := range []string{"k16.bin", "k1.bin", "k64.bin"} {
		b.must(t, "encrypt-flash-data --aes-xts -k "+key+" -a 0x10070 -o c.bin plain.bin")
		require.Contains(t, b.stderr.String(), "classic ESP32 reads noise")
		require.NotEqual(t, b.read(t, "plain.bin"), b.read(t, "c.bin"))
		b.must(t, "decrypt-flash-data -x -k "+key+" -a 0x10070 -o d.bin c.bin")
		require.Equal(t, b.read(t, "plain.bin"), b.read(t, "d.bin"))
	}
	opts := "encrypt-flash-data -x -o y.bin "
	b.fails(t, 2, "AES_XTS supports only", opts+"-k k24.bin -a 0 plain.bin")
	b.fails(t, 2, "wrong length (100 bytes)", opts+"-k p100.bin -a 0 plain.bin")
	b.fails(t, 2, "Input data length (100) must be a multiple of 16.", opts+"-k k1.bin -a 0 p100.bin")
	b.fails(t, 2, "Input data must be longer than 0.", opts+"-k k1.bin -a 0 p0.bin", withFile(b, "p0.bin", nil))
	b.fails(t, 1, "does not fit 32 bits", opts+"-k k1.bin -a 0x100000000 plain.bin")
}

// "-" is standard output.
func TestStandardOutput(t *testing.T) {
	b := newBench(t)
	b.must(t, "encrypt-flash-data -k k1.bin -a 0x10000 -o a.bin plain.bin")
	b.must(t, "encrypt-flash-data -k k1.bin -a 0x10000 -o - plain.bin")
	require.True(t, bytes.HasSuffix(b.stdout.Bytes(), b.read(t, "a.bin")))
}
