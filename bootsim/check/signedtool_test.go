package check_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/bootkey"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/secureboot"
)

// workshop is a folder in memory in which the tool signs.
type workshop struct {
	t  rapid.TB
	fs afero.Fs
}

func newWorkshop(t rapid.TB, tb testing.TB) workshop {
	w := workshop{t, afero.NewMemMapFs()}
	for _, name := range []string{"test-key-rsa-a.pem", "test-key-ec-a.pem", "iv128.bin", "k2.bin", "k24.bin"} {
		w.put(name, refdata.Read(tb, "espsecure", name))
	}
	return w
}

func (w workshop) put(name string, b []byte) {
	require.NoError(w.t, afero.WriteFile(w.fs, name, b, 0o644))
}

func (w workshop) get(name string) []byte {
	b, err := afero.ReadFile(w.fs, name)
	require.NoError(w.t, err)
	return b
}

// espsecure runs the tool and returns a file that it wrote.
func (w workshop) espsecure(out, line string) []byte {
	var said bytes.Buffer
	env := cli.Env{FS: w.fs, Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Prog: "espsecure"}
	require.Zero(w.t, espsecure.Run(env, strings.Fields(line)), said.String())
	return w.get(out)
}

// signedSet is a set of a bootloader and an app of any size, as the tool signs it.
func signedSet(t *rapid.T, tb testing.TB) bootsim.Lot {
	w := newWorkshop(t, tb)
	scheme := rapid.SampledFrom([]string{"v1", "v2"}).Draw(t, "scheme")
	boot := lot.BootloaderSpec{IDF: rapid.SampledFrom([]string{"v4.1.4", "v4.4.8", "v5.5.5"}).Draw(t, "idf"), SecureBoot: scheme,
		Size: 16 * rapid.Uint32Range(0, 0x8C0).Draw(t, "boot")}
	app := lot.App(lot.AppSpec{Version: "1.0", Size: 16 * rapid.Uint32Range(0x400, 0x1000).Draw(t, "app")})
	w.put("app.bin", app)
	l := bootsim.Lot{Name: "lot", FlashSize: 4 << 20, FlashSizeGiven: true, TableOffset: 0xF000, Revision: &efuse.Revision{Major: 1}}
	place := func(at uint32, b []byte) {
		l.Contents = append(l.Contents, bootsim.Placement{File: "file", Address: at, Data: b})
	}
	if scheme == "v2" {
		w.put("boot.bin", lot.Bootloader(boot))
		l.Revision.Major = 3
		place(0x1000, w.espsecure("boot-signed.bin", "sign-data -v 2 -k test-key-rsa-a.pem -o boot-signed.bin boot.bin"))
		place(0x10000, w.espsecure("app-signed.bin", "sign-data -v 2 -k test-key-rsa-a.pem -o app-signed.bin app.bin"))
		l.BootKey = blockOf(t, w, "test-key-rsa-a.pem")
	} else {
		boot.AppKey = w.espsecure("public.bin", "extract-public-key -k test-key-ec-a.pem public.bin")
		w.put("boot.bin", lot.Bootloader(boot))
		key := rapid.SampledFrom([]string{"k2.bin", "digest.bin"}).Draw(t, "key")
		w.espsecure("digest.bin", "digest-private-key -k test-key-ec-a.pem digest.bin")
		place(0, w.espsecure("reflash.bin", "digest-secure-bootloader -k "+key+" --iv iv128.bin -o reflash.bin boot.bin"))
		place(0x10000, w.espsecure("app-signed.bin", "sign-data -v 1 -k test-key-ec-a.pem -o app-signed.bin app.bin"))
		if key == "digest.bin" {
			key = "test-key-ec-a.pem" // the chip's key derives from it
		}
		l.BootKey = blockOf(t, w, key)
	}
	place(0xF000, lot.Table("factory,app,factory,0x10000,256K,\n"))
	return l
}

func blockOf(t *rapid.T, w workshop, name string) *bootsim.BootKey {
	k, err := bootkey.Read(name, w.get(name))
	require.NoError(t, err)
	return k
}

// What the tool signs, the ROM and the bootloader accept, and with flash
// encryption on as well when the tool encrypts it afterwards.
func TestWhatTheToolSignsBoots(t *testing.T) {
	key, err := crypt.ParseKey(refdata.Read(t, "espsecure", "k1.bin"))
	require.NoError(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		l := signedSet(rt, t)
		if rapid.Bool().Draw(rt, "encrypted") {
			l.Key = &key
			for i, p := range l.Contents {
				l.Contents[i].Data = lot.Encrypt(key, crypt.FullConfig, p.Address, p.Data)
			}
		}
		r := checked(l)
		require.Equal(rt, bootsim.Pass, r.Verdict, "%v\n%s", r.Findings, strings.Join(r.Scenarios[0].Log, "\n"))
	})
}

// The digest of a 24-byte key is the one that a chip with the 3/4 coding scheme
// computes: the tool and the ROM take the same bytes from it.
func TestToolAndChipTakeTheSameShortKey(t *testing.T) {
	w := newWorkshop(t, t)
	boot := lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8"})
	w.put("boot.bin", boot)
	reflash := w.espsecure("reflash.bin", "digest-secure-bootloader -k k24.bin --iv iv128.bin -o reflash.bin boot.bin")
	s := efuse.New()
	f, err := efuse.Lookup("CODING_SCHEME")
	require.NoError(t, err)
	require.NoError(t, s.BurnField(f, 1))
	k, err := bootkey.Read("k24.bin", w.get("k24.bin"))
	require.NoError(t, err)
	require.NoError(t, k.Place(s))
	sector, ok := secureboot.DecodeV1Sector(reflash)
	require.True(t, ok)
	covered, err := secureboot.V1FileCovered(boot)
	require.NoError(t, err)
	require.NoError(t, secureboot.VerifyV1Bootloader(s.HardwareBootKey(), sector, covered))
}
