package main

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/fixtures/regress"
	"github.com/bootsim/bootsim/fixtures/signing"
)

// signedSet writes a lot with Secure Boot V1 and the key that its apps are signed
// with. It returns the bytes of the key that must never be shown.
func signedSet(t *testing.T, h *harness, dir, key string) (secret []byte) {
	t.Helper()
	l := regress.Signed()[0]
	h.write(t, dir+"/fuses.bin", l.Efuses.Dump())
	text := "version: 1\nlots:\n  - name: signed\n    flash_size: 1MB\n    chip_revision: v1.0\n    efuse: {dump: fuses.bin}\n" +
		"    secure_boot_key: boot.bin\n    partition_table_offset: 0xC000\n    bootloader: {rollback: false}\n    flash:\n"
	for _, p := range l.Contents {
		h.write(t, dir+"/"+p.File, p.Data)
		text += fmt.Sprintf("      - {file: %s, at: 0x%x}\n", p.File, p.Address)
	}
	raw := l.Efuses.HardwareBootKey().Bytes()
	h.write(t, dir+"/boot.bin", raw[:])
	h.write(t, dir+"/bootsim.yaml", []byte(text))
	private := signing.EC("regress")
	der, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	h.write(t, key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
	secret, err = private.Bytes()
	require.NoError(t, err)
	return secret
}

// TestSigningKeySigns: with the private key of the images a changed app that is
// signed anew boots; without it the mutation is refused, and the option named. The
// key is neither shown nor in any result.
func TestSigningKeySigns(t *testing.T) {
	h := newHarness("", nil)
	secret := signedSet(t, h, "set", "app.pem")
	runs := strconv.Itoa(2 * fuzz.ChunkSize)
	require.Equal(t, exitOK, h.call("fuzz", "set", "--runs", runs, "--signing-key", "app.pem", "-o", "with.json"), "%s%s", h.out, h.err)
	require.Contains(t, contents(t, h.fs)["with.json"], `"passes": true`)
	requireNoSecret(t, secret, h.out.String()+h.err.String()+contents(t, h.fs)["with.json"])

	c := fuzz.Case{Oracle: fuzz.OracleFlip, Mutation: fuzz.Mutation{Lot: "signed", Changes: []fuzz.Change{
		{Kind: fuzz.KindFlip, At: 0x30400, Data: fuzz.Hex{4}, Of: 0x30000, Repair: []fuzz.Repair{fuzz.RepairChecksum, fuzz.RepairHash}},
		{Kind: fuzz.KindSign, Field: fuzz.SignOwn, At: 0x30000},
	}}}
	for _, replay := range [][]string{{"replay"}, {"fuzz", "replay"}} {
		require.Equal(t, exitUsage, h.call(append(replay, c.Token(), "set")...))
		require.Contains(t, h.err.String(), "--signing-key")
		require.Equal(t, exitOK, h.call(append(replay, c.Token(), "set", "--signing-key", "app.pem")...), "%s%s", h.out, h.err)
		require.Contains(t, h.out.String(), "Loaded app from partition at offset 0x30000")
		require.Contains(t, h.out.String(), "every judge is content")
		requireNoSecret(t, secret, h.out.String()+h.err.String())
	}
}

func requireNoSecret(t *testing.T, secret []byte, text string) {
	t.Helper()
	require.NotContains(t, strings.ToLower(text), fmt.Sprintf("%x", secret))
	require.NotContains(t, text, base64.StdEncoding.EncodeToString(secret)[:40])
}

// aFailure is a result with one.
func aFailure(t *testing.T) *fuzz.Result {
	t.Helper()
	r, err := fuzz.ParseResult([]byte(`{"schema": "` + fuzz.SchemaID + `", "runs": 1, "done": 1, "failures": [{"oracle": "flip", "message": "boots", "token": "fuzz1:x"}]}`))
	require.NoError(t, err)
	return r
}

// TestFuzzReplayLineIsWhole: a failure is repeated by the line that is printed, which
// has the images, the keys and all that was said of the device.
func TestFuzzReplayLineIsWhole(t *testing.T) {
	var f fuzzFlags
	fs := pflag.NewFlagSet("fuzz", pflag.ContinueOnError)
	f.register(fs)
	require.NoError(t, fs.Parse([]string{"my set", "--runs", "9", "--seed", "2", "--signing-key", "app.pem", "--signing-key", "b.pem", "--rollback", "on", "--workers", "1"}))
	h := newHarness("", nil)
	require.ErrorIs(t, h.fuzzed(aFailure(t), "", f.again(fs)), errFindings)
	require.Contains(t, h.out.String(), "\n  bootsim replay 'fuzz1:x' 'my set' --rollback on --signing-key app.pem --signing-key b.pem\n")
	h.out.Reset()
	require.ErrorIs(t, h.fuzzed(aFailure(t), "", ""), errFindings)
	require.Contains(t, h.out.String(), "\n  bootsim replay 'fuzz1:x'\n")
}

// readless is a file system on which some names are no files, and may not be read.
type readless struct {
	afero.Fs
	t    *testing.T
	mode map[string]fs.FileMode
}

func (r readless) Stat(name string) (fs.FileInfo, error) {
	info, err := r.Fs.Stat(name)
	if mode, ok := r.mode[name]; ok && err == nil {
		return moded{info, mode}, nil
	}
	return info, err
}

func (r readless) Open(name string) (afero.File, error) {
	require.NotContains(r.t, r.mode, name, "a pipe has no end")
	return r.Fs.Open(name)
}

func (r readless) OpenFile(name string, flag int, perm fs.FileMode) (afero.File, error) {
	if flag&os.O_WRONLY != 0 && r.mode[name]&fs.ModeIrregular != 0 {
		return nil, errors.New("no space left on device")
	}
	return r.Fs.OpenFile(name, flag, perm)
}

type moded struct {
	fs.FileInfo
	mode fs.FileMode
}

func (m moded) Mode() fs.FileMode { return m.mode }

// TestOutputsThatAreNoFiles: what is written to a pipe or a device is not read first,
// and what cannot be written is shown all the same: a campaign may have taken hours.
func TestOutputsThatAreNoFiles(t *testing.T) {
	h := newHarness("", nil)
	smallSet(t, h, "set")
	h.write(t, "pipe", []byte("what somebody else wrote"))
	h.write(t, "full", nil)
	h.fs = readless{h.fs, t, map[string]fs.FileMode{"pipe": fs.ModeNamedPipe, "full": fs.ModeIrregular}}
	h.app.fs = h.fs
	require.Equal(t, exitOK, h.call("fuzz", "set", "--runs", "1", "-o", "pipe"), "%s", h.err)
	require.Equal(t, exitOK, h.call("check", "set", "--output", "json=pipe", "-q"), "%s", h.err)
	require.Equal(t, exitOK, h.call("fuzz", "set", "--runs", "1", "-o", "new/folder/r.json"), "%s", h.err)
	require.NotEqual(t, exitOK, h.call("fuzz", "set", "--runs", "1", "-o", "full"))
	require.Contains(t, h.out.String(), "1 runs")
	require.Contains(t, h.err.String(), "no space left")
	require.Equal(t, exitUsage, h.call("fuzz", "set", "--runs", "1", "-o", "set"))
	require.Contains(t, h.err.String(), "that is a folder")
	require.Empty(t, h.out.String())
}

// TestOutputIsLookedAtFirst refuses a file that is no result before any run.
func TestOutputIsLookedAtFirst(t *testing.T) {
	h := newHarness("", map[string]string{"TERMINAL": "1"})
	smallSet(t, h, "set")
	h.write(t, "notes.txt", []byte("hello"))
	require.Equal(t, exitUsage, h.call("fuzz", "set", "--runs", "1", "-o", "notes.txt"))
	require.Contains(t, h.err.String(), "no result of `bootsim fuzz`")
	require.NotContains(t, h.err.String(), " runs")
	require.Empty(t, h.out.String())
}
