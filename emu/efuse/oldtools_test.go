package efuse_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bootsim/bootsim/emu/efuse"
	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/stretchr/testify/require"
)

// notInV3 lists the fields that espefuse 3.3.3 does not show.
func notInV3() []string {
	return []string{
		"DISABLE_APP_CPU", "DISABLE_BT", "DIS_CACHE", "CHIP_CPU_FREQ_LOW", "CHIP_CPU_FREQ_RATED",
		"VOL_LEVEL_HP_INV", "WAFER_VERSION_MINOR",
	}
}

// Virtual files that espefuse 3.3.3 was given, one with every kind of field in
// use, read here as they read there.
func TestVirtualFileReadsAsV3Reads(t *testing.T) {
	compared := 0
	for _, state := range []string{"dense", "config-hidden", "block3-hidden", "custom-mac", "coding34-protected"} {
		s := parse(t, stateFile(t, state+".virt")).Set
		for name, want := range v3JSON(t, state) {
			if name == "CHIP_VERSION" {
				continue // two bits that have other names since
			}
			f := lookup(t, name)
			value := s.Value(f, true)
			if n, ok := value.(int); ok {
				value = float64(n)
			}
			require.Equal(t, want.Value, value, "%s of %s", name, state)
			require.Equal(t, want.Readable, s.Readable(f), "%s of %s", name, state)
			compared++
		}
	}
	require.Equal(t, 188, compared)
}

func v3JSON(t *testing.T, state string) map[string]summaryEntry {
	text := string(stateFile(t, state+".v3.json"))
	var summary map[string]summaryEntry
	require.NoError(t, json.Unmarshal([]byte(text[strings.Index(text, "{"):]), &summary))
	return summary
}

// The summaries and dumps of 3.3.3 give the same eFuses as the file it read,
// but for the fields that it does not know.
func TestOldFormsGiveTheSameSet(t *testing.T) {
	for _, state := range []string{"dense", "config-hidden", "block3-hidden", "custom-mac", "coding34-protected"} {
		want := parse(t, stateFile(t, state+".virt"))
		console := parse(t, stateFile(t, state+".v3.console"))
		require.True(t, want.Set.Equal(console.Set), state)
		require.Equal(t, want.Hidden, console.Hidden, state)
		for _, ext := range []string{".v3.json", ".v3.txt"} {
			got := parse(t, stateFile(t, state+ext))
			require.Equal(t, notInV3(), got.Missing, state+ext)
			require.Equal(t, want.Hidden, got.Hidden, state+ext)
			requireKnownFields(t, want.Set, got)
		}
	}
}

func requireKnownFields(t *testing.T, want *efuse.Set, got *efuse.Dump) {
	t.Helper()
	missing := map[string]bool{}
	for _, name := range got.Missing {
		missing[name] = true
	}
	for _, f := range efuse.Fields() {
		if !missing[f.Name] {
			require.Equal(t, want.Bytes(f), got.Set.Bytes(f), f.Name)
		}
	}
}

// RD_DIS bit 3 hides what the bootloader still goes by.
func TestHiddenConfig(t *testing.T) {
	d := parse(t, stateFile(t, "config-hidden.virt"))
	require.Equal(t, [efuse.BlockCount]bool{0: true}, d.Hidden)
	require.Equal(t, [efuse.BlockCount]bool{3: true}, parse(t, stateFile(t, "block3-hidden.v3.txt")).Hidden)
}

// The layout of espefuse 2.8: names alone, bits unpadded, no field for the check
// byte. Written after its format strings.
func TestSummaryOfV2(t *testing.T) {
	text := "espefuse.py v2.8\nSecurity fuses:\n" +
		"FLASH_CRYPT_CNT        Flash encryption mode counter                     = 3 R/W (0x3)\n" +
		"BLK1                   Key                                               \n  = " + strings.Repeat("0a ", 32) + "R/W \n" +
		"Identity fuses:\n" +
		"MAC                    Factory MAC Address                               \n" +
		"  = 24:0a:c4:01:02:03 (CRC 0x38 OK) R/W \n"
	s := parse(t, []byte(text)).Set
	require.Equal(t, uint8(3), s.FlashCryptCnt())
	require.Equal(t, uint32(0x0a0a0a0a), s.Word(1, 7))
	m, ok := s.MAC()
	require.True(t, ok)
	require.Equal(t, "24:0a:c4:01:02:03", m.String())
	require.Contains(t, parse(t, []byte(text)).Missing, "ABS_DONE_0")

	dump := "EFUSE block 0:\n00100000 c4010203 0038240a 00000000 00000000 f0000000 00000000\n" +
		"EFUSE block 1:\n" + strings.Repeat("deadbeef ", 8) + "\n"
	d := parse(t, []byte(dump))
	require.True(t, d.Set.FlashEncryption())
	require.Equal(t, uint32(0xdeadbeef), d.Set.Word(1, 0))
	require.Equal(t, [efuse.BlockCount]bool{2: true, 3: true}, d.Hidden)
}

// Two sequences of commands that espefuse 3.3.3 carried out or refused: partial
// burns under 3/4 coding, and every kind of protection.
func TestReplayStepsOfV3(t *testing.T) {
	var rec recordings
	refdata.JSON(t, &rec, "espefuse", "steps.v3.json")
	replayed, refused := 0, 0
	for _, st := range rec.States {
		s := efuse.New()
		for _, step := range st.Steps {
			err := replay(t, s, step.Cmd)
			require.Equal(t, step.RC != 0, err != nil, "%s: %s: %v", st.State, step.Cmd, err)
			require.Equal(t, step.DumpAfter, readRegisters(s), "%s: %s", st.State, step.Cmd)
			replayed++
			if err != nil {
				refused++
			}
		}
	}
	require.Equal(t, []int{36, 12}, []int{replayed, refused})
}

// Changing a coded group is refused with the group's number, and nothing of the
// batch is burnt.
func TestCodedGroups(t *testing.T) {
	s, err := efuse.FromFields(map[string]any{"CODING_SCHEME": 1, "SECURE_VERSION": uint32(1 << 31)})
	require.NoError(t, err)
	before := s.Clone()
	b := s.Begin()
	require.NoError(t, b.CustomMAC(efuse.MAC{2, 2, 3, 4, 5, 6}))
	require.NoError(t, b.Field(lookup(t, "ABS_DONE_0"), 1))
	require.Equal(t, &efuse.CodedGroupError{Block: 3, Groups: []int{3}}, b.Commit())
	require.True(t, s.Equal(before))
	require.NoError(t, b.Commit(), "the batch is empty now")
	require.True(t, s.Equal(before))
	require.NoError(t, s.BurnData(2, make([]byte, 24)))
	require.True(t, s.Equal(before))
}

// The cells of a coded key are the words that espefuse 3.3.3 wrote for it.
func TestCellsOfCodedKey(t *testing.T) {
	s, err := efuse.FromFields(map[string]any{"CODING_SCHEME": 1})
	require.NoError(t, err)
	b := s.Begin()
	require.NoError(t, b.Key("flash_encryption", stateFile(t, "k24.bin"), false))
	require.NoError(t, b.Commit())
	require.Equal(t, stateFile(t, "k24.coded.bin"), s.Cells(1))
}
