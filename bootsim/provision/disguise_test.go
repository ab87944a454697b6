package provision_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/fixtures/example"
)

// burn is a command that bricks a device on which flash encryption is on.
const burn = "espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CNT 0x3"

// disguises are ways to write it, B.
func disguises() []string {
	return []string{"B", "if ! B; then echo failed >&2; exit 1; fi", "if B; then echo ok; else exit 1; fi", "if [ -f x ]; then\nB\nfi", "timeout 30 B",
		"timeout -k 5 30 B", "call B", "trap 'B' EXIT", "[ -f stop ] && exit 0\nB", "[ -f go ] && B", "while ! B; do sleep 1; done", "source ./more.sh && B",
		"$IDF_PATH/tools/B", "%IDF_PATH%\\B", "C:\\Users\\me>B", "(env) me@host:~/esp$ B", "(env) $ B", "(venv) PS C:\\esp> B", "[me@box esp]$ B",
		"root@abc:/# B", "# B", "@B", "!B", "1. B", "* B", "sudo B", "nohup B", "B || true", "true && B", "B &", "(B)", "{ B; }", "X='B'\n$X", "X='B'\neval \"$X\"",
		"then `B`", "sh -c 'B'", "echo y | B", "ls | xargs B", "exit 0\nB", "echo hi; B", "echo $(B)", "f() { B; }; f", "frob B", "ls # \\\nB",
		"set -- B", "Now run `B` and be glad", "`B`", ". $IDF_PATH/export.sh && B", "export X=1; B"}
}

// A burn that bricks the device, however it is written and wherever it stands,
// never leaves a good plan with PASS.
func TestNoDisguisedBurnPasses(t *testing.T) {
	for i, form := range disguises() {
		for j, head := range []string{"script", "page"} {
			burnHides(t, t, head, form, 5*i+3*j)
		}
	}
}

// Nor does one in two disguises.
func TestNoTwiceDisguisedBurnPasses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		head := rapid.SampledFrom([]string{"script", "page"}).Draw(rt, "head")
		form := rapid.SampledFrom(disguises()).Draw(rt, "form")
		if !strings.Contains(form, "\n") && form != "# B" {
			form = strings.ReplaceAll(rapid.SampledFrom([]string{"B", "timeout 9 B", "echo x; B", "cd . && B"}).Draw(rt, "outer"), "B", form)
		}
		burnHides(t, rt, head, form, rapid.IntRange(0, 99).Draw(rt, "at"))
	})
}

// burnHides puts a burn into the corrected plan and wants it noticed.
func burnHides(t *testing.T, tb require.TestingT, head, form string, at int) {
	plan := strings.ReplaceAll(text(t, example.PlanCorrected), " \\\n   ", "")
	if head == "page" {
		plan = strings.ReplaceAll(strings.ReplaceAll(plan, "#!/bin/sh\n", ""), "set -e\n", "")
	} else if form == "# B" {
		return // there it is a comment
	}
	lines := strings.Split(strings.TrimSpace(plan), "\n")
	lines = slices.Insert(lines, 1+at%len(lines), strings.ReplaceAll(form, "B", burn))
	l := newLine(t)
	p := l.load(t, "plan.sh", strings.Join(lines, "\n")+"\n")
	if len(p.Unmodelled) > 0 {
		return // no verdict is given
	}
	r, _ := l.check(t, p)
	require.NotEqual(tb, bootsim.Pass, r.Verdict, "%s\n%+v", strings.Join(lines, "\n"), p.Passed)
}
