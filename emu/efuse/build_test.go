package efuse_test

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/stretchr/testify/require"
)

// The fields that a recorded summary shows, given by name, make the recorded
// chip.
func TestFromFieldsMakesTheRecordedChips(t *testing.T) {
	for _, st := range record(t).States {
		want := parse(t, stateFile(t, st.State+".virt")).Set
		named := map[string]any{}
		var summary map[string]summaryEntry
		require.NoError(t, json.Unmarshal(stateFile(t, st.State+".v4.json"), &summary))
		for name, e := range summary {
			f := lookup(t, name)
			switch {
			case f.Derived:
			case f.Name == "MAC":
				named[name] = e.Value.(string)[:17]
			default:
				named[name] = e.Raw
			}
		}
		got, err := efuse.FromFields(named)
		require.NoError(t, err, st.State)
		require.True(t, want.Equal(got), st.State)
	}
}

// Key names take a key file's order, as espefuse burn-key does.
func TestFromFieldsKeyOrder(t *testing.T) {
	key := hex.EncodeToString(stateFile(t, "k1.bin"))
	s, err := efuse.FromFields(map[string]any{"flash_encryption": key, "FLASH_CRYPT_CNT": 1, "ENCRYPT_CONFIG": "0xF"})
	require.NoError(t, err)
	require.True(t, s.Equal(parse(t, stateFile(t, "fe-dev-visible.virt")).Set))

	k24 := hex.EncodeToString(stateFile(t, "k24.bin"))
	s, err = efuse.FromFields(map[string]any{
		"flash_encryption": k24, "CODING_SCHEME": 1, "FLASH_CRYPT_CNT": 1, "FLASH_CRYPT_CONFIG": 15, "RD_DIS": 9,
	})
	require.NoError(t, err)
	_, err = s.FlashKey()
	require.NoError(t, err)
	require.Equal(t, parse(t, stateFile(t, "coding34-visible.virt")).Set.Cells(1), s.Cells(1))

	s, err = efuse.FromFields(map[string]any{"MAC_CUSTOM": "aa:cd:ef:01:02:03"})
	require.NoError(t, err)
	require.True(t, s.Equal(parse(t, stateFile(t, "custom-mac.virt")).Set))
}

func TestFromFieldsErrors(t *testing.T) {
	secret := strings.Repeat("5a", 31)
	for name, c := range map[string]struct {
		fields map[string]any
		want   error
	}{
		"typo":          {map[string]any{"FLASH_CRYPT_CTN": 1}, &efuse.UnknownFieldError{Name: "FLASH_CRYPT_CTN", Closest: "FLASH_CRYPT_CNT"}},
		"nothing near":  {map[string]any{"partition_table": 1}, &efuse.UnknownFieldError{Name: "partition_table"}},
		"too large":     {map[string]any{"FLASH_CRYPT_CNT": 0x80}, &efuse.ValueError{Field: "FLASH_CRYPT_CNT", Reason: "128 is too large for 7 bits"}},
		"negative":      {map[string]any{"ABS_DONE_0": -1}, &efuse.ValueError{Field: "ABS_DONE_0", Reason: "takes a whole number that is not negative, such as 1, 0x1 or true"}},
		"fraction":      {map[string]any{"ABS_DONE_0": 0.5}, &efuse.ValueError{Field: "ABS_DONE_0", Reason: "takes a whole number that is not negative, such as 1, 0x1 or true"}},
		"derived":       {map[string]any{"WAFER_VERSION_MAJOR": 3}, &efuse.ValueError{Field: "WAFER_VERSION_MAJOR", Reason: "is computed from other fields: set those"}},
		"twice":         {map[string]any{"JTAG_DISABLE": 1, "DISABLE_JTAG": 0}, &efuse.ValueError{Field: "JTAG_DISABLE", Reason: "is the same field as DISABLE_JTAG"}},
		"short key":     {map[string]any{"flash_encryption": secret}, &efuse.KeySizeError{Block: 1, Size: 31, Want: 32}},
		"32 under 3/4":  {map[string]any{"BLOCK1": secret + "5a", "CODING_SCHEME": 1}, &efuse.KeySizeError{Block: 1, Size: 32, Want: 24, Scheme: efuse.Coding34}},
		"no hex":        {map[string]any{"BLOCK2": "key.bin"}, &efuse.ValueError{Field: "BLOCK2", Reason: "takes bytes in hexadecimal"}},
		"contradiction": {map[string]any{"BLOCK3": secret + "5a", "SECURE_VERSION": 1}, &efuse.ValueError{Field: "SECURE_VERSION", Reason: "contradicts another field of BLOCK3"}},
	} {
		_, err := efuse.FromFields(c.fields)
		require.Error(t, err, name)
		joined, ok := err.(interface{ Unwrap() []error })
		require.True(t, ok, name)
		require.Equal(t, []error{c.want}, joined.Unwrap(), name)
		require.NotContains(t, err.Error(), "5a5a", "a key in an error")
	}
	_, err := efuse.FromFields(map[string]any{"NOPE": 1, "ABS_DONE": 1, "CODING_SCHEME": "4"})
	require.ErrorContains(t, err, `"ABS_DONE": did you mean "ABS_DONE_0"?`)
	require.ErrorContains(t, err, "CODING_SCHEME: 4 is too large for 2 bits")
	require.ErrorContains(t, err, `no eFuse field "NOPE"`)
}
