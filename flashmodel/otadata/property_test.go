package otadata_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// The checksums that spec 2.5 gives.
func TestCRC(t *testing.T) {
	for seq, want := range map[uint32]uint32{1: 0x4743989A, 2: 0x55F63774, 3: 0xED4A5011, 4: 0x709D68A8} {
		require.Equal(t, want, otadata.CRC(seq))
	}
}

func TestStates(t *testing.T) {
	require.Equal(t, "PENDING_VERIFY", otadata.StatePendingVerify.String())
	require.Equal(t, "unknown (0x00000007)", otadata.State(7).String())
}

func TestSlotRefused(t *testing.T) {
	_, err := otadata.NextSeq(1, 2, 2)
	var slot *otadata.SlotError
	require.ErrorAs(t, err, &slot)
	_, err = otadata.NextSeq(otadata.Erased, 0, 0)
	require.ErrorAs(t, err, &slot)
	_, err = otadata.NextSeq(0xFFFFFFFE, 2, 0)
	var overflow *otadata.OverflowError
	require.ErrorAs(t, err, &overflow)
	seq, err := otadata.NextSeq(0xFFFFFFFE, 2, 1)
	require.NoError(t, err)
	require.Equal(t, uint32(0xFFFFFFFE), seq, "the slot that is active already")
	require.Zero(t, otadata.Slot(5, 0))
}

// An entry is written as it was read, and a new one has a good checksum.
func TestEntry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "entry")
		again := otadata.Decode(b).Encode()
		require.Equal(t, b, again[:])

		seq := rapid.Uint32().Draw(t, "seq")
		e := otadata.New(seq, otadata.StateValid)
		stored := e.Encode()
		require.Equal(t, e, otadata.Decode(stored[:]))
		require.True(t, e.CRCOK())
		require.Equal(t, seq == 0xFFFFFFFF, e.Erased())
		stored[rapid.IntRange(0, 3).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		require.False(t, otadata.Decode(stored[:]).CRCOK())
	})
}

func drawSmallEntry(t *rapid.T) otadata.Entry {
	e := otadata.New(rapid.Uint32Range(0, 40).Draw(t, "seq"), otadata.State(rapid.Uint32Range(0, 5).Draw(t, "state")))
	switch rapid.IntRange(0, 3).Draw(t, "fault") {
	case 0:
		e.CRC++
	case 1:
		e = otadata.Decode(nil)
	}
	return e
}

// After an application has selected a slot, a bootloader of the same era
// chooses it, and the number is the smallest one that does.
func TestSelectedSlotIsChosen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := otadata.Pair{drawSmallEntry(t), drawSmallEntry(t)}
		era := rapid.SampledFrom([]otadata.Era{otadata.EraLabel, otadata.EraState}).Draw(t, "era")
		slots := rapid.Uint32Range(1, 16).Draw(t, "slots")
		target := rapid.Uint32Range(0, slots-1).Draw(t, "target")
		active := p.Active(era)
		index, seq, err := p.Next(era, slots, target)
		require.NoError(t, err)
		require.NotEqual(t, active, index)
		if active != otadata.None {
			require.GreaterOrEqual(t, seq, p[active].Seq)
			require.True(t, seq < p[active].Seq+slots || p[active].Seq == 0 && seq < slots)
		}
		p[index] = otadata.New(seq, otadata.StateUndefined)
		c := p.Choose(era, slots, true)
		require.Equal(t, otadata.VerdictEntry, c.Verdict)
		if seq != 0 { // number 0 names slot 0xFFFFFFFF mod n, another one unless n is a power of two
			require.Equal(t, target, c.Slot)
		}
	})
}

// otatool leaves everything alone but number and checksum of the entry that
// does not count.
func TestSwitchTouchesOneEntry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := &parttable.Table{}
		slots := rapid.IntRange(1, 16).Draw(t, "slots")
		for i := range slots {
			table.Entries = append(table.Entries, parttable.Entry{Subtype: uint8(parttable.SubtypeOTA0 + i)})
		}
		before := otadata.Pair{drawSmallEntry(t), drawSmallEntry(t)}
		content := make([]byte, otadata.Size)
		for i, e := range before {
			b := e.Encode()
			copy(content[i*otadata.SectorSize:], b[:])
		}
		target := rapid.IntRange(0, slots-1).Draw(t, "target")
		after, err := otadata.Tool{}.Switch(content, table, otadata.BySlot(target))
		require.NoError(t, err)
		index, seq, err := before.Next(otadata.EraLabel, uint32(slots), uint32(target))
		require.NoError(t, err)
		got := otadata.DecodePair(after)
		require.Equal(t, before[1-index], got[1-index])
		want := before[index]
		want.Seq, want.CRC = seq, otadata.CRC(seq)
		require.Equal(t, want, got[index])
	})
}

// Any content gives entries, a choice and an end of otatool.
func FuzzContent(f *testing.F) {
	first := otadata.New(1, otadata.StateNew).Encode()
	f.Add(first[:], uint8(2), uint8(1))
	f.Add([]byte{}, uint8(0), uint8(0))
	f.Add(append(make([]byte, otadata.SectorSize), first[:]...), uint8(16), uint8(20))
	f.Fuzz(func(t *testing.T, content []byte, slots, target uint8) {
		table := &parttable.Table{}
		for i := range min(slots, 16) {
			table.Entries = append(table.Entries, parttable.Entry{Subtype: parttable.SubtypeOTA0 + i})
		}
		p := otadata.DecodePair(content)
		for _, era := range []otadata.Era{otadata.EraLabel, otadata.EraState} {
			c := p.Choose(era, uint32(slots), false)
			require.True(t, c.Slot < uint32(slots) || c.Slot == 0)
			if _, seq, err := p.Next(era, uint32(slots), uint32(target)); err == nil {
				require.NotEqual(t, uint32(otadata.Erased), seq)
			}
		}
		tool := otadata.Tool{}
		after, err := tool.Switch(content, table, otadata.BySlot(int(target)))
		if err == nil {
			require.Len(t, after, len(content))
		}
		_, _ = tool.Read(content)
	})
}
