package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/rules"
	"github.com/bootsim/bootsim/fixtures/cboot"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// Every command line that the catalogue gives runs as it stands, on a chip of
// v3.0 that is blank. Command lines are those in backticks; nowhere else may a
// tool's file name be followed by a command.
func TestRemediesCanBeTyped(t *testing.T) {
	quoted := regexp.MustCompile("`[^`]*`")
	loose := regexp.MustCompile(`\b(espefuse|espsecure|esptool|gen_esp32part|parttool|otatool)\.py [a-z-]+`)
	ran := 0
	for _, r := range rules.All() {
		for _, text := range []string{r.Cause, r.Remedy} {
			require.NotRegexp(t, loose, quoted.ReplaceAllString(text, ""), "%s: a command line belongs into backticks", r.ID)
			for _, line := range quoted.FindAllString(text, -1) {
				if loose.MatchString(line) || strings.HasPrefix(line, "`gen_esp32part") {
					requireRuns(t, r.ID, strings.Trim(line, "`"))
					ran++
				}
			}
		}
	}
	require.Greater(t, ran, 20)
}

// requireRuns types a command line in a folder with the files that it names.
func requireRuns(t *testing.T, rule, line string) {
	t.Helper()
	h := newHarness("BURN\n", map[string]string{"BOOTSIM_EFUSE_FILE": "chip.virt"})
	h.write(t, "chip.virt", refdata.Read(t, "espefuse", "rev3.virt"))
	h.write(t, "KEY.bin", refdata.Read(t, "espsecure", "k1.bin"))
	for _, name := range []string{"APP.bin", "bootloader.bin", "bootloader-signed.bin", "bootloader-reflash-digest.bin"} {
		h.write(t, name, cboot.Image())
	}
	pem := "test-key-rsa-a.pem"
	if strings.Contains(line, "--version 1") {
		pem = "test-key-ec-a.pem"
	}
	h.write(t, "KEY.pem", refdata.Read(t, "espsecure", pem))
	h.write(t, "PARTITIONS.csv", []byte("nvs, data, nvs, 0x9000, 0x6000\nfactory, app, factory, 0x10000, 1M\n"))
	require.Zero(t, h.called(strings.Fields(line)), "%s: %s\n%s%s", rule, line, h.out, h.err)
}

// A command that a remedy names in passing is one of a tool's.
func TestRemediesNameCommands(t *testing.T) {
	word := regexp.MustCompile(`\b(burn|read|write|sign|verify|encrypt|decrypt|digest|merge|erase)_[a-z0-9_]+`)
	for _, r := range rules.All() {
		for _, name := range word.FindAllString(r.Remedy, -1) {
			known := false
			for _, tool := range tools() {
				known = known || newHarness("", nil).call(tool.name, name, "-h") == exitOK
			}
			require.True(t, known, "%s: no tool has a command %s", r.ID, name)
		}
	}
}
