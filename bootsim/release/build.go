package release

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/flashmodel/espimage"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// Content is one file of a release folder that is yet to be written.
type Content struct {
	Name string
	Data []byte
}

// Built is a release that is made and not yet written.
type Built struct {
	Index  Index
	Files  []Content // artifacts, then bundle, index and configuration
	Bundle int       // how many images it holds
}

// Options steer Build.
type Options struct {
	Engine check.Engine
	// LotsFrom is what the configuration of the release names as the place of
	// its lots, relative to the release's folder.
	LotsFrom string
}

// SourceError tells why an app cannot be made into artifacts.
type SourceError struct {
	File   string
	Reason string
}

func (e *SourceError) Error() string { return fmt.Sprintf("%s: %s", e.File, e.Reason) }

// builder makes one release.
type builder struct {
	release  *bootsim.Release
	versions []string // of the sources
	names    names
	files    []Content
	index    Index
	places   []place
}

// place is one slot of one lot with what goes there.
type place struct {
	unit      *fielded
	slot      parttable.Entry
	source    *bootsim.Source
	file      string
	data      []byte
	encrypted bool
	version   string
}

// Build makes a release: for every lot and slot that one of its apps is for,
// the file that goes there, encrypted as the lot's devices decrypt it. Lots
// without flash encryption, and those whose chips made their own key, get the
// plaintext. The same input gives the same bytes. Errors: *SourceError for an
// app that is none or does not fit, *LotError, *bundle.LimitError.
func Build(lots []bootsim.Lot, r *bootsim.Release, opt Options) (*Built, error) {
	b := &builder{release: r, names: names{}, index: Index{Schema: SchemaID, Version: indexVersion, Release: r.Name, Lots: []Lot{}}}
	for i := range r.Build {
		v, err := versionOf(&r.Build[i])
		if err != nil {
			return nil, err
		}
		b.versions = append(b.versions, v)
	}
	for i := range lots {
		if !slices.ContainsFunc(r.Build, func(s bootsim.Source) bool { return isFor(s.Lots, lots[i].Name) }) {
			continue
		}
		u, err := field(&lots[i], opt.Engine)
		if err == nil {
			err = b.lot(u)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.finish(opt)
}

// isFor tells whether a list names something, or everything by being empty.
func isFor(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }

// versionOf checks that a source is a plaintext app, and returns its version.
func versionOf(s *bootsim.Source) (string, error) {
	im, err := espimage.Parse(s.Data)
	switch {
	case im == nil:
		return "", &SourceError{s.File, "it is no app image: `release build` wants the plaintext that the build made, not ciphertext and not a merged image"}
	case err != nil:
		return "", &SourceError{s.File, err.Error()}
	case !im.ChecksumOK() || im.HashAppended != 0 && !im.HashOK():
		return "", &SourceError{s.File, "checksum or SHA-256 do not match its content: build it anew"}
	case s.Version != "":
		return s.Version, nil
	case im.App != nil:
		return im.App.Version, nil
	}
	return "", nil
}

// lot makes the artifacts of one lot.
func (b *builder) lot(u *fielded) error {
	if len(u.slots) == 0 {
		return &LotError{u.lot.Name, fmt.Errorf("its partition table has no OTA slot to update")}
	}
	first := len(b.places)
	for _, slot := range u.slots {
		i, err := b.sourceFor(u.lot, slot)
		if err != nil {
			return err
		}
		if i < 0 {
			continue
		}
		p := place{unit: u, slot: slot, source: &b.release.Build[i], version: b.versions[i]}
		if err := b.artifact(&p); err != nil {
			return err
		}
		b.places = append(b.places, p)
	}
	b.index.Lots = append(b.index.Lots, indexLot(u, b.places[first:]))
	return nil
}

// sourceFor returns which app goes into a slot; -1 if none does.
func (b *builder) sourceFor(lot *bootsim.Lot, slot parttable.Entry) (int, error) {
	found := -1
	for i := range b.release.Build {
		s := &b.release.Build[i]
		if !isFor(s.Lots, lot.Name) || !isFor(s.Slots, slot.Name()) {
			continue
		}
		if found >= 0 {
			return 0, &LotError{lot.Name, fmt.Errorf("both %s and %s are to be built for %s: name lots or slots so that one is left",
				b.release.Build[found].File, s.File, slot.Name())}
		}
		found = i
	}
	return found, nil
}

// artifact makes the file for a place. Plaintext is one file for all.
func (b *builder) artifact(p *place) error {
	data, encrypted, err := p.unit.image(p.source.Data, p.slot.Offset, p.source.Plaintext)
	if err != nil {
		return &LotError{p.unit.lot.Name, fmt.Errorf("%s at 0x%08x: %w", p.slot.Name(), p.slot.Offset, err)}
	}
	if uint64(len(data)) > uint64(p.slot.Size) {
		return &SourceError{p.source.File, fmt.Sprintf("it has %d bytes, and %s of lot %s has 0x%x: it does not fit", len(data),
			p.slot.Name(), p.unit.lot.Name, p.slot.Size)}
	}
	stem := stemOf(p.source.File)
	wanted, content := stem+".bin", p.source.File+"\x00"+p.version
	if encrypted {
		wanted = fmt.Sprintf("%s-%s-%s-0x%x.bin", stem, p.unit.lot.Name, p.slot.Name(), p.slot.Offset)
		content = fmt.Sprintf("%s\x00%s\x00%s", p.source.File, p.unit.lot.Name, p.slot.Name())
	}
	name, fresh := b.names.take(wanted, content)
	if fresh {
		b.files = append(b.files, Content{name, data})
	}
	p.file, p.data, p.encrypted = name, data, encrypted
	return nil
}
