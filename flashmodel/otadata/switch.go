package otadata

import (
	"encoding/binary"
	"fmt"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// CountError reports a choice that otatool would count up to for so long that
// it seems to hang.
type CountError struct {
	Active uint32 // sequence number it counts up to
	Steps  uint64 // steps of the count
}

// Error says what to do about it.
func (e *CountError) Error() string {
	return fmt.Sprintf("otadata: otatool would count to the sequence number 0x%08x in %d steps, "+
		"which takes minutes: erase otadata and select the slot again", e.Active, e.Steps)
}

// maxSteps bounds the count of otatool. It takes some ten million steps a
// second.
const maxSteps = 1 << 27

// Target is the slot that otatool is to select. Get one from BySlot or ByName.
type Target struct {
	slot   int
	name   string
	byName bool
}

// BySlot selects a slot by its number, from 0: the option --slot.
func BySlot(n int) Target { return Target{slot: n} }

// ByName selects a slot by its partition's label: the option --name.
func ByName(label string) Target { return Target{name: label, byName: true} }

// Switch returns the content after "otatool switch_ota_partition". Label and
// state bytes stay what they were. The error is a *ToolError, or a *CountError
// where the reference does not come to an end.
func (t Tool) Switch(content []byte, table *parttable.Table, target Target) ([]byte, error) {
	if len(content) == 0 {
		return nil, &ToolError{"Exception", "No otadata partition found"}
	}
	slots := toolSlots(table)
	if len(slots) == 0 {
		return nil, &ToolError{"Exception", "No ota app partitions found"}
	}
	slot, ok := target.find(slots)
	if !ok {
		return nil, &ToolError{"Exception", "Partition to switch to not found"}
	}
	p, err := t.entries(content)
	if err != nil {
		return nil, err
	}
	index, seq, err := p.toolNext(uint32(len(slots)), uint32(slot))
	if err != nil {
		return nil, err
	}
	out := append([]byte(nil), content...)
	at := index * t.distance()
	binary.LittleEndian.PutUint32(out[at:], seq)
	binary.LittleEndian.PutUint32(out[at+EntrySize-4:], CRC(seq))
	return out, nil
}

// toolNext returns which entry otatool writes, and its sequence number.
func (p Pair) toolNext(slots, slot uint32) (index int, seq uint32, err error) {
	active := p.Active(EraLabel)
	if active == None {
		return 0, slot + 1, nil
	}
	next := nextSeq(p[active].Seq, slots, slot)
	if steps := next / uint64(slots); steps > maxSteps {
		return 0, 0, &CountError{Active: p[active].Seq, Steps: steps}
	}
	return 1 - active, uint32(next), nil
}

// toolSlots returns the partitions otatool takes for slots: the first of each
// subtype, up to the first gap.
func toolSlots(table *parttable.Table) []parttable.Entry {
	var slots []parttable.Entry
	for subtype := parttable.SubtypeOTA0; subtype <= parttable.SubtypeOTA15; subtype++ {
		e, ok := firstOf(table, uint8(subtype))
		if !ok {
			break
		}
		slots = append(slots, e)
	}
	return slots
}

func firstOf(table *parttable.Table, subtype uint8) (parttable.Entry, bool) {
	for _, e := range table.Entries {
		if e.Subtype == subtype {
			return e, true
		}
	}
	return parttable.Entry{}, false
}

// find returns the index of the slot that is meant.
func (t Target) find(slots []parttable.Entry) (int, bool) {
	if !t.byName {
		return t.slot, t.slot >= 0 && t.slot < len(slots)
	}
	for i, e := range slots {
		if e.Name() == t.name {
			return i, true
		}
	}
	return 0, false
}
