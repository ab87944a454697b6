package main

import (
	"fmt"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/afero"
	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/release"
)

const releaseBuildAbout = `Makes a release from the plaintext apps below "build" in a configuration: for every lot
and slot the file that goes there, encrypted where the lot's flash is; an index by
running partition; one bundle for all; and a bootsim.yaml with which check and release
verify find the lots. Everything is booted on every lot before anything is written.

CONFIG is a file or a folder with release.yaml or bootsim.yaml (default: this folder).`

type buildFlags struct {
	out, name, format string
	force, noCheck    bool
	quiet             bool
}

func (a *app) releaseBuild(args []string) error {
	var f buildFlags
	fs := pflag.NewFlagSet("release build [CONFIG]", pflag.ContinueOnError)
	fs.StringVarP(&f.out, "out", "o", "", "`DIR` to write the release to")
	fs.StringVar(&f.name, "release", "", "`NAME` of the release, if the configuration has several to build")
	fs.BoolVar(&f.force, "force", false, "replace files in DIR")
	fs.BoolVar(&f.noCheck, "no-check", false, "write the release without booting it")
	fs.StringVar(&f.format, "format", "text", "`FORMAT` of the report on a release that does not boot")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print nothing on standard output; the exit code tells")
	if more, err := a.parse(fs, args, releaseBuildAbout); !more {
		return err
	}
	switch {
	case fs.NArg() > 1:
		return usagef("release build takes one configuration, not %d", fs.NArg())
	case f.out == "":
		return usagef("release build: name the folder to write to with -o DIR")
	}
	return a.buildRelease(path.Join(".", filepath.ToSlash(fs.Arg(0))), &f)
}

func (a *app) buildRelease(from string, f *buildFlags) error {
	writers, err := a.writers(&checkFlags{format: f.format, quiet: f.quiet})
	if err != nil {
		return err
	}
	file, err := a.configIn(from, "release.yaml", "bootsim.yaml", "bootsim.yml")
	if err != nil {
		return err
	}
	plan, err := config.Load(a.fs, file)
	if err != nil {
		return err
	}
	r, err := toBuild(plan, file, f.name)
	if err != nil {
		return err
	}
	built, err := release.Build(plan.Lots, r, release.Options{Engine: model.Engine{}, LotsFrom: a.lotsFrom(f.out, plan.Lots[0].Source)})
	if err != nil {
		return err
	}
	if err := a.replaceable(built, plan.Files, f); err != nil {
		return err
	}
	if err := a.bootable(plan.Lots, built, writers, f); err != nil {
		return err
	}
	return a.writeRelease(built, f)
}

// toBuild picks the release that has something to build.
func toBuild(plan *config.Plan, file, name string) (*bootsim.Release, error) {
	var names []string
	var found *bootsim.Release
	for i := range plan.Releases {
		if r := &plan.Releases[i]; len(r.Build) > 0 && (name == "" || name == r.Name) {
			found, names = r, append(names, r.Name)
		}
	}
	switch {
	case len(names) == 1:
		return found, nil
	case name != "":
		return nil, usagef("--release %s: %s has no such release with the key \"build\"", name, file)
	case found == nil:
		return nil, usagef("%s has no release with the key \"build\": list the plaintext apps there", file)
	}
	return nil, usagef("%s has several releases to build (%s): name one with --release", file, strings.Join(names, ", "))
}

// replaceable refuses to write over anything without consent, and over what
// was read in any case.
func (a *app) replaceable(b *release.Built, inputs []string, f *buildFlags) error {
	empty, err := a.emptyDir(f.out)
	if isDir, dirErr := afero.IsDir(a.fs, f.out); err != nil || dirErr == nil && !isDir {
		return usagef("-o %s: that is no folder", f.out)
	}
	if !empty && !f.force {
		return usagef("-o %s: the folder is not empty; name a new one, or replace files in it with --force", f.out)
	}
	for _, file := range b.Files {
		name := path.Join(filepath.ToSlash(f.out), file.Name)
		if a.isInput(name, inputs) {
			return usagef("-o %s: %s is an input of this release; choose another folder", f.out, name)
		}
		if info, err := a.fs.Stat(name); err == nil && !info.Mode().IsRegular() {
			return usagef("-o %s: %s is in the way of a file of this release and is no file itself; choose another folder", f.out, name)
		}
	}
	return nil
}

// bootable installs and boots the release on every lot, as check does.
func (a *app) bootable(lots []bootsim.Lot, b *release.Built, writers []target, f *buildFlags) error {
	if f.noCheck {
		return nil
	}
	r := b.Release(func(name string) string { return path.Join(filepath.ToSlash(f.out), name) })
	report := check.Run(lots, []bootsim.Release{r}, check.Options{Engine: model.Engine{}, Tool: "bootsim " + buildVersion(), Workers: runtime.GOMAXPROCS(0)})
	if report.Verdict == bootsim.Pass {
		return nil
	}
	if err := a.emit(writers, report, nil); err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "nothing was written to %s: the release does not boot everywhere (--no-check writes it all the same)\n", f.out)
	return errFindings
}

// summary tells who gets what.
func (a *app) summary(b *release.Built, f *buildFlags) {
	how := "every lot boots it from every slot"
	if f.noCheck {
		how = "not checked"
	}
	fmt.Fprintf(a.stdout, "release %s in %s: %s\n", b.Index.Release, f.out, how)
	for _, l := range b.Index.Lots {
		for _, u := range l.Updates {
			if u.Artifact == nil {
				fmt.Fprintf(a.stdout, "  %s, %s runs: nothing (%s)\n", l.Name, u.Running.Label, u.Reason)
				continue
			}
			fmt.Fprintf(a.stdout, "  %s, %s runs: %s to %s at 0x%08x, %d bytes%s\n", l.Name, u.Running.Label, u.Artifact.Name,
				u.Target.Label, u.Target.Address, u.Artifact.Size, map[bool]string{true: ", encrypted"}[u.Artifact.Encrypted])
		}
	}
	fmt.Fprintf(a.stdout, "  for all: %s, %d bytes, images: %d\n", b.Index.Bundle.Name, b.Index.Bundle.Size, b.Bundle)
}
