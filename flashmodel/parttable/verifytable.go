package parttable

import (
	"cmp"
	"fmt"
	"slices"
)

// Verify checks the table by the rules of the version (spec 6.2). Warnings and
// lists of offending partitions go to the options' Stderr and Stdout. The error
// is an *InputError with the reference's text.
func (s Sheet) Verify(o Options) error {
	for _, p := range s {
		if err := o.verify(p); err != nil {
			return err
		}
	}
	if err := s.verifyNames(o); err != nil {
		return err
	}
	if err := s.verifyOverlaps(o); err != nil {
		return err
	}
	return s.verifyOTAData(o)
}

func (s Sheet) verifyNames(o Options) error {
	count := make(map[string]int)
	for _, p := range s {
		count[p.Name]++
	}
	if !o.Profile.Names || len(count) == len(s) {
		return nil
	}
	o.list("A list of partitions that have the same name:")
	for _, p := range s.sorted(func(a, b Part) int { return cmp.Compare(a.Name, b.Name) }) {
		if count[p.Name] > 1 {
			o.list(p.csv(o.Profile.words))
		}
	}
	return inputErrorf("Partition names must be unique")
}

// sorted returns a sorted copy in which equal elements keep their order.
func (s Sheet) sorted(order func(a, b Part) int) Sheet {
	c := slices.Clone(s)
	slices.SortStableFunc(c, order)
	return c
}

func byOffset(a, b Part) int { return cmp.Compare(a.Offset, b.Offset) }

func (s Sheet) verifyOverlaps(o Options) error {
	var last *Part
	for _, p := range s.sorted(byOffset) {
		if p.Offset < o.tableEnd() && !o.fixed(p) {
			return inputErrorf("Partition offset 0x%x is below 0x%x", p.Offset, o.tableEnd())
		}
		if last != nil && p.Offset < last.Offset+last.Size {
			return inputErrorf("Partition at 0x%x overlaps 0x%x-0x%x", p.Offset, last.Offset, last.Offset+last.Size-1)
		}
		last = &p
	}
	return nil
}

func (s Sheet) verifyOTAData(o Options) error {
	if !o.Profile.OTADataRules {
		return nil
	}
	err := s.verifySingle(o, SubtypeOTAData, "otadata", `"ota"(0)`)
	if err != nil || !o.Profile.TEERules {
		return err
	}
	return s.verifySingle(o, SubtypeTEEOTA, "TEE otadata", `"tee_ota"(0x90)`)
}

// verifySingle checks that there is at most one data partition of a subtype,
// and that it has the size of otadata.
func (s Sheet) verifySingle(o Options, subtype int64, name, keyword string) error {
	var found Sheet
	for _, p := range s {
		if p.is(TypeData, subtype) {
			found = append(found, p)
		}
	}
	if len(found) > 1 {
		for _, p := range found {
			o.list(o.offending(p, fmt.Sprintf("%s %d %d", p.Name, p.Type, p.Subtype)))
		}
		return inputErrorf(`Found multiple %s partitions. Only one partition can be defined with type="data"(1) and subtype=%s.`, name, keyword)
	}
	if len(found) == 1 && found[0].Size != otadataSize {
		p := found[0]
		o.list(o.offending(p, fmt.Sprintf("%s %d %d %d %d", p.Name, p.Type, p.Subtype, p.Offset, p.Size)))
		return inputErrorf("%s partition must have size = 0x2000", name)
	}
	return nil
}

// offending returns the line that lists an otadata partition.
func (o Options) offending(p Part, tuple string) string {
	if o.Profile.OTADataTuples {
		return tuple
	}
	return p.csv(o.Profile.words)
}

// End returns the end of the partition with the highest offset, of several the
// first. That is what the reference takes for the size of the table in flash.
func (s Sheet) End() int64 {
	if len(s) == 0 {
		return 0
	}
	last := slices.MaxFunc(s, byOffset)
	return last.Offset + last.Size
}

// VerifySize checks that the table ends within a flash of a size in bytes.
func (s Sheet) VerifySize(flash int64, o Options) error {
	end := s.End()
	if flash >= end {
		return nil
	}
	const mb = 1 << 20
	subject := "Partitions tables occupies"
	if o.Profile.NamesInput {
		subject = fmt.Sprintf("Partitions defined in '%s' occupy", o.InputName)
	}
	return inputErrorf("%s %.1fMB of flash (%d bytes) which does not fit in configured flash size %dMB. "+
		"Change the flash size in menuconfig under the 'Serial Flasher Config' menu.",
		subject, float64(end)/mb, end, flash/mb)
}
