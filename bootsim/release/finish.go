package release

import (
	"bytes"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// finish adds bundle, index and configuration to the artifacts.
func (b *builder) finish(opt Options) (*Built, error) {
	if len(b.places) == 0 {
		return nil, &SourceError{b.release.Source, fmt.Sprintf("release %s has nothing for any lot: name an app below \"build\"", b.release.Name)}
	}
	images, err := b.bundle()
	if err != nil {
		return nil, err
	}
	index, err := b.index.Encode()
	if err != nil {
		return nil, err
	}
	config, err := b.config(opt.LotsFrom)
	if err != nil {
		return nil, err
	}
	b.files = append(b.files, Content{IndexFile, index}, Content{ConfigFile, config})
	return &Built{Index: b.index, Files: b.files, Bundle: images}, nil
}

// bundle adds the bundle and tells how many images it holds.
func (b *builder) bundle() (int, error) {
	ids := map[uint32]string{}
	var entries []bundle.Entry
	for _, p := range b.places {
		id := bundle.LotID(p.unit.lot.Name)
		if other, taken := ids[id]; taken && other != p.unit.lot.Name {
			return 0, &LotError{p.unit.lot.Name, fmt.Errorf("its name gives the same id as %q: rename one of them", other)}
		}
		ids[id] = p.unit.lot.Name
		entries = append(entries, p.entry(id))
	}
	data, err := bundle.Encode(entries)
	if err != nil {
		return 0, err
	}
	made, err := bundle.Decode(data)
	if err != nil {
		return 0, fmt.Errorf("internal error: %w", err)
	}
	name, _ := b.names.take("release-"+b.release.Name+".bundle", "the bundle")
	b.files = append(b.files, Content{name, data})
	file := fileOf(name, data)
	b.index.Bundle = &file
	return made.Images, nil
}

func (p *place) entry(lot uint32) bundle.Entry {
	e := bundle.Entry{Lot: lot, Address: p.slot.Offset, Label: p.slot.Name(), Version: p.version, Data: p.data}
	if p.encrypted {
		e.Encrypted, e.Config, e.Key = true, uint8(p.unit.device.Efuses.CryptConfig()), fingerprint(p.unit)
	}
	return e
}

// fingerprint is the key's name as a number.
func fingerprint(u *fielded) uint32 {
	// A fingerprint is eight hex digits: no error is possible.
	n, _ := strconv.ParseUint(u.key().Fingerprint(), 16, 32)
	return uint32(n)
}

// configuration is the bootsim.yaml of a release, with which check and verify
// find the lots.
type configuration struct {
	Version  int             `yaml:"version"`
	LotsFrom string          `yaml:"lots_from"`
	Releases []configRelease `yaml:"releases"`
}

type configRelease struct {
	Name      string           `yaml:"name"`
	Artifacts []configArtifact `yaml:"artifacts"`
}

type configArtifact struct {
	File      string   `yaml:"file,omitempty"`
	Bundle    string   `yaml:"bundle,omitempty"`
	Lots      []string `yaml:"lots,omitempty,flow"`
	Slots     []string `yaml:"slots,omitempty,flow"`
	Encrypted bool     `yaml:"encrypted,omitempty"`
	Version   string   `yaml:"version,omitempty"`
}

// configHead is the comment above it.
const configHead = "# Made by bootsim release build. Check it with: bootsim check; bootsim release verify\n"

func (b *builder) config(lotsFrom string) ([]byte, error) {
	r := configRelease{Name: b.release.Name}
	for _, p := range b.places {
		last := len(r.Artifacts) - 1
		if last >= 0 && r.Artifacts[last].File == p.file && r.Artifacts[last].Lots[0] == p.unit.lot.Name {
			r.Artifacts[last].Slots = append(r.Artifacts[last].Slots, p.slot.Name())
			continue
		}
		r.Artifacts = append(r.Artifacts, configArtifact{File: p.file, Lots: []string{p.unit.lot.Name}, Slots: []string{p.slot.Name()},
			Encrypted: p.encrypted, Version: p.version})
	}
	r.Artifacts = append(r.Artifacts, configArtifact{Bundle: b.index.Bundle.Name})
	out := bytes.NewBufferString(configHead)
	e := yaml.NewEncoder(out)
	e.SetIndent(2)
	err := e.Encode(configuration{Version: 1, LotsFrom: lotsFrom, Releases: []configRelease{r}})
	return out.Bytes(), err
}

// Release is what was built as check installs it, files and bundle.
func (b *Built) Release(dir func(name string) string) bootsim.Release {
	out := bootsim.Release{Name: b.Index.Release}
	data := map[string][]byte{}
	for _, f := range b.Files {
		data[f.Name] = f.Data
	}
	seen := map[string]bool{}
	for _, l := range b.Index.Lots {
		for _, u := range l.Updates {
			if u.Artifact == nil || seen[l.Name+"\x00"+u.Target.Label] {
				continue
			}
			seen[l.Name+"\x00"+u.Target.Label] = true
			out.Artifacts = append(out.Artifacts, bootsim.Artifact{File: dir(u.Artifact.Name), Data: data[u.Artifact.Name], Lots: []string{l.Name},
				Slots: []string{u.Target.Label}, Encrypted: u.Artifact.Encrypted, Version: u.Artifact.Version})
		}
	}
	return out
}
