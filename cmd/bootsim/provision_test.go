package main

import (
	"encoding/json"
	"path"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/report"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/fixtures/lot"
)

// production writes the example's plans and their images, with smaller apps.
func (h *harness) production(t *testing.T, dir string) {
	t.Helper()
	for _, f := range example.PlanFiles() {
		h.write(t, path.Join(dir, f.Path), f.Data)
	}
	h.write(t, path.Join(dir, "Avior_ESP32_WiFi_OTAfactory.bin"), lot.App(lot.AppSpec{}))
	h.write(t, path.Join(dir, "Avior_ESP32_WiFi_v2.bin"), lot.App(lot.AppSpec{Size: 20 << 10}))
}

func TestProvisionExitCodes(t *testing.T) {
	h := newHarness("", nil)
	h.production(t, "line")
	h.write(t, "line/prose.txt", []byte("nothing\n"))
	h.write(t, "line/bad.yaml", []byte("version: 1\nstep: []\n"))
	h.write(t, "line/loop.sh", []byte("set -e\nfor i in 1 2; do espefuse.py summary; done\n"))
	h.write(t, "line/other-names.sh", []byte("set -e\nesptool.py write_flash 0x1000 D:/fw/boot.bin\n"))
	posted, corrected, sold := "line/"+example.PlanAsPosted, "line/"+example.PlanCorrected, "line/"+example.PlanRelease
	for _, c := range []struct {
		args []string
		want int
		says string // on either stream
	}{
		{nil, exitUsage, "provision takes one plan"},
		{[]string{posted, corrected}, exitUsage, "provision takes one plan"},
		{[]string{"--help"}, exitOK, "--check"},
		{[]string{posted}, exitOK, "step 9 (line 58)"},
		{[]string{posted, "--passed"}, exitOK, "Code: Select all"},
		{[]string{"--check", posted}, exitFindings, "no step burns FLASH_CRYPT_CONFIG"},
		{[]string{"--check", corrected}, exitOK, "note: tried 10 power cuts"},
		{[]string{"--check", corrected, "--fail-on", "note"}, exitOK, ""},
		{[]string{"--check", sold}, exitOK, "plan-order-matters"},
		{[]string{"--check", sold, "--fail-on", "note"}, exitFindings, ""},
		{[]string{"--check", corrected, "--mode", "release"}, exitFindings, "jtag-open"},
		{[]string{"--check", corrected, "--mode", "secret"}, exitUsage, "--mode secret"},
		{[]string{"--check", corrected, "--boots", "ota_0"}, exitFindings, "otadata-names-other-slot"},
		{[]string{"--check", corrected, "--flash-size", "3MB"}, exitUsage, "--flash-size 3MB"},
		{[]string{"--check", corrected, "--flash-size", "2MB"}, exitFindings, "chip-too-small"},
		{[]string{"--check", corrected, "--fail-on", "fatal"}, exitUsage, "--fail-on fatal"},
		{[]string{corrected, "--format", "json"}, exitUsage, "--format is for the verdict"},
		{[]string{"--check", corrected, "--output", "json=" + corrected}, exitUsage, "is an input"},
		{[]string{"--check", corrected, "--output", "json=line/bootloader.bin"}, exitUsage, "is an input"},
		{[]string{corrected, "--key", "k.bin"}, exitUsage, "--key and --flash-args are not for plans"},
		{[]string{"line/nosuch.sh"}, exitInput, "cannot read the plan"},
		{[]string{"line"}, exitInput, "it is a folder"},
		{[]string{"line/prose.txt"}, exitUsage, "no step in it"},
		{[]string{"line/bad.yaml"}, exitUsage, "line/bad.yaml:2:1"},
		{[]string{"line/loop.sh"}, exitFindings, "not modelled: line 2"},
		{[]string{"--check", "line/loop.sh"}, exitFindings, "plan-not-modelled"},
		{[]string{"line/other-names.sh"}, exitFindings, "FAILS: D:/fw/boot.bin is not there"},
		{[]string{"line/other-names.sh", "--file", "D:/fw/boot.bin=line/bootloader.bin"}, exitOK, "bootloader, plaintext"},
		{[]string{"line/other-names.sh", "--file", `D:\fw\boot.bin=line/bootloader.bin`}, exitOK, "bootloader, plaintext"},
		{[]string{"line/other-names.sh", "--file", "D:/fw/boot.bin"}, exitUsage, "want NAME=PATH"},
		{[]string{"line/other-names.sh", "--file", "D:/fw/boot.bin=nosuch"}, exitUsage, "there is no file nosuch"},
	} {
		got := h.call(append([]string{"provision"}, c.args...)...)
		require.Equal(t, c.want, got, "%v\n%s%s", c.args, h.out, h.err)
		require.Contains(t, h.out.String()+h.err.String(), c.says, "%v", c.args)
	}
}

// The demo's plans are judged as its folder says.
func TestDemoPlans(t *testing.T) {
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("demo", "demo"))
	require.Equal(t, exitFindings, h.call("provision", "--check", "demo/provision/"+example.PlanAsPosted))
	require.Equal(t, exitOK, h.call("provision", "--check", "--fail-on", "note", "demo/provision/"+example.PlanCorrected))
	require.Equal(t, exitOK, h.call("provision", "--check", "demo/provision/"+example.PlanRelease))
}

// Every report format takes a plan's verdict, and gives the same bytes again.
func TestProvisionFormats(t *testing.T) {
	h := newHarness("", nil)
	h.production(t, "line")
	for _, format := range report.Formats() {
		args := []string{"provision", "--check", "line/" + example.PlanAsPosted, "--format", format}
		require.Equal(t, exitFindings, h.call(args...))
		first := h.out.String()
		require.Contains(t, first, "wrong-crypt-config", format)
		require.Equal(t, exitFindings, h.call(args...))
		require.Equal(t, first, h.out.String())
	}
	require.Equal(t, exitFindings, h.call("provision", "--check", "line/"+example.PlanAsPosted, "--format", "json"))
	var r bootsim.Report
	require.NoError(t, json.Unmarshal(h.out.Bytes(), &r))
	require.Equal(t, bootsim.Fail, r.Verdict)
	require.Len(t, r.Findings, 3)
}

// That nothing boots is no label.
func TestProvisionBootsNone(t *testing.T) {
	h := newHarness("", nil)
	require.Equal(t, exitOK, h.call("demo", "demo"))
	require.Equal(t, exitUsage, h.call("provision", "--check", "--boots", "none", "demo/provision/corrected.sh"))
}
