package provision_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/afero"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/provision"
	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/bootsim/tool/espefuse"
	"github.com/bootsim/bootsim/bootsim/tool/espsecure"
	"github.com/bootsim/bootsim/bootsim/tool/esptool"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/emu/machine"
	"github.com/bootsim/bootsim/fixtures/example"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/crypt"
)

// bench carries out the same command lines another way: with the tools on a
// flash file and a virtual eFuse file.
type bench struct {
	fs    afero.Fs
	ended string // what the tool said that ended it
}

// run calls the tool of a step and tells whether it succeeded.
func (b *bench) run(st provision.Step) bool {
	vars := map[string]string{"BOOTSIM_FLASH_FILE": "flash.img", "BOOTSIM_FLASH_FILE_SIZE": "4MB", "BOOTSIM_EFUSE_FILE": "efuse.virt"}
	var out bytes.Buffer
	env := cli.Env{FS: b.fs, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: func(k string) string { return vars[k] }}
	code := 0
	switch st.Tool {
	case "espsecure":
		code = espsecure.Run(env, st.Args)
	case "espefuse":
		code = espefuse.Run(env, append([]string{"--virt", "--path-efuse-file", "efuse.virt"}, st.Args...))
	case "esptool":
		code = esptool.Run(env, st.Args)
	case "fill":
		_ = afero.WriteFile(b.fs, st.Args[2], bytes.Repeat([]byte{0xFF}, 8192), 0o644)
	default:
		panic(st.Tool)
	}
	b.ended = out.String()
	return code == 0
}

// boot starts the device of the files. The key that the virtual file lost when
// it was hidden comes from the key file.
func (b *bench) boot(t require.TestingT, key crypt.Key) (app string) {
	flash, err := flashmodel.New(4 << 20)
	require.NoError(t, err)
	if image, err := afero.ReadFile(b.fs, "flash.img"); err == nil {
		require.NoError(t, flash.Place(0, image))
	}
	raw, err := afero.ReadFile(b.fs, "efuse.virt")
	require.NoError(t, err)
	dump, err := efuse.ParseDump(raw)
	require.NoError(t, err)
	fuses := dump.Set
	if fuses.KeyReadProtected(1) {
		require.NoError(t, fuses.PlaceFlashKey(key))
	}
	d := &emu.Device{Flash: flash, Efuses: fuses, ROM: emu.ROM2019, APBRevision: true, Cause: emu.ResetPowerOn}
	if a := machine.Run(machine.New(machine.Options{}), d, 4).Last().App; a != nil {
		return fmt.Sprintf("%s at 0x%08x", a.Label, a.Offset)
	}
	return ""
}

// Whatever order the steps of the corrected plan stand in, with one left out or
// done twice: the verdict is what the device of the same command lines, run on
// files, does.
func TestAnyOrderAgreesWithTheTools(t *testing.T) {
	const generate = "espsecure.py generate_flash_encryption_key $KEY\n"
	key := example.Key()
	raw := key.Bytes()
	body := text(t, example.PlanCorrected, generate, "")
	rapid.Check(t, func(rt *rapid.T) {
		l := newLine(t)
		l.write(t, "My_encryption_key.bin", raw[:])
		p := l.load(t, "plan.sh", body)
		p.Steps = rapid.Permutation(p.Steps).Draw(rt, "order")
		if rapid.Bool().Draw(rt, "shorter") {
			p.Steps = p.Steps[1:]
		}
		if rapid.Bool().Draw(rt, "longer") {
			p.Steps = append(p.Steps, p.Steps[rapid.IntRange(0, len(p.Steps)-1).Draw(rt, "again")])
		}
		for i := range p.Steps {
			p.Steps[i].Number = i + 1
		}
		b := &bench{fs: newLine(t).fs}
		require.NoError(rt, afero.WriteFile(b.fs, "efuse.virt", efuse.New().Virtual(), 0o644))
		require.NoError(rt, afero.WriteFile(b.fs, "My_encryption_key.bin", raw[:], 0o644))
		fails := -1
		for i, st := range p.Steps {
			if !b.run(st) {
				fails = i
				break
			}
		}
		r, _ := l.check(t, p)
		rules := strings.Join(found(r), " ")
		if fails >= 0 {
			require.Regexp(rt, "plan-step-fails|plan-file-missing", rules, b.ended)
			require.Contains(rt, r.Findings[0].Message, fmt.Sprintf("step %d ", fails+1))
			return
		}
		require.NotRegexp(rt, "plan-step-fails|plan-file-missing", rules)
		require.Equal(rt, b.boot(rt, key) == "factory at 0x00010000", r.Verdict == bootsim.Pass, rules)
	})
}

// The same plan gives the same report and the same course.
func TestDeterministic(t *testing.T) {
	for _, name := range []string{example.PlanAsPosted, example.PlanRelease} {
		l := newLine(t)
		var first, second bytes.Buffer
		for _, w := range []*bytes.Buffer{&first, &second} {
			p := l.load(t, name, text(t, name))
			_, err := provision.Run(w, l.fs, p, provision.Options{Engine: model.Engine{}})
			require.NoError(t, err)
			r, tally := l.check(t, p)
			require.NoError(t, json.NewEncoder(w).Encode([]any{r, tally}))
		}
		require.Equal(t, first.String(), second.String())
	}
}
