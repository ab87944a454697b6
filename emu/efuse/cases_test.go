package efuse_test

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/stretchr/testify/require"
)

// beyond lists the recorded cases whose outcome depends on more than eFuses,
// with the reason.
func beyond() map[string][]string {
	return map[string][]string{
		"the confirmation was not given":                {"confirm-no-stdin", "confirm-lower", "confirm-wrong"},
		"the virtual chip cannot show CODING_SCHEME 2":  {"coding-scheme-2"},
		"the digest of an EC key is computed elsewhere": {"digest-from-ec-key"},
	}
}

// refused lists cases that the tool's command line ends with an error, although
// there is nothing to burn: a value of zero, a factory address, or a value that
// reads back otherwise because more bits were burnt before. Their eFuses are
// compared all the same.
func refused() []string {
	return []string{"clear-cnt-to-0", "zero-on-blank", "clear-bool", "clear-config"}
}

// The recorded cases: those that a Set can carry out succeed and fail where the
// tool does, and leave the same dump.
func TestReplayCases(t *testing.T) {
	states := map[string][]byte{}
	var same, readOnly, other []string
	for _, st := range record(t).States {
		states[st.State] = stateFile(t, st.State+".virt")
	}
	for _, c := range record(t).Cases {
		file, ok := states[c.State]
		if !ok {
			other = append(other, c.ID) // a file that is no eFuse file: see ParseDump's tests
			continue
		}
		s := parse(t, file).Set
		before := readRegisters(s)
		if reasonBeyond(c.ID) != "" {
			other = append(other, c.ID)
			continue
		}
		err := replay(t, s, c.Cmd)
		if errors.Is(err, errOutOfScope) {
			require.Empty(t, c.DumpV5, c.ID)
			readOnly = append(readOnly, c.ID)
			continue
		}
		rc, want := c.RCV5, c.DumpV5
		if slices.Contains([]string{"force-other-key", "show-sensitive"}, c.ID) {
			rc, want = c.RCV4, c.DumpV4 // v5 takes options before the key for keys
		}
		require.Equal(t, rc != 0 && !slices.Contains(refused(), c.ID), err != nil, "%s: %v", c.ID, err)
		require.Equal(t, cmp.Or(want, before), readRegisters(s), c.ID)
		same = append(same, c.ID)
	}
	t.Logf("%d cases replayed", len(same))
	t.Logf("%d cases only read: %s", len(readOnly), strings.Join(readOnly, " "))
	t.Logf("%d cases out of scope: %s", len(other), strings.Join(other, " "))
	require.Equal(t, []int{80, 10, 9}, []int{len(same), len(readOnly), len(other)})
}

func reasonBeyond(id string) string {
	for reason, ids := range beyond() {
		if slices.Contains(ids, id) {
			return reason
		}
	}
	return ""
}

// The recorded refusals are refused for their own reason.
func TestRefusals(t *testing.T) {
	cases := map[string]recordedCase{}
	for _, c := range record(t).Cases {
		cases[c.ID] = c
	}
	refusal := func(id string) error {
		c := cases[id]
		require.NotZero(t, c.RCV5, id)
		return replay(t, parse(t, stateFile(t, c.State+".virt")).Set, c.Cmd)
	}
	for id, want := range map[string]error{
		"clear-cnt-bit":             &efuse.ClearError{Field: "FLASH_CRYPT_CNT"},
		"other-key-over-visible":    &efuse.ClearError{Field: "BLOCK1"},
		"key-twice-same-block":      &efuse.ClearError{Field: "BLOCK1"},
		"cnt-write-protected":       &efuse.ProtectedError{Field: "FLASH_CRYPT_CNT"},
		"uart-dl-shares-protection": &efuse.ProtectedError{Field: "UART_DOWNLOAD_DIS"},
		"key-on-protected":          &efuse.ProtectedError{Field: "BLOCK1", Read: true},
		"block-data-protected":      &efuse.ProtectedError{Field: "BLOCK1", Read: true},
		"read-protect-locked":       &efuse.ProtectedError{Field: "RD_DIS"},
		"write-protect-locked":      &efuse.ProtectedError{Field: "WR_DIS"},
		"key-24-under-none":         &efuse.KeySizeError{Block: 1, Size: 24, Want: 32},
		"key-32-under-34":           &efuse.KeySizeError{Block: 1, Size: 32, Want: 24, Scheme: efuse.Coding34},
		"block-data-under-34-32":    &efuse.KeySizeError{Block: 1, Size: 32, Want: 24, Scheme: efuse.Coding34},
		"unknown-name":              &efuse.UnknownFieldError{Name: "NO_SUCH_FUSE"},
		"lower-case-name":           &efuse.UnknownFieldError{Name: "flash_crypt_cnt", Closest: "FLASH_CRYPT_CNT"},
	} {
		require.Equal(t, want, refusal(id), id)
	}
}
