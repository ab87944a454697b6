package execute

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/bootloader"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// laterCSV leaves room for a bootloader that prints everything.
const laterCSV = "otadata,data,ota,0x11000,8K,\nfactory,app,factory,0x20000,128K,\n"

// firstBoot is a device that encrypts itself: with the model's own bootloader,
// which stands for a binary where only its draws matter.
func firstBoot(t *testing.T, release bool) *emu.Device {
	t.Helper()
	rev := efuse.Revision{Major: 3}
	l := bootsim.Lot{Name: "fresh", FlashSize: 1 << 20, Revision: &rev, Contents: []bootsim.Placement{
		{File: "bootloader.bin", Address: 0x1000, Data: lot.Bootloader(lot.BootloaderSpec{IDF: "v5.1.6", LogLevel: "verbose", FlashEncryption: true, Release: release, FlashSize: 1 << 20})},
		{File: "table.bin", Address: 0x10000, Data: lot.Table(laterCSV)},
		{File: "otadata.bin", Address: 0x11000, Data: lot.OTAData(lot.Blank(), lot.Blank())},
		{File: "factory.bin", Address: 0x20000, Data: lot.App(lot.AppSpec{Version: "1.0"})},
	}}
	f, err := check.Build(&l)
	require.NoError(t, err)
	return f.Device
}

// drawing boots with the model in place of a binary that draws a key of its own,
// and tells of it or not.
func drawing(key []byte, tells bool) execution {
	return func(d *emu.Device) (emu.Outcome, *emu.Draws) {
		d.Draws = &emu.Draws{FlashKey: key}
		out := machine.New(machine.Options{}).Boot(d)
		told := d.Draws
		d.Draws = nil
		if !tells {
			told = &emu.Draws{}
		}
		return out, told
	}
}

// A key that the binary drew is no difference; one that nobody told of is.
func TestTheModelDrawsWhatTheBinaryDrew(t *testing.T) {
	key := bytes.Repeat([]byte{0x5A}, 32)
	d := firstBoot(t, false)
	out := (&pair{model: machine.New(machine.Options{}), exec: drawing(key, true)}).Boot(d)
	require.Equal(t, emu.EndReset, out.End, out.NotModelled)
	require.Empty(t, out.Disagreements)
	require.Equal(t, key, d.Efuses.Cells(1))
	require.Nil(t, d.Draws, "the next boot draws anew")
	d = firstBoot(t, false)
	out = (&pair{model: machine.New(machine.Options{}), exec: drawing(key, false)}).Boot(d)
	require.Contains(t, out.Disagreements, "the eFuses are others after the boot")
}

// What a bootloader before v3.3-beta1-409 leaves in the label of the entry that it
// writes is its stack's. Later ones erase it.
func TestTheModelTakesOverWhatTheStackHeld(t *testing.T) {
	label := bytes.Repeat([]byte{0x5A}, 20)
	for _, c := range []struct {
		idf  string
		from []byte // what the entry is to have
	}{{"v3.3-beta1-223", label}, {"v3.3", bytes.Repeat([]byte{0xFF}, 20)}} {
		d := labelled(t, c.idf)
		model := func() emu.Booter { return machine.WithProfile(profileOf(t, c.idf)) }
		exec := func(d *emu.Device) (emu.Outcome, *emu.Draws) {
			d.Draws = &emu.Draws{Label: label}
			out := model().Boot(d)
			told := d.Draws
			d.Draws = nil
			return out, told
		}
		out := (&pair{model: model(), exec: exec}).Boot(d)
		require.Equal(t, emu.EndApp, out.End, out.NotModelled)
		require.Empty(t, out.Disagreements, c.idf)
		b := make([]byte, otadata.EntrySize)
		d.Flash.Read(0xD000, b)
		e := otadata.Decode(b)
		require.True(t, e.CRCOK())
		require.Equal(t, c.from, e.Label[:], c.idf)
		require.Equal(t, otadata.StateValid, e.State)
	}
}

// profileOf is the bootloader of a version, whatever the texts of its binary.
func profileOf(t *testing.T, version string) bootloader.Profile {
	t.Helper()
	v, err := idf.Parse(version)
	require.NoError(t, err)
	return bootloader.ForVersion(v)
}

// labelled is a device without factory app whose bootloader writes otadata.
func labelled(t *testing.T, idf string) *emu.Device {
	t.Helper()
	rev := efuse.Revision{Major: 1}
	l := bootsim.Lot{Name: "fresh", FlashSize: 1 << 20, Revision: &rev, Contents: []bootsim.Placement{
		{File: "bootloader.bin", Address: 0x1000, Data: lot.Bootloader(lot.BootloaderSpec{IDF: idf, FlashSize: 1 << 20})},
		{File: "table.bin", Address: 0x8000, Data: lot.Table("otadata,data,ota,0xd000,8K,\nota_0,app,ota_0,0x20000,128K,\n")},
		{File: "app.bin", Address: 0x20000, Data: lot.App(lot.AppSpec{Version: "1.0"})},
	}}
	f, err := check.Build(&l)
	require.NoError(t, err)
	return f.Device
}

// The efuse component tells of every field that a first boot reads and burns.
func TestFirstBootsPrintFields(t *testing.T) {
	d := firstBoot(t, false)
	out := machine.New(machine.Options{}).Boot(d)
	var fields []string
	for _, l := range out.Log {
		switch {
		case l.Tag == "efuse" && l.Level == 'D', l.Text == "Generating new flash encryption key...", l.Text == "Flash encryption completed":
			fields = append(fields, l.Text)
		}
	}
	used := func(block, word, bits, from string) string {
		return "In EFUSE_BLK" + block + "__DATA" + word + "_REG is used " + bits + " bits starting with " + from + " bit"
	}
	count, fixed := used("0", "0", "7", "20"), used("0", "0", "1", "2")
	require.Equal(t, []string{count, fixed, fixed, count, used("0", "0", "1", "16"), used("0", "0", "1", "7"), used("1", "0", "32", "0")}, fields[:7])
	require.Equal(t, []string{fixed, count, count, "Flash encryption completed"}, fields[len(fields)-4:])
	cache := used("0", "0", "1", "3")
	require.NotContains(t, fields, cache, "DIS_CACHE stays writable where something is left open")
	require.Zero(t, d.Efuses.ReadWord(0, 0)>>3&1)
	d = firstBoot(t, true)
	out = machine.New(machine.Options{}).Boot(d)
	require.Equal(t, 2, strings.Count(text(out.Log), cache), "it is read, and set")
	require.NotZero(t, d.Efuses.ReadWord(0, 0)>>3&1)
}

// Where the model guesses, the lines before that are all that it stands for.
func TestAGuessIsNoOpinion(t *testing.T) {
	d := ownDevice(t)
	lines := func(all ...string) (log []emu.Line) {
		for _, s := range all {
			log = append(log, emu.Line{Text: s})
		}
		return log
	}
	model := emu.Outcome{End: emu.EndHang, Log: lines("a", "b"), Guess: emu.Guess{Why: "over its code", Lines: 1}}
	exec := emu.Outcome{End: emu.EndApp, App: &emu.App{Offset: 0x10000}, Log: lines("a", "c", "d")}
	require.Empty(t, Compare(model, exec, d, d.Fork()))
	model.Guess.Lines = 2
	require.Len(t, Compare(model, exec, d, d.Fork()), 1)
	model.Guess = emu.Guess{}
	require.Len(t, Compare(model, exec, d, d.Fork()), 2)
	unknown := func(*emu.Device) (emu.Outcome, *emu.Draws) { return exec, nil }
	out := (&pair{model: fixed{emu.Outcome{End: emu.EndUnknown, NotModelled: "too old", Log: lines("a")}}, exec: unknown}).Boot(d)
	require.Equal(t, "too old", out.Unwitnessed)
	require.Empty(t, out.Disagreements)
	require.Equal(t, emu.EndApp, out.End, "the verdict follows the binary")
	out = (&pair{model: fixed{model}, exec: still}).Boot(d)
	require.Len(t, out.Disagreements, 1)
	model.Guess.Why = "over its code"
	out = (&pair{model: fixed{model}, exec: still}).Boot(d)
	require.Empty(t, out.Disagreements)
	require.Equal(t, "over its code", out.Unwitnessed)
}

type fixed struct{ out emu.Outcome }

func (f fixed) Boot(*emu.Device) emu.Outcome { return f.out }

// What a label does to the console is no difference.
func TestLogsAreComparedAsShown(t *testing.T) {
	model := []emu.Line{{Level: 'I', Tag: "boot", Text: " 6 a\nb\x1b[0m c"}}
	exec := []emu.Line{{Level: 'I', Tag: "boot", Text: " 6 a"}, {Text: "b c"}}
	require.Empty(t, compareLogs(model, exec))
	require.NotEmpty(t, compareLogs(model, exec[:1]))
}

func text(log []emu.Line) string { return strings.Join(shown(log), "\n") }
