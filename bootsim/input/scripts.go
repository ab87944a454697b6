package input

import (
	"path/filepath"
	"slices"
	"strings"
)

// scripts reads the esptool command lines in the scripts of a folder. A script
// that writes everything is a set of its own; if there is none, scripts that
// write different parts are taken together.
func (f *finder) scripts(d *folder) []*description {
	var whole, parts []*description
	for _, name := range d.files {
		if !isScriptName(name) || isArgFileName(name) {
			continue
		}
		for _, desc := range f.script(filepath.Join(d.path, name), d) {
			if desc.hasBootloader() && len(desc.writes) > 1 {
				whole = append(whole, desc)
			} else {
				parts = append(parts, desc)
			}
		}
	}
	whole = f.choose(whole)
	if slices.ContainsFunc(whole, f.writesApp) {
		return whole
	}
	return joined(append(whole, parts...))
}

// script returns a script's commands as descriptions: one for each way to
// flash that it holds.
func (f *finder) script(path string, d *folder) []*description {
	text, err := f.store.text(path)
	if err != nil || !strings.Contains(strings.ReplaceAll(text, "-", "_"), "write_flash") {
		return nil
	}
	all, err := f.describeCommands(path, text, []string{d.path}, true)
	if err != nil {
		f.note("%v; not used", err)
		return nil
	}
	var out []*description
	for _, desc := range all {
		desc.kind = filepath.Base(path)
		f.rebase(desc, d)
		if n := len(out); n > 0 && !collides(out[n-1], desc) && out[n-1].chip == desc.chip {
			out[n-1] = sequence([]*description{out[n-1], desc})
			continue
		}
		out = append(out, desc)
	}
	return out
}

// rebase points a script at the folder that holds its files: its own, or the
// first folder below that has all of them.
func (f *finder) rebase(desc *description, d *folder) {
	if present, _ := f.survey(desc); present > 0 {
		return
	}
	for _, sub := range d.subs {
		probe := *desc
		probe.bases = []string{sub.path}
		if present, _ := f.survey(&probe); present == len(desc.writes) {
			desc.bases = probe.bases
			return
		}
	}
}

// choose drops scripts whose files are not there, and those that flash the
// same files again with encryption, as later updates of a product do.
func (f *finder) choose(whole []*description) []*description {
	var out []*description
	for _, desc := range whole {
		if _, missing := f.survey(desc); len(missing) > 0 && !desc.foreign() {
			f.note("%s: not used: it names %s, not there", desc.source, listed(missing))
			continue
		}
		out = append(out, desc)
	}
	plain := slices.IndexFunc(out, func(d *description) bool { return !d.encrypts() && !d.foreign() })
	if plain < 0 {
		return out
	}
	first := out[plain]
	return slices.DeleteFunc(out, func(d *description) bool { return d.encrypts() && !collides(first, d) })
}

// writesApp tells whether a description writes an application: a file beyond
// the usual place of the tables.
func (f *finder) writesApp(d *description) bool {
	return slices.ContainsFunc(d.writes, func(w write) bool {
		return w.role == "" && w.address >= defaultApp && essential(w) || w.address == 0 && len(d.writes) == 1
	})
}

// joined puts descriptions together as long as they do not contradict; the
// first that does starts a new one.
func joined(all []*description) []*description {
	var out []*description
	for _, desc := range all {
		if n := len(out); n > 0 && !collides(out[n-1], desc) && out[n-1].chip == desc.chip && out[n-1].encrypts() == desc.encrypts() {
			out[n-1] = sequence([]*description{out[n-1], desc})
			continue
		}
		out = append(out, desc)
	}
	return out
}
