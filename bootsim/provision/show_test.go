package provision_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/example"
)

func (l *line) run(t *testing.T, p *provision.Plan) (string, bool) {
	t.Helper()
	var out bytes.Buffer
	ok, err := provision.Run(&out, l.fs, p, provision.Options{Engine: model.Engine{}})
	require.NoError(t, err)
	return out.String(), ok
}

// The thread's commands, pasted into a file, run as a plan, and the device is
// shown after each. The course was read line by line when it was recorded.
func TestThePostedPlanRuns(t *testing.T) {
	l := newWholeLine(t)
	p := l.load(t, example.PlanAsPosted, text(t, example.PlanAsPosted))
	rev := efuse.Revision{Major: 1}
	p.Device.Revision = &rev
	got, ok := l.run(t, p)
	require.True(t, ok, "every command succeeds, and the device boots nothing")
	want, err := os.ReadFile(filepath.Join("testdata", "as-posted.txt"))
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// A step that fails ends the course, and says why.
func TestCourseEndsAtAFailure(t *testing.T) {
	l := newLine(t)
	got, ok := l.run(t, l.load(t, "plan.sh", text(t, example.PlanCorrected, "bootloader-encrypted.bin bootloader.bin", "bootloader-encrypted.bin nosuch.bin")))
	require.False(t, ok)
	require.Contains(t, got, "  FAILS: nosuch.bin is not there\n")
	require.NotContains(t, got, "step 4")

	got, ok = l.run(t, l.load(t, "plan.sh", "set -e\nespefuse.py burn_efuse NO_SUCH 1 || true\nespefuse.py summary\nfrobnicate\n"))
	require.False(t, ok, "a line is not modelled")
	require.Contains(t, got, "FAILS: ")
	require.Contains(t, got, "step 2 (line 3): espefuse.py summary\n")
	require.Contains(t, got, "not modelled: line 4: frobnicate")
}

// A device that encrypts itself shows what it wrote and burnt.
func TestCourseOfAFirstBoot(t *testing.T) {
	l := newLine(t)
	got, ok := l.run(t, l.load(t, "plan.yaml", firstBoot))
	require.True(t, ok)
	require.Contains(t, got, "step 4 (line 7): power cycle\n  eFuse: FLASH_CRYPT_CNT 0x0 -> 0x1\n")
	require.Contains(t, got, "with the device's key and FLASH_CRYPT_CONFIG 0xF, written by the device itself\n")
	require.Contains(t, got, "BLOCK1: key burnt\n")
}

// Files are copied, moved and removed in the plan's own layer.
func TestFileOperations(t *testing.T) {
	l := newLine(t)
	before := contents(t, l.fs)
	plan := "set -e\nmkdir -p out\ncp bootloader.bin out/\nmv out/bootloader.bin b.bin\ncat b.bin my_partition_table.bin > both.bin\nrm my_partition_table.bin\n" +
		"esptool.py --after no_reset write_flash 0x1000 both.bin\n"
	got, ok := l.run(t, l.load(t, "plan.sh", plan))
	require.True(t, ok, got)
	require.Contains(t, got, "both.bin: bootloader, plaintext")
	for _, last := range []string{"cp out/bootloader.bin x.bin", "cp my_partition_table.bin x.bin", "cp"} {
		got, ok = l.run(t, l.load(t, "plan.sh", plan+last+"\n"))
		require.False(t, ok, last)
		require.Regexp(t, "is not there|not modelled", got)
	}
	many := "set -e\n"
	for i := range 17 {
		many += fmt.Sprintf("dd if=/dev/zero bs=16M count=1 of=%d.bin\n", i)
	}
	got, ok = l.run(t, l.load(t, "plan.sh", many))
	require.False(t, ok)
	require.Contains(t, got, "step 17 (line 18): dd if=/dev/zero bs=16M count=1 of=16.bin\n  FAILS: the files that the steps have written are more than 256 MB")
	after := contents(t, l.fs)
	delete(after, "plan.sh")
	require.Equal(t, before, after)
}

// A burn that somebody declines is told, and a custom MAC is no key.
func TestCourseOfBurns(t *testing.T) {
	l := newLine(t)
	got, _ := l.run(t, l.load(t, "plan.sh", "set -e\necho n | espefuse.py burn_efuse JTAG_DISABLE 1 || true\nespefuse.py summary\n"))
	require.Contains(t, got, "JTAG_DISABLE 1\n")
	require.Equal(t, 1, strings.Count(got, "  eFuse: nothing burnt\n"), got)
	got, ok := l.run(t, l.load(t, "plan.sh", "set -e\nespefuse.py --do-not-confirm burn_custom_mac 12:22:33:44:55:66\n"))
	require.True(t, ok, got)
	require.Contains(t, got, "  eFuse: BLOCK3: burnt\n")
	require.NotContains(t, got, "key burnt")
	require.NotContains(t, got, "nothing burnt")
}
