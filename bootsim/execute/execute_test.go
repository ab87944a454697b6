package execute

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/fixtures/cboot"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

const tableCSV = "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nfactory,app,factory,0x10000,128K,\n" +
	"ota_0,app,ota_0,0x30000,128K,\nota_1,app,ota_1,0x50000,128K,\n"

// ownLot is a lot with our own bootloader, which is none of ESP-IDF's.
func ownLot() bootsim.Lot {
	rev := efuse.Revision{Major: 3}
	place := func(addr uint32, file, role string, data []byte) bootsim.Placement {
		return bootsim.Placement{File: file, Address: addr, Data: data, Role: role}
	}
	return bootsim.Lot{Name: "own", FlashSize: 1 << 20, Revision: &rev, Contents: []bootsim.Placement{
		place(0x1000, "bootloader.bin", "bootloader", cboot.Image()),
		place(0x8000, "table.bin", "partition-table", lot.Table(tableCSV)),
		place(0xd000, "otadata.bin", "otadata", lot.OTAData(lot.Blank(), lot.Blank())),
		place(0x10000, "factory.bin", "app", lot.App(lot.AppSpec{Version: "1.0"})),
		place(0x30000, "app.bin", "app", lot.App(lot.AppSpec{Version: "1.1"})),
	}}
}

func ownDevice(t *testing.T) *emu.Device {
	t.Helper()
	l := ownLot()
	f, err := check.Build(&l)
	require.NoError(t, err)
	return f.Device
}

func run(t *testing.T, engine string) bootsim.LotReport {
	t.Helper()
	e, err := For(engine, Options{})
	require.NoError(t, err)
	r := check.Run([]bootsim.Lot{ownLot()}, nil, check.Options{Engine: e})
	require.Len(t, r.Lots, 1)
	return r.Lots[0]
}

// The verdict follows the binary: our own bootloader selects ota_0 on its first
// boot, where ESP-IDF's takes factory.
func TestVerdictFollowsTheBinary(t *testing.T) {
	r := run(t, Exec)
	require.Equal(t, "ota_0", r.Scenarios[0].Boots.Label)
	require.Equal(t, "1.1", r.Scenarios[0].Boots.Version)
	require.Contains(t, strings.Join(r.Scenarios[0].Log, "\n"), "cboot: otadata gets sequence 1")
	require.Equal(t, "factory", run(t, Model).Scenarios[0].Boots.Label)
}

// A bootloader that behaves otherwise than ESP-IDF's is a finding of its own.
func TestDisagreementIsAFinding(t *testing.T) {
	r := run(t, Both)
	var found *bootsim.Finding
	for i := range r.Findings {
		if r.Findings[i].Rule == "engines-disagree" {
			found = &r.Findings[i]
		}
	}
	require.NotNil(t, found)
	require.Equal(t, "the binary starts the application at 0x00030000, the model starts the application at 0x00010000", found.Message)
	evidence := strings.Join(found.Evidence, "\n")
	require.Contains(t, evidence, "the flash differs in the sector at 0x0000d000")
	require.Contains(t, evidence, "of the log: the binary prints")
	require.Equal(t, bootsim.Error, found.Severity)
	require.Equal(t, "ota_0", r.Scenarios[0].Boots.Label, "the verdict follows the binary")
}

func TestCompare(t *testing.T) {
	d := ownDevice(t)
	same := emu.Outcome{End: emu.EndApp, App: &emu.App{Offset: 0x10000}, Log: []emu.Line{{Text: "a"}}}
	require.Empty(t, Compare(same, same, d, d.Fork()))
	for _, c := range []struct {
		change func(*emu.Outcome, *emu.Device)
		want   string
	}{
		{func(o *emu.Outcome, _ *emu.Device) { o.End, o.App = emu.EndReset, nil }, "the binary resets, the model starts the application at 0x00010000"},
		{func(o *emu.Outcome, _ *emu.Device) { o.App = &emu.App{Offset: 0x30000} }, "starts the application at 0x00030000"},
		{func(o *emu.Outcome, _ *emu.Device) { o.Log = append(o.Log, emu.Line{Text: "b"}) }, `line 2 of the log: the binary prints "b", the model nothing more`},
		{func(_ *emu.Outcome, d *emu.Device) { _ = d.Efuses.Burn(3, []uint32{1}) }, "the eFuses are others"},
		{func(_ *emu.Outcome, d *emu.Device) { _ = d.Flash.Erase(0x10000, flashmodel.OpEraseSector) }, "the flash differs in the sector at 0x00010000"},
	} {
		out, twin := same, d.Fork()
		c.change(&out, twin)
		found := Compare(same, out, d, twin)
		require.Len(t, found, 1, c.want)
		require.Contains(t, found[0], c.want)
	}
}

func TestUnknownPlacesAreAlike(t *testing.T) {
	const model = "Assert failed in f, * (a > b)"
	require.True(t, alike(model, "Assert failed in f, esp_image_format.c:437 (a > b)"))
	require.True(t, alike(model, model))
	require.False(t, alike(model, "Assert failed in f, esp_image_format.c:437 (a > c)"))
	require.False(t, alike(model, "Assert failed in g, esp_image_format.c:437 (a > b)"))
	require.False(t, alike("I (*) boot: x", "I (*) boot: y"))
}

// still is an execution that comes to no end.
func still(*emu.Device) (emu.Outcome, *emu.Draws) {
	return emu.Outcome{End: emu.EndUnknown, NotModelled: "register 0x3ff00000"}, nil
}

type starts struct{}

func (starts) Boot(d *emu.Device) emu.Outcome {
	_ = d.Flash.Erase(0xd000, flashmodel.OpEraseSector)
	return emu.Outcome{End: emu.EndApp, App: &emu.App{Label: "factory", Offset: 0x10000}}
}

// Where the binary cannot be executed the model's verdict stands, and the
// missing witness is told.
func TestMissingWitnessIsTold(t *testing.T) {
	d := ownDevice(t)
	require.NoError(t, d.Flash.Place(0xd000, []byte{1, 2, 3}))
	out := (&pair{model: starts{}, exec: still}).Boot(d)
	require.Equal(t, emu.EndApp, out.End)
	require.Equal(t, []string{"the binary could not be executed to an end: register 0x3ff00000"}, out.Disagreements)
	require.True(t, d.Flash.Erased(0xd000, 0x1000), "the device is what the model made of it")
}

func TestEngineNames(t *testing.T) {
	_, err := For("qemu", Options{})
	require.ErrorContains(t, err, `there is no engine "qemu": use model, exec, both`)
	fielded := ownLot()
	fielded.Bootloader.Fielded = true
	e, err := For(Exec, Options{})
	require.NoError(t, err)
	_, _, err = e.Variants(&fielded, ownDevice(t), false)
	require.ErrorAs(t, err, new(*FieldedError))
}

func symbols(t *testing.T) *Symbols {
	t.Helper()
	s, err := ReadSymbols(cboot.ELF())
	require.NoError(t, err)
	return s
}

func TestSymbols(t *testing.T) {
	s := symbols(t)
	addr, ok := s.Address("boot")
	require.True(t, ok)
	require.Equal(t, "boot", s.Start(addr))
	require.Equal(t, "boot+0x6", s.Name(addr+6))
	require.Equal(t, "at 0x40078000 (_start), 0x3ff00000", s.Annotate("at 0x40078000, 0x3ff00000"))
	var none *Symbols
	require.Empty(t, none.Name(addr))
	require.Equal(t, "0x40078000", none.Annotate("0x40078000"))
	for _, bad := range [][]byte{nil, []byte("\x7fELF"), cboot.Image(), cboot.ELF()[:100]} {
		_, err := ReadSymbols(bad)
		require.Error(t, err)
	}
}

func TestTrace(t *testing.T) {
	var b bytes.Buffer
	r, err := Trace(&b, ownDevice(t), TraceOptions{Symbols: symbols(t), Instructions: 2, AppSteps: 3})
	require.NoError(t, err)
	require.Equal(t, esp32.Entered, r.How, "the first stage's result when the application goes on, else its own")
	text := b.String()
	for _, want := range []string{
		"| entry 0x40078000\n", "_start:\n           0  0x40078000  entry a1, 64\n", "s32i.n a0, a1, 32",
		"0x40078", "(rom+0x19)  rtc_get_reset_reason(0x0) = 0x1\n", "flash erase 4 KiB 0x0000d000\n", "flash program 0x0000d000, 32 bytes\n",
		"more calls of __bswapsi2", "| I (", "jumps to the application's entry 0x40080fc4, of the image at flash 0x00030000",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "\x1b", "no escape of the device reaches the terminal")
}

func TestDisassemble(t *testing.T) {
	sections, err := CodeOf(cboot.Image())
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, Disassemble(&b, sections, symbols(t)))
	for _, want := range []string{"40078000 <_start>:\n40078000:\t008136   \tentry\ta1, 64\n", ".word\t0x40007d54 (ROM ets_printf)", "callx8\ta2", "<boot>:"} {
		require.Contains(t, b.String(), want)
	}
	fromELF, err := CodeOf(cboot.ELF())
	require.NoError(t, err)
	require.Equal(t, ".text", fromELF[0].Name)
	require.Equal(t, fromELF[0].Data, sections[0].Data[:len(fromELF[0].Data)])
	for _, bad := range [][]byte{nil, {1, 2, 3}, cboot.ELF()[:60], bytes.Repeat([]byte{0xE9}, 64)} {
		_, err := CodeOf(bad)
		require.ErrorContains(t, err, "--base")
	}
}

// confirming asks for a confirmation of updates to one slot alone, as a bootloader
// does that cannot start the image in the other.
type confirming struct{ t *testing.T }

func (c *confirming) Boot(d *emu.Device) emu.Outcome {
	row := parttable.Entry{Offset: 0xd000}
	pair := ota.ReadPair(d, row)
	if at := pair.Active(otadata.EraState); at != otadata.None && otadata.Slot(pair[at].Seq, 2) == 1 {
		pair[at].State = otadata.StatePendingVerify
		raw := pair[at].Encode()
		require.NoError(c.t, d.Flash.Place(0xd000+uint32(at)*otadata.SectorSize, raw[:]))
	}
	return emu.Outcome{End: emu.EndApp}
}

// TestEverySlotIsAskedForConfirmation: the first may hold nothing that starts.
func TestEverySlotIsAskedForConfirmation(t *testing.T) {
	require.True(t, confirms(&confirming{t: t}, ownDevice(t), 0x8000))
}
