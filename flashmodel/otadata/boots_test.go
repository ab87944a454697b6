package otadata_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/fixtures/refdata"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// boot is a recorded boot of a real bootloader.
type boot struct {
	Bootloader, ID string
	Before         []string
	Rows           uint32
	Slots          map[string]uint32
	Factory        *uint32
	Verdict        string
	First          uint32
	Repairs        bool
}

func (b boot) era() otadata.Era {
	if strings.HasPrefix(b.Bootloader, "idf-v3.1") {
		return otadata.EraLabel
	}
	return otadata.EraState
}

// first returns the offset of the partition a choice leads to: slots that the
// table lacks are passed over, downwards to the factory application and then
// upwards (spec 2.6).
func (b boot) first(c otadata.Choice) uint32 {
	from := int(c.Slot)
	if c.Verdict == otadata.VerdictFactory || c.Verdict == otadata.VerdictInvalid {
		from = -1
	}
	for i := from; i >= 0; i-- {
		if offset, ok := b.Slots[strconv.Itoa(i)]; ok && uint32(i) < b.Rows {
			return offset
		}
	}
	if b.Factory != nil {
		return *b.Factory
	}
	for i := from + 1; uint32(i) < b.Rows; i++ {
		if offset, ok := b.Slots[strconv.Itoa(i)]; ok {
			return offset
		}
	}
	return 0
}

func (b boot) line(v otadata.Verdict) string {
	switch v {
	case otadata.VerdictFactory:
		return "Defaulting to factory image"
	case otadata.VerdictFirstSlot:
		return "No factory image, trying OTA 0"
	case otadata.VerdictInvalid:
		if b.Factory == nil {
			return "ota data partition invalid and no factory, will try all partitions"
		}
		return "ota data partition invalid, falling back to factory"
	}
	return ""
}

// Bootloaders of v3.1 to v6.1 chose what Choose chooses, said what belongs to
// the verdict, and repaired otadata when Initial says so.
func TestChoiceOfBootloaders(t *testing.T) {
	var recorded struct{ Boots []boot }
	refdata.JSON(t, &recorded, "otadata", "boots.json")
	seen := map[otadata.Verdict]int{}
	for _, b := range recorded.Boots {
		t.Run(b.Bootloader+" "+b.ID, func(t *testing.T) {
			p := otadata.DecodePair(sectors(t, b.Before))
			if b.Bootloader == "idf-v4.0.1-rollback" {
				p = p.AbortPending()
			}
			c := p.Choose(b.era(), b.Rows, b.Factory != nil)
			seen[c.Verdict]++
			require.Equal(t, b.Verdict, b.line(c.Verdict))
			require.Equal(t, b.First, b.first(c))
			initial := b.era() == otadata.EraState && b.Factory == nil && p.Initial()
			require.Equal(t, b.Repairs, initial)
		})
	}
	require.Equal(t, 408, len(recorded.Boots))
	require.Len(t, seen, 4, "every verdict occurs")
}
