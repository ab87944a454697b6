package input_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// files are the content of a file system.
type files map[string][]byte

func (f files) fs(t testing.TB) afero.Fs {
	t.Helper()
	fs := afero.NewMemMapFs()
	for name, b := range f {
		require.NoError(t, afero.WriteFile(fs, name, b, 0o644))
	}
	return afero.NewReadOnlyFs(fs)
}

// with returns the files and more.
func (f files) with(more files) files {
	out := files{}
	for name, b := range f {
		out[name] = b
	}
	for name, b := range more {
		out[name] = b
	}
	return out
}

// in moves the files into a folder.
func (f files) in(dir string) files {
	out := files{}
	for name, b := range f {
		out[dir+"/"+name] = b
	}
	return out
}

const twoOTA = "nvs,data,nvs,0x9000,0x4000\notadata,data,ota,0xd000,0x2000\nphy_init,data,phy,0xf000,0x1000\n" +
	"factory,app,factory,0x10000,1M\nota_0,app,ota_0,0x110000,1M\nota_1,app,ota_1,0x210000,1M\nstorage,data,spiffs,0x310000,0x10000\n"

const arduino = "nvs,data,nvs,0x9000,0x5000\notadata,data,ota,0xe000,0x2000\napp0,app,ota_0,0x20000,0x140000\n" +
	"app1,app,ota_1,0x160000,0x140000\nspiffs,data,spiffs,0x2a0000,0x150000\ncoredump,data,coredump,0x3f0000,0x10000\n"

func boot() []byte              { return lot.Bootloader(lot.BootloaderSpec{IDF: "v4.4.8"}) }
func app(version string) []byte { return lot.App(lot.AppSpec{Version: version, IDF: "v4.4.8"}) }
func table(csv string) []byte   { return lot.Table(csv) }
func blankOTA() []byte          { return lot.OTAData() }
func firstOTA() []byte          { return lot.OTAData(otadata.New(1, otadata.StateUndefined)) }

func key() crypt.Key {
	k, err := crypt.ParseKey([]byte("0123456789abcdefghijklmnopqrstuv"))
	if err != nil {
		panic(err)
	}
	return k
}

// encrypted is data encrypted for an address by the host.
func encrypted(address uint32, data []byte) []byte {
	return lot.Encrypt(key(), crypt.FullConfig, address, data)
}

// erased is n bytes of erased flash.
func erased(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 0xFF
	}
	return b
}

// merged puts parts into one file that starts at a flash address.
func merged(start uint32, size int, parts map[uint32][]byte) []byte {
	end := size
	for at, b := range parts {
		end = max(end, int(at-start)+len(b))
	}
	out := erased(end)
	for at, b := range parts {
		copy(out[at-start:], b)
	}
	return out
}

// layout spells a lot: name, then address, form, role and file of each placement.
func layout(l bootsim.Lot) string {
	out := []string{l.Name + ":"}
	for _, p := range l.Contents {
		s := fmt.Sprintf("%x=%s", p.Address, p.File)
		if p.Role != "" {
			s += "(" + p.Role + ")"
		}
		if p.Form == bootsim.FormEncrypted {
			s += "!"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func layouts(r input.Result) []string {
	var out []string
	for _, l := range r.Lots {
		out = append(out, layout(l))
	}
	return out
}

func find(t testing.TB, f files, paths ...string) input.Result {
	t.Helper()
	r, err := input.Find(f.fs(t), input.Request{Paths: paths})
	require.NoError(t, err)
	requireSound(t, f, r)
	return r
}

// requireSound checks what holds of every result: placements hold the bytes of
// their files, and gaps are erased flash.
func requireSound(t testing.TB, f files, r input.Result) {
	t.Helper()
	for _, l := range r.Lots {
		require.NotEmpty(t, l.Contents)
		require.NotEmpty(t, l.Name)
		for _, p := range l.Contents {
			require.NotEmpty(t, p.Data, p.File)
			for _, g := range p.Gaps {
				require.Equal(t, erased(int(g.Size)), p.Data[g.Offset:g.Offset+g.Size])
				require.Zero(t, (p.Address+g.Offset)%0x1000)
			}
		}
	}
}

func assumed(l bootsim.Lot) string { return strings.Join(l.Assumed, "\n") }

func notes(r input.Result) string { return strings.Join(r.Notes, "\n") }

// failure returns the error of a search that has to fail.
func failure[T error](t testing.TB, f files, req input.Request) T {
	t.Helper()
	_, err := input.Find(f.fs(t), req)
	var want T
	require.Error(t, err)
	require.True(t, errors.As(err, &want), "%T: %v", err, err)
	return want
}
