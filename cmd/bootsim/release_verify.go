package main

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/spf13/afero"
	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

const releaseVerifyAbout = `Reads every image of a release as the devices of every lot would that it claims to
serve, without the plaintext: decrypted with the lot's key at the slot's address it has
to be a whole app for the lot's chips, of the version that is claimed. Sizes and SHA-256
are compared with the index, and the index with where the devices update to. A lot whose
key is not known gets no verdict.

PATH is the folder of a release, one file in it, or a bundle.`

type verifyFlags struct {
	checkFlags
	lots string
}

func (a *app) releaseVerify(args []string) error {
	f := verifyFlags{}
	fs := pflag.NewFlagSet("release verify PATH...", pflag.ContinueOnError)
	fs.StringVar(&f.lots, "lots", "", "`CONFIG` that describes the lots (default: bootsim.yaml beside what is verified)")
	fs.StringVar(&f.format, "format", "text", "report `FORMAT` on standard output, as of check")
	fs.StringArrayVar(&f.outputs, "output", nil, "write a report as `FORMAT=FILE`; may be given several times")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print nothing on standard output; the exit code tells")
	if more, err := a.parse(fs, args, releaseVerifyAbout); !more {
		return err
	}
	if fs.NArg() == 0 {
		return usagef("release verify: name a release folder, an artifact or a bundle")
	}
	writers, err := a.writers(&f.checkFlags)
	if err != nil {
		return err
	}
	r, inputs, err := a.verifyAll(fs.Args(), &f)
	if err != nil {
		return err
	}
	if err := a.emit(writers, r, inputs); err != nil {
		return err
	}
	return outcome(r, bootsim.Error)
}

// verifyAll verifies every path into one report.
func (a *app) verifyAll(paths []string, f *verifyFlags) (*bootsim.Report, map[string]bool, error) {
	var all *bootsim.Report
	src := source{inputs: map[string]bool{}}
	for _, p := range paths {
		s, err := a.subject(p)
		if err != nil {
			return nil, nil, err
		}
		lots, err := a.lotsFor(p, f.lots, &src)
		if err != nil {
			return nil, nil, err
		}
		src.readSubject(s)
		r := release.Verify(lots, s, check.Options{Engine: model.Engine{}, Tool: "bootsim " + buildVersion()})
		if all == nil {
			all = r
			continue
		}
		all.Lots, all.Findings = append(all.Lots, r.Lots...), append(all.Findings, r.Findings...)
		if r.Verdict != bootsim.Pass {
			all.Verdict = r.Verdict
		}
	}
	return all, src.inputs, nil
}

// readSubject remembers the files of a release, which no report may replace.
func (s *source) readSubject(of *release.Subject) {
	s.read(of.File)
	if of.Folder == nil {
		return
	}
	s.read(of.Folder.Path(release.IndexFile))
	for _, x := range of.Folder.Index.Files() {
		s.read(of.Folder.Path(x.Name))
	}
}

// subject reads what a path names.
func (a *app) subject(p string) (*release.Subject, error) {
	isDir, err := afero.IsDir(a.fs, p)
	if err != nil {
		return nil, err
	}
	s, dir := &release.Subject{}, p
	if !isDir {
		name := filepath.ToSlash(p)
		if a.hasMagic(p) {
			s.File = name
			s.Bundle, err = release.ReadBundle(a.fs, name)
			return s, err
		}
		dir, s.Only = path.Dir(name), path.Base(name)
	}
	f, err := release.Open(a.fs, dir)
	if err != nil {
		return nil, err
	}
	if s.Only != "" && !f.Names(s.Only) {
		return nil, &release.FileError{File: p, Err: fmt.Errorf("the index beside it does not name it, so it claims to serve no lot")}
	}
	s.Take(f)
	return s, nil
}

// hasMagic tells whether a file begins as a bundle does.
func (a *app) hasMagic(name string) bool {
	f, err := a.fs.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(bundle.Magic))
	n, _ := f.Read(head)
	return bundle.IsBundle(head[:n])
}

// lotsFor reads the lots: those of --lots, or of the configuration beside a path.
func (a *app) lotsFor(p, lots string, src *source) ([]bootsim.Lot, error) {
	if lots == "" {
		lots = p
		if isDir, err := afero.IsDir(a.fs, p); err == nil && !isDir {
			lots = filepath.Dir(p)
		}
	}
	file, err := a.configIn(lots, release.ConfigFile, "bootsim.yml", "release.yaml")
	if err != nil {
		return nil, fmt.Errorf("%w; --lots names what describes the lots", err)
	}
	plan, err := config.Lots(a.fs, file)
	if err != nil {
		return nil, err
	}
	src.read(plan.Files...)
	return plan.Lots, nil
}
