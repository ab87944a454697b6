package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// swept is a folder with a small plaintext device of two slots.
func swept(t *testing.T, env map[string]string) *harness {
	t.Helper()
	h := newHarness("", env)
	table := "nvs,data,nvs,0x9000,16K,\notadata,data,ota,0xd000,8K,\nota_0,app,ota_0,0x10000,64K,\nota_1,app,ota_1,,64K,\n"
	h.write(t, "images/bootloader.bin", lot.Bootloader(lot.BootloaderSpec{IDF: "v5.5.5"}))
	h.write(t, "images/partition-table.bin", lot.Table(table))
	h.write(t, "images/app.bin", lot.App(lot.AppSpec{Version: "1.0", IDF: "v5.5.5", Size: 4 << 10}))
	h.write(t, "images/flash_args", []byte("--flash_mode dio --flash_size 4MB\n0x1000 bootloader.bin\n0x8000 partition-table.bin\n0x10000 app.bin\n"))
	h.write(t, "new.bin", lot.App(lot.AppSpec{Version: "2.0", IDF: "v5.5.5", Size: 4 << 10}))
	return h
}

func TestSweepProvesAndRefutes(t *testing.T) {
	h := swept(t, nil)
	require.Equal(t, exitOK, h.call("sweep", "images", "--new", "new.bin", "--rollback", "off"), h.err.String())
	require.Contains(t, h.out.String(), "PASS")
	require.Equal(t, exitFindings, h.call("sweep", "images", "--new", "new.bin", "--rollback", "on"))
	require.Contains(t, h.out.String(), "VIOLATED        keeps-confirmed")
}

// Without --rollback both builds are swept, and each says which it is.
func TestSweepTriesBothBuilds(t *testing.T) {
	h := swept(t, nil)
	require.Equal(t, exitFindings, h.call("sweep", "images"))
	require.Contains(t, h.out.String(), "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE is not set")
	require.Contains(t, h.out.String(), "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE is set")
	require.Contains(t, h.out.String(), "with one byte changed")
}

// tokenOf takes the replay line out of a report.
func tokenOf(t *testing.T, out string) string {
	t.Helper()
	_, rest, ok := strings.Cut(out, "bootsim replay '")
	require.True(t, ok, out)
	token, _, _ := strings.Cut(rest, "'")
	return token
}

func TestReplayTellsWhatTheSweepTold(t *testing.T) {
	h := swept(t, nil)
	require.Equal(t, exitFindings, h.call("sweep", "images", "--new", "new.bin"))
	report := h.out.String()
	token := tokenOf(t, report)
	other := swept(t, nil) // another machine
	require.Equal(t, exitFindings, other.call("replay", token, "images", "--new", "new.bin"), other.err.String())
	require.Contains(t, other.out.String(), "violated: keeps-confirmed")
	for _, line := range strings.Split(other.out.String(), "\n")[1:] {
		if line != "" && !strings.HasPrefix(line, "violated") {
			require.Contains(t, report, strings.TrimSpace(line))
		}
	}
	require.Equal(t, exitFindings, other.call("replay", token, "images", "--new", "new.bin", "--console"))
	require.Contains(t, other.out.String(), "entry 0x")
}

// The line that replays has everything that was said of device and release.
func TestReplayLineIsWhole(t *testing.T) {
	h := swept(t, nil)
	require.Equal(t, exitFindings, h.call("sweep", "images", "--new", "new.bin", "--rollback", "on", "--depth", "1"))
	_, line, _ := strings.Cut(h.out.String(), "bootsim replay ")
	line, _, _ = strings.Cut(line, "\n")
	require.Equal(t, "images --new new.bin --rollback on", strings.TrimSpace(strings.SplitN(line, "'", 3)[2]))
	args := append([]string{"replay", tokenOf(t, h.out.String())}, strings.Fields(strings.SplitN(line, "'", 3)[2])...)
	require.Equal(t, exitFindings, h.call(args...), h.err.String())
	require.Equal(t, `'a b'`, quoted("a b"))
	require.Equal(t, `'it'\''s'`, quoted("it's"))
}

func TestReplayNoticesOtherImages(t *testing.T) {
	h := swept(t, nil)
	require.Equal(t, exitFindings, h.call("sweep", "images", "--new", "new.bin"))
	token := tokenOf(t, h.out.String())
	require.Equal(t, exitUsage, h.call("replay", token, "images"))
	require.Contains(t, h.err.String(), "other inputs")
	h.write(t, "images/app.bin", lot.App(lot.AppSpec{Version: "1.1", IDF: "v5.5.5", Size: 4 << 10}))
	require.Equal(t, exitUsage, h.call("replay", token, "images", "--new", "new.bin"))
}

func TestSweepUsage(t *testing.T) {
	h := swept(t, nil)
	h.write(t, "empty.bin", nil)
	h.write(t, "bad.jsonl", []byte("{\"op\":\"erase\"}\n"))
	for _, c := range []struct {
		args []string
		want int
		says string
	}{
		{[]string{"sweep", "--help"}, exitOK, ""},
		{[]string{"replay", "--help"}, exitOK, ""},
		{[]string{"sweep", "images", "--updater", "magic"}, exitUsage, `there is no updater "magic"`},
		{[]string{"sweep", "images", "--updater", "esp-ota,fast"}, exitUsage, "option of an updater"},
		{[]string{"sweep", "images", "--updater", "esp-ota,idf=latest"}, exitUsage, "latest"},
		{[]string{"sweep", "images", "--faults", "gremlins"}, exitUsage, "gremlins"},
		{[]string{"sweep", "images", "--depth", "0"}, exitUsage, "--depth 0"},
		{[]string{"sweep", "images", "--runs", "0"}, exitUsage, "--runs 0"},
		{[]string{"sweep", "images", "--bound", "99"}, exitUsage, "--bound 99"},
		{[]string{"sweep", "images", "--format", "pdf"}, exitUsage, "pdf"},
		{[]string{"sweep", "images", "--output", "json"}, exitUsage, "FORMAT=FILE"},
		{[]string{"sweep", "images", "--output", "json=images/app.bin"}, exitUsage, "input"},
		{[]string{"sweep", "images", "--svg", "new.bin"}, exitUsage, "no report"},
		{[]string{"sweep", "images", "--lot", "other"}, exitUsage, "--lot other"},
		{[]string{"sweep", "nowhere"}, exitInput, "nowhere"},
		{[]string{"sweep", "images", "--new", "nowhere.bin"}, exitInput, "nowhere.bin"},
		{[]string{"sweep", "images", "--new", "empty.bin"}, exitInput, "empty"},
		{[]string{"sweep", "images", "--recorded", "bad.jsonl"}, exitUsage, "line 1"},
		{[]string{"sweep", "images", "--updater", "sd-card"}, exitUsage, "no factory application"},
		{[]string{"sweep", "images", "--faults", "burn", "--rollback", "off"}, exitUsage, "no fault struck"},
		{[]string{"replay"}, exitUsage, "token"},
		{[]string{"replay", "bs9.AAAA", "images"}, exitUsage, "does not begin"},
		{[]string{"replay", "bs1.!!!!", "images"}, exitUsage, "damaged"},
		{[]string{"replay", "bs1.AAAAAAAAAAAA", "images"}, exitUsage, "damaged"},
	} {
		require.Equal(t, c.want, h.call(c.args...), "%v: %s", c.args, h.err)
		require.Contains(t, h.err.String(), c.says, "%v", c.args)
	}
}

// Every format is written, fits its schema, and is the same the second time.
func TestSweepReports(t *testing.T) {
	h := swept(t, nil)
	args := []string{"sweep", "images", "--new", "new.bin", "--rollback", "on", "-q", "--svg", "out/map.svg"}
	for _, f := range []string{"text", "json", "junit", "sarif", "github", "gitlab"} {
		args = append(args, "--output", f+"=out/report."+f)
	}
	require.Equal(t, exitFindings, h.call(args...), h.err.String())
	require.Empty(t, h.out.String())
	first := map[string][]byte{}
	for _, f := range []string{"report.text", "report.json", "report.junit", "report.sarif", "report.github", "report.gitlab", "map.svg"} {
		b, err := afero.ReadFile(h.fs, "out/"+f)
		require.NoError(t, err)
		require.NotEmpty(t, b)
		first[f] = b
	}
	fits(t, "../../schemas/sweep.schema.json", first["report.json"])
	fits(t, "../../fixtures/schemas/sarif-2.1.0-subset.schema.json", first["report.sarif"])
	fits(t, "../../fixtures/schemas/gitlab-code-quality.schema.json", first["report.gitlab"])
	wellFormed(t, first["report.junit"])
	wellFormed(t, first["map.svg"])
	require.Contains(t, string(first["map.svg"]), "#d62728", "no dangerous point is marked")
	again := swept(t, nil)
	require.Equal(t, exitFindings, again.call(args...))
	for f, b := range first {
		second, err := afero.ReadFile(again.fs, "out/"+f)
		require.NoError(t, err)
		require.Equal(t, string(b), string(second), f)
	}
}

func fits(t *testing.T, path string, b []byte) {
	t.Helper()
	schema, err := os.ReadFile(path)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("file:///schema.json", doc))
	s, err := c.Compile("file:///schema.json")
	require.NoError(t, err)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	require.NoError(t, err)
	require.NoError(t, s.Validate(v))
}

func wellFormed(t *testing.T, b []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

// Progress is for terminals alone, and the report is the same with it.
func TestSweepProgress(t *testing.T) {
	quiet, shown := swept(t, nil), swept(t, map[string]string{"TERMINAL": "1", "NO_COLOR": "1"})
	args := []string{"sweep", "images", "--new", "new.bin", "--faults", "all", "--rollback", "off", "--runs", "300"}
	code := quiet.call(args...)
	require.Equal(t, code, shown.call(args...))
	require.Empty(t, quiet.err.String())
	require.Contains(t, shown.err.String(), "runs")
	require.Equal(t, quiet.out.String(), shown.out.String())
	require.Contains(t, quiet.out.String(), "histories not explored (--runs)")
}

// A recording of the update's own operations is swept like the update.
func TestSweepRecording(t *testing.T) {
	h := swept(t, nil)
	app, err := afero.ReadFile(h.fs, "new.bin")
	require.NoError(t, err)
	h.write(t, "rec.jsonl", recording(t, app))
	require.Equal(t, exitOK, h.call("sweep", "images", "--new", "new.bin", "--recorded", "rec.jsonl", "--rollback", "off"), h.out.String()+h.err.String())
	require.Contains(t, h.out.String(), "recorded")
}

func recording(t *testing.T, app []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	add := func(v map[string]any) { require.NoError(t, e.Encode(v)) }
	add(map[string]any{"op": "erase", "addr": 0x20000, "size": 0x10000})
	add(map[string]any{"op": "program", "addr": 0x20000, "data": hexOf(app)})
	add(map[string]any{"op": "erase", "addr": 0xe000, "size": 0x1000})
	entry := lot.OTAData(lot.Blank(), seq2())[0x1000:0x1020]
	add(map[string]any{"op": "program", "addr": 0xe000, "data": hexOf(entry)})
	add(map[string]any{"op": "restart"})
	return b.Bytes()
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// seq2 is the entry that selects the second of two slots.
func seq2() otadata.Entry { return otadata.New(2, otadata.StateUndefined) }
