package input

import "slices"

// dropForeign leaves out images for other chips. If all are, the set is one
// for another chip. One that is the only of its sort stays: an application or
// a bootloader of the wrong chip is a mistake for a check to find.
func (f *finder) dropForeign(all []item) []item {
	others, rest := pick(all, func(it item) bool { return it.chip != "" })
	if len(others) == 0 {
		return all
	}
	native := slices.ContainsFunc(rest, item.isImage)
	if !native {
		f.noteForeign(others)
		return nil
	}
	for _, it := range others {
		if f.isMistake(it, others, rest) {
			rest = append(rest, it)
			continue
		}
		f.note("%s: an image for %s: left out", it.path, it.chip)
		f.claim(it.path)
	}
	return rest
}

// noteForeign keeps a set for another chip in mind, by one file for each chip.
func (f *finder) noteForeign(others []item) {
	seen := map[string]bool{}
	for _, it := range others {
		if !seen[it.chip] {
			f.foreign = append(f.foreign, &ChipError{File: it.path, Chip: it.chip})
		}
		seen[it.chip] = true
		f.claim(it.path)
	}
}

// isImage tells plaintext images for the ESP32.
func (it item) isImage() bool {
	switch it.kind {
	case kindBootloader, kindApp, kindShifted:
		return true
	case kindMerged:
		return it.boots
	}
	return false
}

// isMistake tells whether an image of another chip takes the place that one
// for the ESP32 should have: there is no other of its sort, but the
// counterpart for the ESP32, and nothing else for that chip.
func (f *finder) isMistake(it item, others, rest []item) bool {
	counterpart := kindApp
	switch it.kind {
	case kindBootloader:
	case kindApp:
		counterpart = kindBootloader
	default:
		return false
	}
	is := func(k kind) func(item) bool { return func(o item) bool { return o.kind == k } }
	company := func(o item) bool { return o.chip == it.chip && o.path != it.path }
	return slices.ContainsFunc(rest, is(counterpart)) && !slices.ContainsFunc(rest, is(it.kind)) &&
		!slices.ContainsFunc(others, company)
}
