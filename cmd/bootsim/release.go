package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/release"
)

const releaseAbout = `Usage: bootsim release VERB [OPTIONS] [ARGUMENTS]

  build [CONFIG] -o DIR   make the files of a release for every lot and slot, an index, and a bundle
  serve DIR               answer devices' requests from such a folder over HTTP
  verify PATH...          read every file as the lots' devices would, without the plaintext

` + "`bootsim release VERB --help` lists a verb's options. docs/release.md describes index and\nprotocol, docs/bundle.md the bundle.\n"

// release is the command with verbs of its own.
func (a *app) release(args []string) error {
	if len(args) == 0 {
		return usagef("release takes a verb: build, serve or verify")
	}
	switch args[0] {
	case "build":
		return a.releaseBuild(args[1:])
	case "serve":
		return a.releaseServe(args[1:])
	case "verify":
		return a.releaseVerify(args[1:])
	case "help", "-h", "--help":
		_, err := fmt.Fprint(a.stdout, releaseAbout)
		return err
	}
	return usagef("release: there is no verb %q: build, serve or verify", args[0])
}

// configIn finds the configuration that a path names: the file itself, or in a
// folder the first of names that is there.
func (a *app) configIn(p string, names ...string) (string, error) {
	info, err := a.fs.Stat(p)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return p, nil
	}
	for _, n := range names {
		file := path.Join(filepath.ToSlash(p), n)
		if there, err := afero.Exists(a.fs, file); err == nil && there {
			return file, nil
		}
	}
	return "", &release.FileError{File: p, Err: fmt.Errorf("there is no %s in this folder: name the configuration", names[0])}
}

// isInput tells whether writing to name would replace one of the files read,
// by whatever path.
func (a *app) isInput(name string, inputs []string) bool {
	here, err := a.fs.Stat(name)
	for _, in := range inputs {
		if clean(in) == clean(name) {
			return true
		}
		there, inErr := a.fs.Stat(filepath.FromSlash(in))
		if err == nil && inErr == nil && os.SameFile(here, there) {
			return true
		}
	}
	return false
}

// clean is a path that can be compared with others.
func clean(name string) string {
	if abs, err := filepath.Abs(filepath.FromSlash(name)); err == nil {
		return abs
	}
	return filepath.Clean(filepath.FromSlash(name))
}

// unbuilt tells of releases that a check has nothing of to install.
func unbuilt(releases []bootsim.Release) []string {
	var out []string
	for _, r := range releases {
		if len(r.Artifacts) == 0 {
			out = append(out, fmt.Sprintf("release %s is not built yet: nothing of it was checked; `bootsim release build` makes and boots it", r.Name))
		}
	}
	return out
}
