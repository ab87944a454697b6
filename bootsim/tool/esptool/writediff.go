package esptool

import "bytes"

// writeChanged writes the sectors in which a file differs from what was flashed
// before it. If the flash then does not hold the file, because it held
// something else before, all of the file is written.
func (s *session) writeChanged(whole region, before []byte, trust bool, j job) error {
	regions := changedSectors(whole, before)
	if len(regions) == 0 {
		return s.writeUnchanged(whole, trust, j)
	}
	s.env.Print("Changed data sectors found, fast reflashing...")
	for _, r := range regions {
		plural := ""
		if len(r.data) > sectorSize {
			plural = "s"
		}
		s.env.Printf("Reflashing %d changed sector%s at 0x%08x...\n", len(r.data)/sectorSize, plural, r.addr)
		if err := s.program(r, r.addr, false); err != nil {
			return err
		}
	}
	s.env.Print("Verifying written data...")
	if s.same(whole) {
		s.env.Print("Hash of data verified.")
		return nil
	}
	s.note("Verification failed after fast reflash (flash content did not match the expected data). Reflashing the whole image...")
	return s.writeWhole(whole, j)
}

// writeUnchanged deals with a file that is the same as before.
func (s *session) writeUnchanged(whole region, trust bool, j job) error {
	if trust {
		s.env.Print("No changed sectors found and trust flash content mode is enabled, skipping write and verification.")
		return nil
	}
	if s.inFlash(whole, "No changed sectors found, verifying if data is in flash...") {
		s.env.Printf("'%s' at 0x%08x verified.\n", j.name, j.addr)
		return nil
	}
	s.note("Data not found in flash, flashing the whole image...")
	return s.writeWhole(whole, j)
}

// changedSectors returns the sectors that differ, neighbours joined, filled up
// with 0xff. Like the reference it compares by the distance from the file's
// start up to a whole number of sectors, and takes missing bytes for 0xff.
func changedSectors(new region, before []byte) []region {
	length := (len(new.data) + sectorSize - 1) / sectorSize * sectorSize
	image, old := filled(new.data, length), filled(before, max(length, len(before)))
	var changed []region
	for at := 0; at < length; {
		sector := (new.addr + uint64(at)) &^ (sectorSize - 1)
		next := min(int(sector+sectorSize-new.addr), length)
		if !bytes.Equal(image[at:next], old[at:next]) {
			changed = appendSector(changed, sector)
		}
		at = next
	}
	var out []region
	for _, r := range changed {
		if overlay(&r, new) {
			out = append(out, r)
		}
	}
	return out
}

func filled(data []byte, length int) []byte {
	out := bytes.Repeat([]byte{0xFF}, length)
	copy(out, data)
	return out
}

// appendSector adds an erased sector to a list, or to its last region.
func appendSector(list []region, sector uint64) []region {
	erased := filled(nil, sectorSize)
	if n := len(list); n > 0 && list[n-1].addr+uint64(len(list[n-1].data)) == sector {
		list[n-1].data = append(list[n-1].data, erased...)
		return list
	}
	return append(list, region{sector, erased})
}

// overlay puts a file's bytes into a region of sectors, and tells whether any
// lie there.
func overlay(r *region, file region) bool {
	from := max(r.addr, file.addr)
	to := min(r.addr+uint64(len(r.data)), file.addr+uint64(len(file.data)))
	if from >= to {
		return false
	}
	copy(r.data[from-r.addr:], file.data[from-file.addr:to-file.addr])
	return true
}
