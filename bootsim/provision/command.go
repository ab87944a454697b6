package provision

import (
	"bytes"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espefuse"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/bootsim/tool/esptool"
	"github.com/bootsim/bootsim/bootsim/tool/genpart"
	"github.com/bootsim/bootsim/bootsim/tool/otatool"
	"github.com/bootsim/bootsim/bootsim/tool/parttool"
)

// command runs the step's tool.
func (r *runner) command(next, s *state, st *Step) (res result) {
	l := newLayer(r.shelf, s.files, st.Dir)
	if tool, known := tools()[st.Tool]; known {
		args := r.arguments(next, st, l, &res)
		var out, complaints bytes.Buffer
		env := cli.Env{FS: l, Stdin: answers(st), Stdout: &out, Stderr: &complaints, Prog: st.Tool,
			Device: next.device, Random: r.random(st)}
		if code := tool(env, args); code != cli.ExitOK {
			res.failed, res.message = true, lastWords(complaints.String(), out.String())
		}
		next.files = l.after()
	} else if after, err := l.operate(st.Tool, st.Args); err != nil {
		res.failed, res.message = true, err.Error()
	} else {
		next.files = after
	}
	res.missing, res.bytes = l.missing, l.bytes
	if res.failed && len(l.missing) > 0 {
		res.absence = l.absence(l.missing[0])
	}
	if total(next.files) > maxFiles {
		next.files = s.files
		res.failed, res.message = true, "the files that the steps have written are more than 256 MB together"
	}
	if !res.failed {
		next.remember(st, l)
	}
	return res
}

func tools() map[string]func(cli.Env, []string) int {
	return map[string]func(cli.Env, []string) int{
		"espsecure": espsecure.Run, "espefuse": espefuse.Run, "esptool": esptool.Run,
		"gen_esp32part": genpart.Run, "parttool": parttool.Run, "otatool": otatool.Run,
	}
}

// answers is what the tools read when they ask: what the script gives them, or
// else the person at the keyboard, who means what he typed.
func answers(st *Step) io.Reader {
	input := st.Input
	if input == "" && !st.NoInput {
		input = strings.Repeat("BURN\n", 8)
	}
	return strings.NewReader(input)
}

// random is a source that depends on the plan's seed and the step alone, so that
// a step draws the same key wherever in the plan it stands.
func (r *runner) random(st *Step) io.Reader {
	seed := sha256.Sum256([]byte(r.plan.Seed + "\n" + st.Tool + "\n" + strings.Join(st.Args, "\n")))
	return rand.NewChaCha8(seed)
}

// lastWords is the line in which a tool says why it stops.
func lastWords(streams ...string) string {
	for _, text := range streams {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		for i := len(lines) - 1; i >= 0; i-- {
			if line := strings.TrimSpace(lines[i]); line != "" && line != "^" {
				line = strings.TrimPrefix(strings.TrimPrefix(line, "A fatal error occurred: "), "Error: ")
				return strings.TrimSpace(line)
			}
		}
	}
	return "it says nothing"
}
