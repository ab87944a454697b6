package release

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// Subject is what Verify looks at.
type Subject struct {
	Folder *Folder        // nil: none
	Only   string         // of the folder, this file alone; empty: all
	Bundle *bundle.Bundle // the folder's, or one by itself; nil: none
	File   string         // name of the bundle, for messages
	broken string         // why the folder's bundle cannot be used; empty if it can
}

// Take puts a folder in, with its bundle. A bundle that cannot be read is left
// out; Verify reports it as damage.
func (s *Subject) Take(f *Folder) {
	s.Folder = f
	if b := f.Index.Bundle; b != nil && (s.Only == "" || s.Only == b.Name) {
		s.File = f.Path(b.Name)
		s.broken = f.problem(b)
		var err error
		if s.Bundle, err = bundle.Decode(f.Files[b.Name]); err != nil && s.broken == "" {
			s.broken = err.Error()
		}
	}
}

// lots lists the lots that the subject claims to serve: those of the index,
// those of the bundle, and ids of the bundle that belong to none described. A
// bundle that cannot be read was meant for every lot of the index.
func (s *Subject) lots(known []bootsim.Lot) []string {
	var out []string
	ids := map[uint32]bool{}
	add := func(name string, id uint32) {
		if !ids[id] {
			ids[id] = true
			out = append(out, name)
		}
	}
	if s.Folder != nil {
		for i := range s.Folder.Index.Lots {
			if l := &s.Folder.Index.Lots[i]; len(s.claims(l.Name)) > 0 || s.Only == "" || s.broken != "" {
				add(l.Name, l.ID)
			}
		}
	}
	if s.Bundle == nil {
		return out
	}
	for _, e := range s.Bundle.Entries {
		i := slices.IndexFunc(known, func(l bootsim.Lot) bool { return bundle.LotID(l.Name) == e.Lot })
		if i < 0 {
			add(strangerName(e.Lot), e.Lot)
			continue
		}
		add(known[i].Name, e.Lot)
	}
	return out
}

// strangerName stands for a lot of which only the id is known.
func strangerName(id uint32) string { return fmt.Sprintf(strangerFormat, id) }

const strangerFormat = "lot id 0x%08x"

// name is the file that tells which lots are served.
func (s *Subject) name() string {
	if s.Folder != nil {
		return s.Folder.Path(IndexFile)
	}
	return s.File
}

// claims is all that the subject says of a lot.
func (s *Subject) claims(name string) []*claim {
	var out []*claim
	if s.Folder != nil {
		for i := range s.Folder.Index.Lots {
			if l := &s.Folder.Index.Lots[i]; l.Name == name {
				out = s.Folder.claims(l)
			}
		}
		out = slices.DeleteFunc(out, func(c *claim) bool { return s.Only != "" && c.file != s.Folder.Path(s.Only) })
	}
	if s.Bundle == nil {
		return out
	}
	for _, e := range s.Bundle.Entries {
		if bundle.LotID(name) == e.Lot || strangerName(e.Lot) == name {
			return append(out, bundleClaims(s.Bundle, s.File, name, e.Lot)...)
		}
	}
	return out
}
