package parttable

// Table is a partition table in the form a device reads.
type Table struct {
	Entries []Entry // in the order of the rows
	MD5     bool    // the table carries a (fitting) MD5 row
}

// Find returns the first entry of a name.
func (t *Table) Find(name string) (Entry, bool) {
	return t.first(func(e Entry) bool { return e.Name() == name })
}

// first returns the first entry that fits.
func (t *Table) first(fits func(Entry) bool) (Entry, bool) {
	for _, e := range t.Entries {
		if fits(e) {
			return e, true
		}
	}
	return Entry{}, false
}

// last returns the last entry of a type and subtype. A bootloader goes through
// all rows and remembers the last one that fits.
func (t *Table) last(typ, subtype uint8) (Entry, bool) {
	for i := len(t.Entries) - 1; i >= 0; i-- {
		if t.Entries[i].Is(typ, subtype) {
			return t.Entries[i], true
		}
	}
	return Entry{}, false
}

// Factory returns the factory application, the last if there are several.
func (t *Table) Factory() (Entry, bool) { return t.last(TypeApp, SubtypeFactory) }

// Test returns the test application, the last if there are several.
func (t *Table) Test() (Entry, bool) { return t.last(TypeApp, SubtypeTest) }

// OTAData returns the otadata partition, the last if there are several.
func (t *Table) OTAData() (Entry, bool) { return t.last(TypeData, SubtypeOTAData) }

// Apps returns all entries of type app, in row order.
func (t *Table) Apps() []Entry {
	var apps []Entry
	for _, e := range t.Entries {
		if e.Type == TypeApp {
			apps = append(apps, e)
		}
	}
	return apps
}

// OTASlots returns the slots as a bootloader counts them (spec 2.2): as many as
// there are OTA rows, at most 16; slot N holds the last row ota_N. A slot
// without such a row is the zero Entry, which cannot be started; a row ota_N
// with N not below the count is not among them and is never started.
func (t *Table) OTASlots() []Entry {
	var slots [maxBootloaderSlots]Entry
	count := 0
	for _, e := range t.Entries {
		if e.IsOTA() {
			slots[e.Subtype-SubtypeOTA0] = e
			count++
		}
	}
	return slots[:min(count, maxBootloaderSlots)]
}

// OTARows returns the number of OTA rows, duplicates included: the modulus of
// the bootloader's slot choice. It exceeds len(OTASlots()) beyond 16.
func (t *Table) OTARows() int {
	n := 0
	for _, e := range t.Entries {
		if e.IsOTA() {
			n++
		}
	}
	return n
}

// ConsecutiveOTA returns how many slots an application counts: ota_0, ota_1 and
// so on up to the first gap (spec 2.6).
func (t *Table) ConsecutiveOTA() int {
	for n := range maxBootloaderSlots {
		if _, ok := t.last(TypeApp, uint8(SubtypeOTA0+n)); !ok {
			return n
		}
	}
	return maxBootloaderSlots
}

// Overlap is a pair of entries that share flash.
type Overlap struct{ A, B Entry }

// Overlaps returns every pair of entries that share at least one byte of flash,
// in row order. Empty partitions overlap nothing.
func (t *Table) Overlaps() []Overlap {
	var found []Overlap
	for i, a := range t.Entries {
		for _, b := range t.Entries[i+1:] {
			if uint64(a.Offset) < b.End() && uint64(b.Offset) < a.End() && a.Size > 0 && b.Size > 0 {
				found = append(found, Overlap{a, b})
			}
		}
	}
	return found
}
