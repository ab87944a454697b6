package otadata_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// switching is one recorded run of otatool's own code.
type switching struct {
	Table      [][3]any
	Before     []string
	Size, Span int
	Target     any
	After      string `json:"after_sha256"`
	Error      string
}

func (s switching) rows() *parttable.Table {
	table := &parttable.Table{}
	for _, r := range s.Table {
		table.Entries = append(table.Entries, parttable.Entry{
			Label: parttable.Label(r[0].(string)), Type: uint8(r[1].(float64)), Subtype: uint8(r[2].(float64))})
	}
	return table
}

func (s switching) content(t *testing.T) []byte {
	content := bytes.Repeat([]byte{0xFF}, s.Size)
	for i, text := range s.Before {
		b, err := hex.DecodeString(text)
		require.NoError(t, err)
		if at := i * s.Span / 2; at < s.Size {
			copy(content[at:], b)
		}
	}
	return content
}

func (s switching) target() otadata.Target {
	if name, ok := s.Target.(string); ok {
		return otadata.ByName(name)
	}
	return otadata.BySlot(int(s.Target.(float64)))
}

// Random entries, tables with gaps, strange types and repeated labels, and
// partitions of odd sizes: otatool's code leaves the same bytes or raises the
// same exception.
func TestSwitchRandom(t *testing.T) {
	var recorded struct{ Runs []switching }
	refdata.JSON(t, &recorded, "otadata", "switch.json")
	require.Equal(t, 400, len(recorded.Runs))
	switched := 0
	for i, s := range recorded.Runs {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			after, err := otadata.Tool{Span: s.Span}.Switch(s.content(t), s.rows(), s.target())
			if s.Error != "" {
				require.EqualError(t, err, s.Error)
				return
			}
			require.NoError(t, err)
			switched++
			sum := sha256.Sum256(after)
			require.Equal(t, s.After, hex.EncodeToString(sum[:]))
		})
	}
	require.Equal(t, 187, switched)
}

// Rules of spec 2.5 that the recorded boots leave open.
func TestChooseRules(t *testing.T) {
	good := otadata.New(2, otadata.StateUndefined)
	torn := good
	torn.CRC++
	erased := otadata.Decode(nil)
	for _, era := range []otadata.Era{otadata.EraLabel, otadata.EraState} {
		p := otadata.Pair{good, erased}
		require.Equal(t, otadata.VerdictFactory, p.Choose(era, 0, true).Verdict, "no OTA rows")
		require.Equal(t, otadata.VerdictFirstSlot, p.Choose(era, 0, false).Verdict)
		require.Equal(t, otadata.VerdictInvalid, otadata.Pair{torn, erased}.Choose(era, 2, false).Verdict)
	}
	require.True(t, otadata.Pair{torn, erased}.Initial(), "a wrong CRC is as good as erased")
	require.True(t, otadata.Pair{torn, torn}.Initial())
	require.False(t, otadata.Pair{torn, good}.Initial())
	aborted := otadata.New(1, otadata.StateAborted)
	require.False(t, otadata.Pair{aborted, aborted}.Initial(), "states do not matter here")
	require.Equal(t, otadata.VerdictFactory, otadata.Pair{aborted, aborted}.Choose(otadata.EraState, 2, true).Verdict)
	require.Equal(t, otadata.VerdictEntry, otadata.Pair{aborted, aborted}.Choose(otadata.EraLabel, 2, true).Verdict)
}
