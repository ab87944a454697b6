package sweep

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// A file is decrypted anew for another key, another configuration and another
// address, and what comes to the same application is held once.
func TestLibraryTellsFilesApart(t *testing.T) {
	a, err := crypt.ParseKey(lot.Filler(1, 32))
	require.NoError(t, err)
	b, err := crypt.ParseKey(lot.Filler(2, 32))
	require.NoError(t, err)
	app := lot.App(lot.AppSpec{Version: "2", Size: 8 << 10})
	app = app[:len(app)&^15]
	var l Library
	file := update.File{Data: lot.Encrypt(a, crypt.FullConfig, 0x10000, app), Encrypted: true}
	right := l.file(file, crypt.New(a, crypt.FullConfig), 0x10000)
	require.Equal(t, app, right.Plain)
	require.NotEqual(t, app, l.file(file, crypt.New(b, crypt.FullConfig), 0x10000).Plain)
	require.NotEqual(t, app, l.file(file, crypt.New(a, 3), 0x10000).Plain)
	require.NotEqual(t, app, l.file(file, crypt.New(a, crypt.FullConfig), 0x20000).Plain)
	require.Equal(t, file.Data, l.file(file, nil, 0x10000).Plain)
	other := update.File{Data: lot.Encrypt(b, crypt.FullConfig, 0x20000, app), Encrypted: true}
	require.Same(t, &right.Plain[0], &l.file(other, crypt.New(b, crypt.FullConfig), 0x20000).Plain[0])
	require.Same(t, &right.Plain[0], &l.file(file, crypt.New(a, crypt.FullConfig), 0x10000).Plain[0])
}

// What lies on a device is told by the hash that is known of just these bytes: not
// of what was there before, nor of another end.
func TestLibraryReadsWhatChanged(t *testing.T) {
	flash, err := flashmodel.New(flashmodel.MinSize)
	require.NoError(t, err)
	d := &emu.Device{Flash: flash, Efuses: efuse.New()}
	app := lot.Filler(3, 2*flashmodel.SectorSize+tailSize) // its end lies in a sector of its own
	p, n := parttable.Entry{Offset: 0x10000, Size: 0x10000}, uint32(len(app))
	require.NoError(t, flash.Place(p.Offset, app))
	var l Library
	var sums recall.Sums
	sums.SHA256(d, d.Cached(), p.Offset, n-tailSize, nil)
	first := l.placed(&sums, d, p, n)
	require.Equal(t, app, first.Plain)
	require.Same(t, &first.Plain[0], &l.placed(&sums, d.Fork(), p, n).Plain[0])
	for _, at := range []uint32{n - 1, 0x100} {
		fork := d.Fork()
		require.NoError(t, fork.Flash.Place(p.Offset+at, []byte{app[at] ^ 1}))
		want := append([]byte(nil), app...)
		want[at] ^= 1
		require.Equal(t, want, l.placed(&sums, fork, p, n).Plain, "0x%x", at)
		sc := &Scenario{Images: []Image{first}}
		require.Nil(t, sc.identify(fork, &sums, p.Offset))
	}
	sc := &Scenario{Images: []Image{first}}
	require.NotNil(t, sc.identify(d, &sums, p.Offset))
}
