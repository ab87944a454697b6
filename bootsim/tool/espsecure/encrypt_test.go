package espsecure_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// encryptRow is one recorded run of encrypt_flash_data.
type encryptRow struct {
	Key, Plain string
	Address    uint32
	Conf       uint8
	Len        int
	DetLen     int `json:"det_len"` // bytes that do not depend on random padding
	SHA256     string
	Over16M    bool `json:"over_16m"`
}

func encryptRows(tb testing.TB) []encryptRow {
	var index struct{ Encrypt []encryptRow }
	refdata.JSON(tb, &index, "espsecure", "index.json")
	return index.Encrypt
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Every recorded run of encryption. Below 16 MB the file is the reference's.
// Beyond, where the reference makes what no chip can read, ours is what the chip
// reads, and the user is told; the recorded bytes are then what
// crypt.NewReferenceTool makes.
func TestRecordedEncryption(t *testing.T) {
	b, rows := newBench(t), encryptRows(t)
	tally := refdata.Count(t, "espsecure/encrypt", 384)
	for _, r := range rows {
		line := fmt.Sprintf("-k %s -a 0x%x --flash-crypt-conf %d -o ct.bin ", r.Key, r.Address, r.Conf)
		b.must(t, "encrypt-flash-data "+line+r.Plain)
		got := b.read(t, "ct.bin")
		require.Len(t, got, (r.Len+15)/16*16, "%+v", r)
		plain := b.read(t, r.Plain)[:r.DetLen]
		if !r.Over16M {
			require.Equal(t, r.SHA256, sum(got[:r.DetLen]), "%+v", r)
			require.Empty(t, b.stderr.String())
			tally.Equal()
		} else {
			require.Contains(t, b.stderr.String(), fmt.Sprintf("treated as 0x%08x", r.Address&0xffffff))
			requireBeyond(t, b, r, plain, got[:r.DetLen])
			tally.Differs("beyond 16 MB as the chip does")
		}
		b.must(t, strings.Replace("decrypt-flash-data "+line, "ct.bin", "pt.bin", 1)+"ct.bin")
		require.Equal(t, plain, b.read(t, "pt.bin")[:r.DetLen], "%+v", r)
	}
}

func requireBeyond(t *testing.T, b *bench, r encryptRow, plain, got []byte) {
	key, err := crypt.ParseKey(b.read(t, r.Key))
	require.NoError(t, err)
	chip, tool := make([]byte, len(plain)), make([]byte, len(plain))
	require.NoError(t, crypt.New(key, crypt.Config(r.Conf)).Encrypt(r.Address&0xffffff, chip, plain))
	require.NoError(t, crypt.NewReferenceTool(key, crypt.Config(r.Conf)).Encrypt(r.Address, tool, plain))
	require.Equal(t, chip, got, "%+v", r)
	require.Equal(t, r.SHA256, sum(tool), "%+v", r)
	require.Equal(t, r.Conf == 0, sum(got) == r.SHA256)
}

// The two recorded addresses that fit no 32 bits are taken modulo 16 MB too.
func TestAddressesOutsideFlash(t *testing.T) {
	b := newBench(t)
	for given, alias := range map[string]string{"-16": "0xfffff0", "0x100000000": "0", "0x1010000": "0x10000"} {
		b.must(t, "encrypt-flash-data -k k1.bin -o ours.bin -a "+given+" plain.bin")
		require.Contains(t, b.stderr.String(), "beyond 16 MB")
		b.must(t, "encrypt-flash-data -k k1.bin -o alias.bin -a "+alias+" plain.bin")
		require.Equal(t, b.read(t, "alias.bin"), b.read(t, "ours.bin"), given)
	}
	b.must(t, "encrypt-flash-data -k k1.bin -o x.bin -a 0xffeff0 plain.bin")
	require.Empty(t, b.stderr.String(), "ends with the flash")
	b.must(t, "encrypt-flash-data -k k1.bin -o x.bin -a 0xfff000 plain.bin")
	require.Contains(t, b.stderr.String(), "beyond 16 MB", "crosses the end")
	b.fails(t, 2, "Starting flash address -0x5 must be a multiple of 16.", "encrypt-flash-data -k k1.bin -o y.bin -a -5 plain.bin")
}

// Any file, address and configuration come back.
func TestDecryptUndoesEncrypt(t *testing.T) {
	b := newBench(t)
	rapid.Check(t, func(rt *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(rt, "data")
		addr := new(big.Int).SetInt64(int64(rapid.Uint32Range(0, 0xFFFFF).Draw(rt, "block")) * 16)
		conf := rapid.Uint8Range(0, 15).Draw(rt, "conf")
		key := rapid.SampledFrom([]string{"k1.bin", "k24.bin"}).Draw(rt, "key")
		b.write(t, "in.bin", data)
		opts := fmt.Sprintf("--keyfile=%s --address=%s --flash_crypt_conf 0x%x ", key, addr, conf)
		b.must(t, "encrypt_flash_data "+opts+"--output c.bin in.bin")
		b.must(t, "decrypt_flash_data "+opts+"--output d.bin c.bin")
		require.Equal(rt, data, b.read(t, "d.bin")[:len(data)])
	})
}

// Random bytes complete the last AES block and nothing else: what is a whole
// block is the same in every run, and so is everything that other commands pad.
func TestOnlyTailsAreRandom(t *testing.T) {
	b := newBench(t)
	for n := 1; n <= 64; n++ {
		b.write(t, "in.bin", bytes.Repeat([]byte{0x5A}, n))
		b.must(t, "encrypt-flash-data -k k1.bin -a 0x10000 -o a.bin in.bin")
		b.must(t, "encrypt-flash-data -k k1.bin -a 0x10000 -o b.bin in.bin")
		first, second := b.read(t, "a.bin"), b.read(t, "b.bin")
		require.Len(t, first, (n+15)/16*16)
		require.Equal(t, first[:n/16*16], second[:n/16*16])
		require.Equal(t, n%16 == 0, bytes.Equal(first, second), "%d bytes", n)
		b.must(t, "decrypt-flash-data -k k1.bin -a 0x10000 -o d.bin a.bin")
		require.Equal(t, b.read(t, "in.bin"), b.read(t, "d.bin")[:n])
	}
	for _, line := range []string{
		"digest-secure-bootloader -k k1.bin --iv iv128.bin -o %s boot-cut.bin",
		"digest-secure-bootloader -k k1.bin --iv iv128.bin -o %s boot-pad.bin",
		"sign-data -v 1 -k test-key-ec-a.pem -o %s p100.bin",
	} {
		b.must(t, fmt.Sprintf(line, "a.bin"))
		b.must(t, fmt.Sprintf(line, "b.bin"))
		require.Equal(t, b.read(t, "a.bin"), b.read(t, "b.bin"), line)
	}
	b.must(t, "sign-data -v 2 -k test-key-rsa-a.pem -o a.bin p100.bin")
	require.Equal(t, bytes.Repeat([]byte{0xFF}, 4096-100), b.read(t, "a.bin")[100:4096])
}
