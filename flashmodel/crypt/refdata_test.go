package crypt_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
)

// encryptRow is one run of the reference tool's encrypt_flash_data.
type encryptRow struct {
	Key, Plain string
	Address    uint32
	Conf       uint8
	DetLen     int `json:"det_len"` // bytes that do not depend on random padding
	SHA256     string
	File, Hex  string
	Over16M    bool `json:"over_16m"`
}

// toolRun is what the reference tool did with a command.
type toolRun struct {
	RC        int
	OutSHA256 string `json:"out_sha256"`
}

type textRow struct {
	ID          string
	Cmd         string            `json:"cmd_v5"`
	ExtraInputs map[string]string `json:"extra_inputs"`
	V4, V5      toolRun
}

type index struct {
	Encrypt []encryptRow
	Texts   []textRow
}

func readIndex(t testing.TB) index {
	var ix index
	refdata.JSON(t, &ix, "espsecure", "index.json")
	return ix
}

func readKey(t testing.TB, name string) crypt.Key {
	k, err := crypt.ParseKey(refdata.Read(t, "espsecure", name))
	require.NoError(t, err)
	return k
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Every recorded run of the tool is reproduced byte for byte.
func TestReferenceToolEncrypts(t *testing.T) {
	rows := readIndex(t).Encrypt
	require.Len(t, rows, 384)
	over := 0
	for _, r := range rows {
		c := crypt.NewReferenceTool(readKey(t, r.Key), crypt.Config(r.Conf))
		plain := refdata.Read(t, "espsecure", r.Plain)[:r.DetLen]
		got := make([]byte, len(plain))
		require.NoError(t, c.Encrypt(r.Address, got, plain))
		checkRow(t, r, got)
		require.NoError(t, c.Decrypt(r.Address, got, got))
		require.Equal(t, plain, got, "%+v", r)
		if r.Over16M {
			over++
		}
	}
	require.Equal(t, 48, over)
}

func checkRow(t *testing.T, r encryptRow, got []byte) {
	t.Helper()
	require.Equal(t, r.SHA256, sum(got), "%+v", r)
	if r.Hex != "" {
		require.Equal(t, r.Hex, hex.EncodeToString(got), "%+v", r)
	}
	if r.File != "" {
		require.Equal(t, refdata.Read(t, "espsecure", r.File), got, "%+v", r)
	}
}

// The hardware agrees with the tool below 16 MB, and beyond takes the address
// without the bits that the tool spills.
func TestHardwareAndReferenceTool(t *testing.T) {
	for _, r := range readIndex(t).Encrypt {
		k := readKey(t, r.Key)
		plain := refdata.Read(t, "espsecure", r.Plain)[:r.DetLen]
		got, alias, tool := make([]byte, len(plain)), make([]byte, len(plain)), make([]byte, len(plain))
		require.NoError(t, crypt.New(k, crypt.Config(r.Conf)).Encrypt(r.Address, got, plain))
		require.NoError(t, crypt.New(k, crypt.Config(r.Conf)).Encrypt(r.Address&0xffffff, alias, plain))
		require.NoError(t, crypt.NewReferenceTool(k, crypt.Config(r.Conf)).Encrypt(r.Address&0xffffff, tool, plain))
		require.Equal(t, alias, got, "%+v", r)
		require.Equal(t, tool, got, "%+v", r)
		switch {
		case !r.Over16M || r.Conf == 0:
			checkRow(t, r, got)
		default:
			require.NotEqual(t, r.SHA256, sum(got), "%+v", r)
		}
	}
}

var option = regexp.MustCompile(`--(keyfile|address|flash-crypt-conf) (\S+)`)

// The tool's commands about keys, addresses and lengths: what it accepts gives
// the same bytes, what it refuses is refused, but for 16-byte keys, which it
// knows for other chips only.
func TestToolCommands(t *testing.T) {
	rows := readIndex(t).Texts
	require.NotEmpty(t, rows)
	for _, r := range rows {
		t.Run(r.ID, func(t *testing.T) {
			require.Equal(t, r.V4, r.V5, "the two tools agree")
			out, err := runCommand(t, r)
			switch {
			case r.ID == "enc-key-16":
				require.NoError(t, err)
			case r.V5.RC != 0:
				requireTyped(t, err)
			default:
				require.NoError(t, err)
				requireOutput(t, r.V5.OutSHA256, out)
			}
		})
	}
}

func requireTyped(t *testing.T, err error) {
	t.Helper()
	var length *crypt.KeyLengthError
	var align *crypt.AlignError
	require.True(t, errors.As(err, &length) || errors.As(err, &align), "got %v", err)
}

func requireOutput(t *testing.T, want string, out []byte) {
	t.Helper()
	if want == "" { // the tool leaves no digest of an empty file
		require.Empty(t, out)
		return
	}
	require.Equal(t, want, sum(out))
}

// runCommand does what a line of the reference tool asks for.
func runCommand(t *testing.T, r textRow) ([]byte, error) {
	opts := map[string]string{"flash-crypt-conf": "0xf"}
	for _, m := range option.FindAllStringSubmatch(r.Cmd, -1) {
		opts[m[1]] = m[2]
	}
	k, err := crypt.ParseKey(commandInput(t, r, opts["keyfile"]))
	if err != nil {
		return nil, err
	}
	addr, err := strconv.ParseUint(opts["address"], 0, 32)
	require.NoError(t, err)
	conf, err := strconv.ParseUint(opts["flash-crypt-conf"], 0, 8)
	require.NoError(t, err)
	in := commandInput(t, r, r.Cmd[strings.LastIndex(r.Cmd, " ")+1:])
	out := make([]byte, len(in))
	c := crypt.NewReferenceTool(k, crypt.Config(conf))
	if strings.Contains(r.Cmd, "decrypt-") {
		return out, c.Decrypt(uint32(addr), out, in)
	}
	return out, c.Encrypt(uint32(addr), out, in)
}

func commandInput(t *testing.T, r textRow, name string) []byte {
	if text, ok := r.ExtraInputs[name]; ok {
		b, err := hex.DecodeString(text)
		require.NoError(t, err)
		return b
	}
	return refdata.Read(t, "espsecure", name)
}
