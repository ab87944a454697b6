package input

import "path/filepath"

// described takes the sets that descriptions in a folder name. build tells
// that folders of the build hold nothing but parts of the set.
func (f *finder) described(d *folder, ancestors []string) (taken, build bool, err error) {
	for _, t := range f.tiers(d, ancestors) {
		usable := f.usable(t)
		f.hint(d, t)
		for _, desc := range usable {
			if err := f.take(desc, d); err != nil {
				return false, false, err
			}
		}
		if len(usable) > 0 {
			return true, t.build, nil
		}
	}
	return false, false, nil
}

// hint keeps the partition table's offset of a build in mind.
func (f *finder) hint(d *folder, t tier) {
	for _, desc := range t.all {
		for _, w := range desc.writes {
			if t.build && w.role == roleTable {
				f.hints[d.path] = w.address
			}
		}
	}
}

// usable returns the descriptions of a tier whose files are there. Of several
// sets, those that miss files stand beside complete ones, as a check will say
// what is missing; alone they are not used.
func (f *finder) usable(t tier) []*description {
	var complete, broken []*description
	for _, desc := range t.all {
		present, missing := f.survey(desc)
		switch {
		case desc.foreign() || present > 0 && len(missing) == 0:
			complete = append(complete, desc)
		case present > 0:
			broken = append(broken, desc)
			fallthrough
		default:
			f.note("%s: names %s, not there", desc.source, listed(missing))
		}
	}
	if len(complete) == 0 {
		return nil
	}
	if !t.several {
		return complete[:1]
	}
	return append(complete, broken...)
}

// take makes a lot of a description.
func (f *finder) take(desc *description, d *folder) error {
	for _, w := range desc.writes {
		if path, _, ok := f.resolve(desc, w.file); ok {
			f.claim(path)
		}
	}
	lot, err := f.assemble(desc, "")
	if err != nil {
		return f.leaveOut(err)
	}
	variant := desc.name
	if variant == "" {
		variant = desc.kind
	}
	rel := d.rel
	if len(desc.bases) > 0 && desc.bases[0] != d.path && desc.bases[0] != "" && filepath.Dir(desc.bases[0]) == d.path {
		rel = filepath.Join(d.rel, filepath.Base(desc.bases[0]))
	}
	_, missing := f.survey(desc)
	return f.add(found{lot: lot, rel: rel, variant: variant, stated: true, broken: len(missing) > 0})
}
