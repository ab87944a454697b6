package main

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/fixtures/example"
)

// source is what a command works on.
type source struct {
	lots     []bootsim.Lot
	releases []bootsim.Release
	notes    []string
	inputs   map[string]bool // files that were read; no report may replace them
}

// load finds image sets, or takes the embedded examples when nothing is named.
func (a *app) load(paths, flashArgs []string, dev *deviceFlags) (*source, error) {
	files := a.fs
	if len(paths) == 0 && len(flashArgs) == 0 {
		files, paths = examples(), []string{exampleDir}
	}
	size, err := dev.size()
	if err != nil {
		return nil, err
	}
	found, err := input.Find(files, input.Request{Paths: paths, FlashArgs: flashArgs, FlashSize: size, Stdin: a.stdin})
	if err != nil {
		return nil, err
	}
	s := &source{lots: found.Lots, notes: found.Notes, inputs: map[string]bool{}}
	if found.ConfigFile != "" {
		plan, err := config.Load(files, found.ConfigFile)
		if err != nil {
			return nil, err
		}
		s.lots, s.releases = append(s.lots, plan.Lots...), plan.Releases
		s.read(plan.Files...)
		s.notes = append(s.notes, unbuilt(plan.Releases)...)
	}
	s.read(dev.key, dev.bootKey, dev.efuse)
	for _, l := range found.Lots {
		for _, p := range l.Contents {
			s.read(p.File)
		}
	}
	distinct(s.lots)
	if err := dev.apply(a.fs, s.lots); err != nil {
		return nil, err
	}
	for i := range s.lots {
		s.lots[i] = check.AdoptKey(s.lots[i])
	}
	return s, nil
}

// read remembers input files by their cleaned names.
func (s *source) read(names ...string) {
	for _, n := range names {
		s.inputs[path.Clean(filepath.ToSlash(n))] = true
	}
}

// distinct makes the names of lots from several sources differ.
func distinct(lots []bootsim.Lot) {
	seen := map[string]int{}
	for i := range lots {
		name := lots[i].Name
		if seen[name]++; seen[name] > 1 {
			lots[i].Name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
	}
}

// exampleDir is where the embedded example lies in its file system in memory.
const exampleDir = "example"

func examples() afero.Fs {
	m := afero.NewMemMapFs()
	for _, f := range example.Files() {
		// A file system in memory does not fail.
		_ = afero.WriteFile(m, exampleDir+"/"+f.Path, f.Data, 0o644)
	}
	return m
}
