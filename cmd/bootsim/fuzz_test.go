package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/fixtures/lot"
	"github.com/bootsim/bootsim/fixtures/regress"
)

// smallSet writes one of the small lots as files, so that a campaign over it
// takes no time.
func smallSet(t *testing.T, h *harness, dir string) {
	t.Helper()
	l := regress.Small()[1]
	for _, p := range l.Contents {
		h.write(t, dir+"/"+p.File, p.Data)
	}
	h.write(t, dir+"/bootsim.yaml", []byte("version: 1\nlots:\n  - name: small\n    flash_size: 1MB\n    chip_revision: v1.0\n"+
		"    bootloader: {rollback: false}\n    flash:\n"+places()))
}

func places() string {
	var w strings.Builder
	for _, p := range regress.Small()[1].Contents {
		w.WriteString("      - {file: " + p.File + ", at: 0x" + strconv.FormatUint(uint64(p.Address), 16) + "}\n")
	}
	return w.String()
}

// TestFuzzShardsFromTheCommandLine cuts a campaign in two, merges the files, and
// wants the file that the whole campaign writes.
func TestFuzzShardsFromTheCommandLine(t *testing.T) {
	h := newHarness("", nil)
	smallSet(t, h, "set")
	runs := strconv.Itoa(2 * fuzz.ChunkSize)
	require.Equal(t, exitOK, h.call("fuzz", "set", "--runs", runs, "-o", "whole.json"), "%s%s", h.out, h.err)
	require.Contains(t, h.out.String(), runs+" runs")
	require.Equal(t, exitOK, h.call("fuzz", "set", "--runs", runs, "--shard", "1/2", "-o", "1.json"))
	require.Equal(t, exitOK, h.call("fuzz", "set", "--runs", runs, "--shard", "2/2", "-o", "2.json"))
	require.Equal(t, exitOK, h.call("fuzz", "merge", "2.json", "1.json", "-o", "merged.json"), "%s", h.err)
	files := contents(t, h.fs)
	require.Equal(t, files["whole.json"], files["merged.json"])
	require.Equal(t, exitOK, h.call("fuzz", "set", "--runs", "3", "--corpus", "merged.json", "-o", "more.json"), "%s", h.err)
	require.Equal(t, exitUsage, h.call("fuzz", "merge", "1.json", "1.json"))
	require.Contains(t, h.err.String(), "twice")
	require.Equal(t, exitUsage, h.call("fuzz", "set", "--runs", "1", "-o", "set/partition-table.bin"))
	require.Equal(t, exitUsage, h.call("fuzz", "set", "--runs", "1", "-o", "set/factory.bin"))
	require.Equal(t, contents(t, h.fs)["set/factory.bin"], files["set/factory.bin"])
}

// TestFuzzReplay shows a mutation again, as console, as JSON, and on other images.
func TestFuzzReplay(t *testing.T) {
	h := newHarness("", nil)
	smallSet(t, h, "set")
	c := fuzz.Case{Oracle: fuzz.OracleFlip, Mutation: fuzz.Mutation{Lot: "small", Changes: []fuzz.Change{
		{Kind: fuzz.KindFlip, At: 0x30400, Data: fuzz.Hex{1}}}}}
	require.Equal(t, exitOK, h.call("fuzz", "replay", c.Token(), "set"), "%s", h.err)
	require.Contains(t, h.out.String(), "Checksum failed")
	require.Contains(t, h.out.String(), "error app-corrupt")
	require.Contains(t, h.out.String(), "every judge is content")
	told := h.out.String()
	require.Equal(t, exitOK, h.call("replay", c.Token(), "set"), "%s", h.err)
	require.Equal(t, told, h.out.String(), "bootsim replay takes both kinds of token")
	require.Equal(t, exitUsage, h.call("replay", "fuzz1:%%%", "set"))
	require.Contains(t, h.err.String(), "not a token of `bootsim fuzz`")
	require.Equal(t, exitOK, h.call("fuzz", "replay", "--json", c.Token()))
	back, err := fuzz.ParseCase(h.out.Bytes())
	require.NoError(t, err)
	require.Equal(t, c.Token(), back.Token())
	require.Equal(t, exitUsage, h.call("fuzz", "replay", c.Token()), "the example has no such lot")
	c.Fingerprint = "0011223344556677"
	require.Equal(t, exitUsage, h.call("fuzz", "replay", c.Token(), "set"))
	require.Contains(t, h.err.String(), "not as it was")
}

// TestFuzzMistakes are mistakes on the command line, and files that are none.
func TestFuzzMistakes(t *testing.T) {
	h := newHarness("", nil)
	h.write(t, "text.txt", []byte("hello"))
	h.write(t, "app.bin", lot.App(lot.AppSpec{}))
	for _, c := range []struct {
		args []string
		want int
		says string
	}{
		{[]string{"--shard", "9/8", "--runs", "1"}, exitUsage, "want K/N"},
		{[]string{"--shard", "x", "--runs", "1"}, exitUsage, "want K/N"},
		{[]string{"--shard", "1/8"}, exitUsage, "needs --runs"},
		{[]string{"--shard", "1/8", "--runs", "9", "--for", "1s"}, exitUsage, "no --for"},
		{[]string{"--for", "-1s"}, exitUsage, "positive"},
		{[]string{"--workers", "0", "--runs", "1"}, exitUsage, "positive"},
		{[]string{"--runs", "1", "--corpus", "text.txt"}, exitInput, "not a result"},
		{[]string{"--runs", "1", "--corpus", "none.json"}, exitInput, "none.json"},
		{[]string{"nowhere", "--runs", "1"}, exitInput, "nowhere"},
		{[]string{"--runs", "1", "--signing-key", "text.txt"}, exitInput, "private key"},
		{[]string{"--runs", "1", "--signing-key", "none.pem"}, exitInput, "none.pem"},
		{[]string{"merge"}, exitUsage, "nothing to merge"},
		{[]string{"merge", "app.bin"}, exitInput, "not a result"},
		{[]string{"replay"}, exitUsage, "want a token"},
		{[]string{"replay", "fuzz1:%%%"}, exitUsage, "not a token"},
		{[]string{"replay", "other"}, exitUsage, "begin with"},
		{[]string{"--help"}, exitOK, ""},
		{[]string{"merge", "--help"}, exitOK, ""},
		{[]string{"replay", "--help"}, exitOK, ""},
	} {
		require.Equal(t, c.want, h.call(append([]string{"fuzz"}, c.args...)...), "%v: %s", c.args, h.err)
		require.Contains(t, h.err.String(), c.says, "%v", c.args)
	}
}

// TestFuzzStopsWhenTimeIsOver makes at least one round of chunks, and says how
// many runs that were.
func TestFuzzStopsWhenTimeIsOver(t *testing.T) {
	h := newHarness("", map[string]string{"TERMINAL": "yes"})
	smallSet(t, h, "set")
	require.Equal(t, exitOK, h.call("fuzz", "set", "--for", "1ns", "--workers", "1"), "%s", h.err)
	require.Regexp(t, regexp.MustCompile(`^`+strconv.Itoa(fuzz.ChunkSize)+` runs`), h.out.String())
	require.Contains(t, h.err.String(), "\r"+strconv.Itoa(fuzz.ChunkSize)+" runs")
}
