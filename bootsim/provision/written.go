package provision

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim/diagnose"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/flashmodel"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Types and subtypes of rows that bootloader and app change by themselves.
const (
	typeData   = 0x01
	subtypeOTA = 0x00
	subtypeNVS = 0x02
)

// written lists the stretches of flash that the tools of the plan's steps wrote,
// in the order of their addresses, otadata and NVS left out: a device that has
// booted may have changed these.
func (j *judge) written(s *state) []stretch {
	var out []stretch
	for _, o := range j.trail {
		for _, op := range o.ops[:o.toolOps] {
			if op.Kind == flashmodel.OpProgram && op.Size > 0 {
				out = append(out, stretch{op.Addr, op.Size})
			}
		}
	}
	lot := j.lot(s)
	if t, ok := diagnose.IntendedTable(&diagnose.Context{Lot: &lot, Device: s.device, TableOffset: lot.TableOffset}); ok {
		for _, e := range t.Entries {
			if e.Is(typeData, subtypeOTA) || e.Is(typeData, subtypeNVS) {
				out = without(out, e)
			}
		}
	}
	return joined(without(out, parttable.Entry{Size: digestEnd}))
}

// digestEnd is where the sector ends that holds a digest of Secure Boot V1: a
// bootloader makes its own there, with another IV, and the ROM verifies it.
const digestEnd = 0x1000

// without cuts a row out of stretches.
func without(all []stretch, row parttable.Entry) (out []stretch) {
	from, to := uint64(row.Offset), row.End()
	for _, s := range all {
		begin, end := uint64(s.addr), uint64(s.addr)+uint64(s.size)
		if before := min(end, from); before > begin {
			out = append(out, stretch{s.addr, uint32(before - begin)})
		}
		if after := max(begin, to); after < end {
			out = append(out, stretch{uint32(after), uint32(end - after)})
		}
	}
	return out
}

// joined sorts stretches and joins those that touch.
func joined(all []stretch) (out []stretch) {
	slices.SortFunc(all, func(a, b stretch) int { return int(int64(a.addr) - int64(b.addr)) })
	for _, s := range all {
		if n := len(out); n > 0 && uint64(s.addr) <= uint64(out[n-1].addr)+uint64(out[n-1].size) {
			end := max(uint64(out[n-1].addr)+uint64(out[n-1].size), uint64(s.addr)+uint64(s.size))
			out[n-1].size = uint32(end - uint64(out[n-1].addr))
			continue
		}
		out = append(out, s)
	}
	return out
}

// contentOf identifies a stretch of flash as the device reads it.
func contentOf(d *emu.Device, s stretch) digest {
	b := make([]byte, s.size)
	d.Cached().Read(s.addr, b)
	return sha256.Sum256(b)
}

// sameFlash tells whether a device that has booted reads in every stretch that
// the plan wrote what it reads there at the plan's end.
func (j *judge) sameFlash(d *emu.Device) bool {
	key := deviceDigest(d)
	same, known := j.same[key]
	if !known {
		_, differs := j.differing(d)
		same = !differs
		j.same[key] = same
	}
	return same
}

// differing returns the first stretch that does not hold what the plan wrote.
func (j *judge) differing(d *emu.Device) (stretch, bool) {
	for i, s := range j.goal.written {
		if contentOf(d, s) != j.goal.contents[i] {
			return s, true
		}
	}
	return stretch{}, false
}

// lostContent names it for people.
func (j *judge) lostContent(s *state) string {
	d := j.boot(s).device
	if at, differs := j.differing(d); differs {
		return fmt.Sprintf("flash between 0x%08x and 0x%08x never gets what the plan writes there", at.addr, uint64(at.addr)+uint64(at.size))
	}
	return "the steps no longer lead to " + j.goal.app
}
