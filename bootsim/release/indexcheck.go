package release

import (
	"encoding/hex"
	"fmt"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// check tells whether an index holds together. It comes from a file that
// anybody may have edited.
func (x *Index) check() error {
	if x.Schema != SchemaID || x.Version != indexVersion {
		return &IndexError{fmt.Sprintf("schema %q, version %d: this bootsim reads %q, version %d", x.Schema, x.Version, SchemaID, indexVersion)}
	}
	if len(x.Lots) == 0 {
		return &IndexError{"it names no lot, so the release serves no device"}
	}
	files := map[string]Artifact{}
	if x.Bundle != nil {
		if err := (&Artifact{File: *x.Bundle}).check(files); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for i := range x.Lots {
		l := &x.Lots[i]
		if l.Name == "" || seen[l.Name] || l.ID != bundle.LotID(l.Name) {
			return &IndexError{fmt.Sprintf("lot %q has no name, is there twice, or has the id of another", l.Name)}
		}
		seen[l.Name] = true
		if err := l.check(files); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lot) check(files map[string]Artifact) error {
	if len(l.Updates) == 0 {
		return &IndexError{fmt.Sprintf("lot %q has no updates", l.Name)}
	}
	seen := map[uint32]bool{}
	for _, u := range l.Updates {
		switch {
		case seen[u.Running.Address]:
			return &IndexError{fmt.Sprintf("lot %q has two updates from 0x%08x", l.Name, u.Running.Address)}
		case u.Running.Label == "" || u.Target != nil && u.Target.Label == "":
			return &IndexError{fmt.Sprintf("lot %q has a partition without a label", l.Name)}
		case u.Artifact != nil && u.Target == nil:
			return &IndexError{fmt.Sprintf("lot %q has a file for %q and no target", l.Name, u.Running.Label)}
		}
		seen[u.Running.Address] = true
		if u.Artifact == nil {
			continue
		}
		if err := u.Artifact.check(files); err != nil {
			return err
		}
	}
	return nil
}

// check tells whether a file's description is one, and the same wherever it
// stands. Files lie in the folder of the index: a name is no path.
func (a *Artifact) check(files map[string]Artifact) error {
	if a.Name == "" || a.Name != safe(a.Name) || a.Name == IndexFile || a.Name == ConfigFile {
		return &IndexError{fmt.Sprintf("%q is no name of a file beside it", a.Name)}
	}
	if sum, err := hex.DecodeString(a.SHA256); err != nil || len(sum) != 32 || a.Size == 0 || a.Size > bundle.MaxSize {
		return &IndexError{fmt.Sprintf("size or SHA-256 of %s cannot be right", a.Name)}
	}
	if other, known := files[a.Name]; known && other != *a {
		return &IndexError{fmt.Sprintf("%s is described in two ways", a.Name)}
	}
	files[a.Name] = *a
	return nil
}
