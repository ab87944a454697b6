package engine_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/fixtures/vectors"
	"github.com/bootsim/bootsim/flashmodel"
)

// record is one line of a recorded execution.
type record struct {
	Kind       string          `json:"k"`
	Bootloader string          `json:"bootloader"`
	Scenario   string          `json:"scenario"`
	FlashSize  uint32          `json:"flash_size"`
	Efuses     string          `json:"efuse_blocks_hex"`
	Flash      map[string]blob `json:"flash"`
	PC         string          `json:"pc"`
	Name       json.RawMessage `json:"f"` // a name, or several
	Args       []string        `json:"a"`
	Result     json.RawMessage `json:"r"`
	Count      int             `json:"n"`
	ArgsCRC    string          `json:"acrc"`
	How        string          `json:"how"`
	After      string          `json:"efuse_after_hex"`
	MMU        [][2]uint32     `json:"mmu_pro"`
	Changed    map[string]struct {
		SHA256 string `json:"sha256"`
	} `json:"flash_changed"`
}

type blob struct {
	Data string `json:"data_b64"`
	Blob string `json:"blob"`
}

// checker compares what a machine calls with a recording.
type checker struct {
	t       *testing.T
	records []record
	at      int // of the next record
	inRun   int // calls of a run that were seen
	sum     uint32
	calls   int
	failed  bool
	width   map[string]int
}

func (c *checker) fail(format string, args ...any) {
	if !c.failed {
		c.failed = true
		c.t.Errorf("call %d, record %d: %s", c.calls, c.at+1, fmt.Sprintf(format, args...))
	}
}

// Call is a ROM function that the machine calls.
func (c *checker) Call(pc uint32, f *esp32.Function, arg func(int) uint32) {
	if c.failed {
		return
	}
	c.calls++
	if c.at >= len(c.records) {
		if f.Name == "software_reset" {
			return // recorded as the reset
		}
		c.fail("%s is called, and nothing more was recorded", f.Name)
		return
	}
	switch r := &c.records[c.at]; r.Kind {
	case "call":
		c.at++
		c.single(r, pc, f, arg)
	case "run":
		c.folded(r, f, arg)
	}
}

func (c *checker) single(r *record, pc uint32, f *esp32.Function, arg func(int) uint32) {
	var name string
	_ = json.Unmarshal(r.Name, &name)
	if name != f.Name || r.PC != fmt.Sprintf("%08x", pc) {
		c.fail("%s from %08x, recorded %s from %s", f.Name, pc, name, r.PC)
		return
	}
	for i, want := range r.Args {
		if got := strconv.FormatUint(uint64(arg(i)), 16); got != want && !excused(name, i) {
			c.fail("%s: argument %d is %s, recorded %s", name, i, got, want)
		}
	}
}

// excused are arguments that depend on the recording's clock: a timestamp, the
// dividend of one division, and what lies behind the arguments of a printf.
func excused(name string, i int) bool {
	return name == "ets_printf" && i > 0 || name == "__udivdi3" && i < 2
}

// folded is a call in a run of repeated calls, of which the first arguments and
// a sum over all are recorded.
func (c *checker) folded(r *record, f *esp32.Function, arg func(int) uint32) {
	var names []string
	_ = json.Unmarshal(r.Name, &names)
	if want := names[c.inRun%len(names)]; want != f.Name {
		c.fail("%s, recorded %s (call %d of a run)", f.Name, want, c.inRun)
		return
	}
	for i := range c.width[f.Name] {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], arg(i))
		c.sum = crc32.Update(c.sum, crc32.IEEETable, b[:])
	}
	if c.inRun++; c.inRun < r.Count*len(names) {
		return
	}
	if got := fmt.Sprintf("%08x", c.sum); got != r.ArgsCRC && !strings.Contains(string(r.Name), "ets_printf") {
		c.fail("%v: arguments of %d calls sum up to %s, recorded %s", names, r.Count, got, r.ArgsCRC)
	}
	c.at++
	c.inRun, c.sum = 0, 0
}

// Return is the result of a call that is no part of a run.
func (c *checker) Return(f *esp32.Function, low, _ uint32) {
	if c.failed || c.inRun > 0 || c.at == 0 || c.records[c.at-1].Kind != "call" {
		return
	}
	var want string
	if json.Unmarshal(c.records[c.at-1].Result, &want) != nil || excused(f.Name, 0) || excused(f.Name, 1) {
		return
	}
	if got := strconv.FormatUint(uint64(low), 16); got != want {
		c.fail("%s returns %s, recorded %s", f.Name, got, want)
	}
}

// Operation is not compared: the flash at the end is.
func (c *checker) Operation(uint32, string) {}

// TestLockstep runs recorded executions and requires the same ROM calls in the
// same order from the same places with the same arguments, and the same number
// of instructions as the recordings state for a machine with one cycle each.
func TestLockstep(t *testing.T) {
	dir := os.Getenv(bootloaders)
	if dir == "" {
		t.Skip(bootloaders + " names no folder of bootloader binaries")
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "fixtures", "vectors", "executed", "*.jsonl"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	f, err := vectors.Load(vectors.Recorded())
	require.NoError(t, err)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) { lockstep(t, f, dir, file) })
	}
}

func lockstep(t *testing.T, f *vectors.Folder, dir, file string) {
	head, calls, end, width := readRecords(t, file)
	image, err := os.ReadFile(filepath.Join(dir, head.Bootloader+".bin"))
	require.NoError(t, err)
	d := recordedDevice(t, f, head, image)
	c := &checker{t: t, records: calls, width: width}
	var result esp32.Result
	var mapped []esp32.Mapping
	e := &engine.Engine{Options: esp32.Options{Emulated: true, Tracer: c}, SkipROM: true,
		Observe: func(m *esp32.Machine, r *esp32.Result) {
			if r != nil {
				result, mapped = *r, m.Mappings()
			}
		}}
	before := d.Flash.Fork()
	e.Boot(d)
	require.Equal(t, sums(end), changed(d.Flash, before))
	require.Equal(t, len(calls), c.at, "recorded calls that were not made")
	if end.After != "" {
		require.Equal(t, end.After, cells(d))
	}
	if end.How == "app" {
		require.Equal(t, end.MMU, pages(mapped))
	}
	fmt.Printf("%s: %d calls in lockstep, %d instructions, %s\n", filepath.Base(file), c.calls, result.Steps, end.How)
	if want := totals[strings.TrimSuffix(filepath.Base(file), ".jsonl")]; want != 0 {
		require.EqualValues(t, want, result.Steps, "instructions")
	}
}

// totals are the instruction counts that the recordings' notes give for one
// cycle an instruction. The first boot's is one less than theirs: the core stops
// with the store that resets the chip.
var totals = map[string]int{
	"idf-v3.1-rc1.od-erased": 683228, "idf-v3.1-rc1.fe-otadata-enc-erased": 683228, "idf-v3.1-rc1.odnf-erased": 683177,
	"idf-v3.1-rc1.im-checksum": 677190, "idf-v3.1-rc1.im-load-wraps": 13873, "idf-v3.1-rc1.im-load-rtc-dram-past": 13869,
	"idf-v3.3-beta2.od-erased": 685046, "idf-v3.3-beta2.fe-otadata-enc-erased": 685046, "idf-v3.3-beta2.odnf-erased": 685902,
	"idf-v3.3-beta2.od-state-a-new": 685111, "idf-v5.2.2.od-erased": 467399, "idf-v5.2.2.fe-otadata-enc-erased": 467399,
	"idf-v5.2.2.fe-good-a1b2": 467504, "idf-v5.2.2.im-checksum": 461648, "idf-v5.2.2.odnf-erased": 469001,
	"idf-v6.1-beta1.od-erased": 504473, "idf-v6.1-beta1.fe-otadata-enc-erased": 504473, "idf-v6.1-beta1.odnf-erased": 506223,
	"idf-v6.1-beta1.od-state-a-new": 504553, "fe-dev-build.firstboot-preburnt-key": 3285776,
}

// sums are the hashes of the sectors that a recording changed.
func sums(end record) map[string]string {
	out := map[string]string{}
	for at, s := range end.Changed {
		out[at] = s.SHA256
	}
	return out
}

func changed(after, before *flashmodel.Flash) map[string]string {
	out := map[string]string{}
	for _, at := range after.ChangedSectors(before) {
		b := make([]byte, flashmodel.SectorSize)
		after.Read(at, b)
		out[fmt.Sprintf("0x%x", at)] = fmt.Sprintf("%x", sha256.Sum256(b))
	}
	return out
}

func pages(mapped []esp32.Mapping) [][2]uint32 {
	var out [][2]uint32
	for _, m := range mapped {
		i := (m.Addr - 0x3F400000) >> 16
		if m.Addr >= 0x40000000 {
			i = (m.Addr-0x40000000)>>16 + 64
		}
		if m.Flash != 0 {
			out = append(out, [2]uint32{i, m.Flash >> 16})
		}
	}
	return out
}

func readRecords(t *testing.T, file string) (head record, calls []record, end record, width map[string]int) {
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	width = map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		var r record
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		switch r.Kind {
		case "head":
			head = r
		case "end":
			end = r
		case "call":
			var name string
			require.NoError(t, json.Unmarshal(r.Name, &name))
			width[name] = len(r.Args)
			calls = append(calls, r)
		case "run":
			var first struct {
				Names []string   `json:"f"`
				First [][]string `json:"first"`
			}
			require.NoError(t, json.Unmarshal([]byte(line), &first))
			for i, name := range first.Names {
				width[name] = len(first.First[i])
			}
			calls = append(calls, r)
		}
	}
	return head, calls, end, width
}

func recordedDevice(t *testing.T, f *vectors.Folder, head record, image []byte) *emu.Device {
	if s := f.Scenarios[head.Scenario]; s != nil {
		for i := range f.Recordings {
			if r := f.Recordings[i]; r.Name == head.Bootloader {
				require.NoError(t, r.Bootloader.SetImage(image))
				d, err := f.Device(s, r.Bootloader)
				require.NoError(t, err)
				return d
			}
		}
	}
	d, err := f.Device(&vectors.Scenario{FlashSize: head.FlashSize}, nil)
	require.NoError(t, err)
	d.Efuses = burnt(t, head.Efuses)
	require.NoError(t, d.Flash.Place(0x1000, image))
	for at, b := range head.Flash {
		addr, err := strconv.ParseUint(at, 0, 32)
		require.NoError(t, err)
		data, err := base64.StdEncoding.DecodeString(b.Data)
		require.NoError(t, err)
		if b.Blob != "" {
			data = f.Blob(b.Blob)
			require.NotNil(t, data, b.Blob)
		}
		require.NoError(t, d.Flash.Place(uint32(addr), data))
	}
	return d
}

// burnt makes eFuses of the bytes of the four blocks.
func burnt(t *testing.T, blocks string) *efuse.Set {
	raw, err := hex.DecodeString(blocks)
	require.NoError(t, err)
	set := efuse.New()
	for block := 3; block >= 0; block-- { // BLOCK0 protects the others
		at := []int{0, 28, 60, 92}[block]
		words := make([]uint32, 8)
		for i := range words[:min(8, (len(raw)-at)/4)] {
			words[i] = binary.LittleEndian.Uint32(raw[at+4*i:])
		}
		if block == 0 {
			words = words[:7]
		}
		require.NoError(t, set.Burn(block, words))
	}
	return set
}

func cells(d *emu.Device) string {
	var all []byte
	for i := range 4 {
		all = append(all, d.Efuses.Cells(i)...)
	}
	return hex.EncodeToString(all)
}
