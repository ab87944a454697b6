package provision

import (
	"cmp"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/flashmodel"
)

// lot describes the device of a state as a check takes it: what lies in flash,
// by the files that were written there.
func (r *runner) lot(s *state) bootsim.Lot {
	lot := r.plan.Device
	lot.Name, lot.Source = r.plan.Name, r.plan.Source
	lot.FlashSize = s.device.Flash.Size()
	lot.Efuses = s.device.Efuses.Clone()
	lot.ROM = &s.device.ROM
	rev := lot.Efuses.Revision(s.device.APBRevision)
	lot.Revision = &rev
	lot.Contents = contents(s)
	lot.KeyFiles = nil
	for _, k := range s.keys {
		lot.KeyFiles = append(lot.KeyFiles, bootsim.KeyFile{File: k.file, Key: k.key})
	}
	lot.TableOffset = r.tableOffset(lot, s)
	return lot
}

// tableOffset is where the partition table lies. The key that files were
// encrypted with tells the length of the bootloader before it.
func (r *runner) tableOffset(lot bootsim.Lot, s *state) uint32 {
	if k, ok := s.onlyKey(); ok {
		lot.Key = &k.key
	}
	return check.TableOffset(&lot)
}

// contents lists what lies in flash: first what no file accounts for, then the
// stretches of files in the order in which they were written.
func contents(s *state) []bootsim.Placement {
	flash := s.device.Flash
	blank, err := flashmodel.New(flash.Size())
	if err != nil {
		return nil // a chip of this size exists
	}
	var out []bootsim.Placement
	for _, run := range runs(flash.ChangedSectors(blank)) {
		if !covered(run, s.writes) {
			out = append(out, placement("", run.addr, run.size, flash))
		}
	}
	out = append(out, overwritten(s)...)
	for _, w := range s.writes {
		if end := uint64(w.addr) + uint64(w.size); end <= uint64(flash.Size()) && !flash.Erased(w.addr, w.size) {
			out = append(out, placement(w.file, w.addr, w.size, flash))
		}
	}
	return out
}

// overwritten lists files over parts of which another one was written, as they
// were: what lies in flash now comes over them.
func overwritten(s *state) (out []bootsim.Placement) {
	for i, w := range s.writes {
		end := uint64(w.addr) + uint64(w.size)
		later := slices.ContainsFunc(s.writes[i+1:], func(v write) bool {
			return uint64(v.addr) < end && uint64(v.addr)+uint64(v.size) > uint64(w.addr)
		})
		if later && !w.encrypt && len(w.data) == int(w.size) && end <= uint64(s.device.Flash.Size()) && !s.device.Flash.Erased(w.addr, w.size) {
			out = append(out, bootsim.Placement{File: w.file, Address: w.addr, Data: w.data})
		}
	}
	return out
}

func placement(file string, addr, size uint32, flash *flashmodel.Flash) bootsim.Placement {
	data := make([]byte, size)
	flash.Read(addr, data)
	return bootsim.Placement{File: file, Address: addr, Data: data}
}

// stretch is a range of flash, in bytes.
type stretch struct{ addr, size uint32 }

// runs joins sectors that follow each other.
func runs(sectors []uint32) (out []stretch) {
	for _, a := range sectors {
		if n := len(out); n > 0 && out[n-1].addr+out[n-1].size == a {
			out[n-1].size += flashmodel.SectorSize
			continue
		}
		out = append(out, stretch{a, flashmodel.SectorSize})
	}
	return out
}

// covered tells whether files account for every sector of a stretch.
func covered(run stretch, writes []write) bool {
	sorted := slices.Clone(writes)
	slices.SortStableFunc(sorted, func(a, b write) int { return cmp.Compare(a.addr, b.addr) })
	at := run.addr
	for _, w := range sorted {
		if w.addr&^(flashmodel.SectorSize-1) <= at {
			at = max(at, (w.addr+w.size+flashmodel.SectorSize-1)&^(flashmodel.SectorSize-1))
		}
	}
	return at >= run.addr+run.size
}
