package check

import (
	"fmt"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/ota"
	"github.com/bootsim/bootsim/flashmodel/otadata"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// entryKind is all of an otadata entry that a later boot or update goes by, its
// sequence number aside.
type entryKind uint8

const (
	entryBlank   entryKind = iota // erased, or with a wrong CRC
	entryGood                     // VALID, or without a state
	entryOpen                     // NEW or PENDING_VERIFY
	entryRefused                  // INVALID or ABORTED
)

func kindOf(e otadata.Entry) entryKind {
	switch {
	case e.Erased() || !e.CRCOK():
		return entryBlank
	case e.State == otadata.StateNew || e.State == otadata.StatePendingVerify:
		return entryOpen
	case e.State == otadata.StateInvalid || e.State == otadata.StateAborted:
		return entryRefused
	}
	return entryGood
}

// otaState is what decides which slot runs next: the running slot and how
// otadata says it. Two devices in the same state take updates alike.
type otaState struct {
	running int
	active  int // entry in use, otadata.None if none
	phase   uint32
	kinds   [2]entryKind
}

func stateOf(d *emu.Device, table *parttable.Table, running int) otaState {
	s := otaState{running: running, active: otadata.None}
	data, ok := table.OTAData()
	if !ok {
		return s
	}
	pair := ota.ReadPair(d, data)
	s.active = pair.Active(otadata.EraState)
	if n := uint32(len(table.OTASlots())); s.active >= 0 && n > 0 {
		s.phase = pair[s.active].Seq % n
	}
	for i, e := range pair {
		s.kinds[i] = kindOf(e)
	}
	return s
}

// String tells how otadata says what runs.
func (s otaState) String() string {
	if s.active < 0 {
		return "no otadata entry in use"
	}
	text := fmt.Sprintf("otadata entry %d in use", s.active)
	if s.kinds[1-s.active] == entryBlank {
		text += ", the other blank"
	}
	return text
}
