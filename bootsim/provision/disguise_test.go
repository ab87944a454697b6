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

// A burn that bricks the device, however it is written and wherever it stands,
// never leaves a good plan with PASS.
func TestNoDisguisedBurnPasses(t *testing.T) {
	const burn = "espefuse.py --do-not-confirm burn_efuse FLASH_CRYPT_CNT 0x3"
	forms := []string{"B", "if ! B; then echo failed >&2; exit 1; fi", "if B; then echo ok; else exit 1; fi", "if [ -f x ]; then\nB\nfi", "timeout 30 B",
		"timeout -k 5 30 B", "call B", "trap 'B' EXIT", "[ -f stop ] && exit 0\nB", "[ -f go ] && B", "while ! B; do sleep 1; done", "source ./more.sh && B",
		"$IDF_PATH/tools/B", "%IDF_PATH%\\B", "C:\\Users\\me>B", "(env) me@host:~/esp$ B", "(env) $ B", "(venv) PS C:\\esp> B", "[me@box esp]$ B",
		"root@abc:/# B", "# B", "@B", "!B", "1. B", "* B", "sudo B", "nohup B", "B || true", "true && B", "B &", "(B)", "{ B; }", "X='B'\n$X", "X='B'\neval \"$X\"",
		"then `B`", "sh -c 'B'", "echo y | B", "ls | xargs B", "exit 0\nB", "echo hi; B", "echo $(B)", "f() { B; }; f", "frob B", "ls # \\\nB"}
	rapid.Check(t, func(rt *rapid.T) {
		plan := strings.ReplaceAll(text(t, example.PlanCorrected), " \\\n   ", "")
		head := rapid.SampledFrom([]string{"script", "page"}).Draw(rt, "head")
		form := rapid.SampledFrom(forms).Draw(rt, "form")
		if head == "page" {
			plan = strings.ReplaceAll(strings.ReplaceAll(plan, "#!/bin/sh\n", ""), "set -e\n", "")
		} else if form == "# B" {
			form = "B" // there it is a comment
		}
		if rapid.Bool().Draw(rt, "nested") && !strings.Contains(form, "\n") && form != "# B" {
			form = strings.ReplaceAll(rapid.SampledFrom([]string{"timeout 9 B", "echo x; B", "cd . && B"}).Draw(rt, "outer"), "B", form)
		}
		lines := strings.Split(strings.TrimSpace(plan), "\n")
		lines = slices.Insert(lines, rapid.IntRange(1, len(lines)).Draw(rt, "at"), strings.ReplaceAll(form, "B", burn))
		l := newLine(t)
		p := l.load(t, "plan.sh", strings.Join(lines, "\n")+"\n")
		if len(p.Unmodelled) > 0 {
			return // no verdict is given
		}
		r, _ := l.check(t, p)
		require.NotEqual(t, bootsim.Pass, r.Verdict, "%s\n%+v", strings.Join(lines, "\n"), p.Passed)
	})
}
