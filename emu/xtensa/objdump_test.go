package xtensa

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// objdump is what binutils' disassembler for the lx106, a core with a subset of
// these instructions, makes of random operands: address, word, instruction.
//
//go:embed testdata/objdump.txt
var objdump string

func TestDisassemblyIsObjdumps(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(objdump), "\n") {
		f := strings.SplitN(line, " ", 4)
		pc, err := strconv.ParseUint(f[0], 16, 32)
		require.NoError(t, err)
		w, err := strconv.ParseUint(f[1], 16, 32)
		require.NoError(t, err)
		in := Decode(uint32(w))
		name, operands, _ := strings.Cut(in.Text(uint32(pc)), "\t")
		require.Equal(t, f[2], name, line)
		seen[name] = true
		if len(f) == 4 {
			require.Equal(t, numbers(f[3]), numbers(operands), line)
		}
	}
	require.Greater(t, len(seen), 85, "mnemonics")
}

// numbers gives every number of a list of operands the same form.
func numbers(s string) string {
	var out []string
	for _, f := range strings.Split(s, ", ") {
		if v, err := strconv.ParseInt(f, 0, 64); err == nil {
			f = strconv.FormatUint(uint64(uint32(v)), 16)
		} else if v, err := strconv.ParseUint(f, 16, 32); err == nil && len(f) == 8 {
			f = strconv.FormatUint(v, 16)
		}
		out = append(out, f)
	}
	return strings.Join(out, ", ")
}
