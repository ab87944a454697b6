package input_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/fixtures/refdata"
)

// mergeRun is a recorded run of esptool merge_bin.
type mergeRun struct {
	ID     string
	CmdV4  string `json:"cmd_v4"`
	CmdV5  string `json:"cmd_v5"`
	V4, V5 struct {
		RC  int
		Len int    `json:"out_len"`
		Sum string `json:"out_sha256"`
	}
}

func mergeRuns(t *testing.T) ([]mergeRun, files) {
	var index struct {
		Inputs map[string]string `json:"merge_inputs"`
		Runs   []mergeRun        `json:"merge_bin"`
	}
	refdata.JSON(t, &index, "esptool", "index.json")
	f := files{}
	for name, stored := range index.Inputs {
		f[name] = refdata.Read(t, "esptool", stored)
	}
	return index.Runs, f
}

// What a command line of either esptool version is taken to write is what that
// esptool wrote: same bytes at same addresses, headers patched the same way.
func TestFlashArgsWriteWhatEsptoolWrote(t *testing.T) {
	runs, inputs := mergeRuns(t)
	compared := 0
	for _, run := range runs {
		if run.V4.RC != 0 || run.V4.Sum == "" || strings.HasPrefix(run.ID, "hex") || strings.HasPrefix(run.ID, "uf2") {
			continue
		}
		compared++
		for _, c := range []struct {
			cmd, sum string
			size     int
		}{{run.CmdV4, run.V4.Sum, run.V4.Len}, {run.CmdV5, run.V5.Sum, run.V5.Len}} {
			r, err := input.Find(inputs.fs(t), input.Request{FlashArgs: []string{c.cmd}})
			require.NoError(t, err, c.cmd)
			require.Equal(t, 1, len(r.Lots))
			image := flashOf(r.Lots[0], targetOffset(t, c.cmd), c.size)
			sum := sha256.Sum256(image)
			require.Equal(t, c.sum, hex.EncodeToString(sum[:]), c.cmd)
		}
	}
	require.Equal(t, 14, compared)
}

// targetOffset is where the merged file of a command starts in flash.
func targetOffset(t *testing.T, cmd string) uint32 {
	words := strings.Fields(cmd)
	for i, w := range words {
		if w == "--target-offset" {
			v, err := strconv.ParseUint(words[i+1], 0, 32)
			require.NoError(t, err)
			return uint32(v)
		}
	}
	return 0
}

func flashOf(l bootsim.Lot, from uint32, size int) []byte {
	out := bytes.Repeat([]byte{0xFF}, size)
	for _, p := range l.Contents {
		copy(out[p.Address-from:], p.Data)
	}
	return out
}

// What both esptools refuse for its addresses and files is refused.
func TestFlashArgsRefuseWhatEsptoolRefuses(t *testing.T) {
	runs, inputs := mergeRuns(t)
	refused := map[string]bool{"raw-odd-arguments": true, "raw-missing-file": true, "raw-bad-address": true,
		"raw-negative-address": true, "raw-nothing": true}
	for _, run := range runs {
		if !refused[run.ID] {
			continue
		}
		delete(refused, run.ID)
		require.NotZero(t, run.V4.RC)
		failure[*input.FileError](t, inputs, input.Request{FlashArgs: []string{run.CmdV4}})
		failure[*input.FileError](t, inputs, input.Request{FlashArgs: []string{run.CmdV5}})
	}
	require.Empty(t, refused)
}

// The Intel HEX and UF2 files that esptool made give what went into them.
func TestRecordedEncodedFiles(t *testing.T) {
	p100 := refdata.Read(t, "espsecure", "p100.bin")
	for name, address := range map[string]uint32{"merge-hex-p100.v4.out": 0x1FFF0, "merge-uf2-p100.v4.out": 0x1000} {
		f := files{name: refdata.Read(t, "esptool", name)}
		got, err := input.Placements(f.fs(t), name, 0x5000, bootsim.FormRaw)
		require.NoError(t, err)
		require.Equal(t, []bootsim.Placement{{File: name, Address: address, Data: p100}}, got)
	}
}
