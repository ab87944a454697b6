package espsecure_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
)

// Keys and signatures follow from the source of random bytes that the
// environment gives, every one of them, and are good.
func TestKeysAndSignaturesRepeat(t *testing.T) {
	image := bytes.Repeat([]byte{1, 2, 3, 4}, 1<<10)
	made := func(seed byte, version, scheme string) [2]string {
		fs := afero.NewMemMapFs()
		require.NoError(t, afero.WriteFile(fs, "image", image, 0o644))
		var said bytes.Buffer
		env := cli.Env{FS: fs, Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Prog: "espsecure", Random: rand.NewChaCha8([32]byte{seed})}
		for _, line := range []string{
			"generate-signing-key --version " + version + scheme + " key.pem",
			"sign-data --version " + version + " --keyfile key.pem --output signed image",
			"verify-signature --version " + version + " --keyfile key.pem signed",
		} {
			require.Zero(t, espsecure.Run(env, strings.Fields(line)), "%s: %s", line, said.String())
		}
		key, err := afero.ReadFile(fs, "key.pem")
		require.NoError(t, err)
		signed, err := afero.ReadFile(fs, "signed")
		require.NoError(t, err)
		return [2]string{string(key), string(signed)}
	}
	for _, c := range [][2]string{{"1", ""}, {"2", ""}, {"2", " --scheme ecdsa256"}, {"2", " --scheme ecdsa384"}} {
		first, again, other := made(1, c[0], c[1]), made(1, c[0], c[1]), made(2, c[0], c[1])
		require.Equal(t, first, again)
		require.NotEqual(t, first[0], other[0])
		require.NotEqual(t, first[1], other[1])
	}
}
