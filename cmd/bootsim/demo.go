package main

import (
	"fmt"
	"path"

	"github.com/spf13/afero"
	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/fixtures/example"
)

const demoAbout = `Writes two example lots with a release into DIR/good, and variants that are broken
in the ways that devices in the field were: one folder each, to run check and boot on.`

func (a *app) demo(args []string) error {
	fs := pflag.NewFlagSet("demo DIR", pflag.ContinueOnError)
	if more, err := a.parse(fs, args, demoAbout); !more {
		return err
	}
	if fs.NArg() != 1 {
		return usagef("demo takes one folder to write to")
	}
	dir := fs.Arg(0)
	if empty, err := a.emptyDir(dir); err != nil || !empty {
		if err != nil {
			return err
		}
		return usagef("%s is not empty: name a new folder", dir)
	}
	if err := a.writeFiles(path.Join(dir, "good"), example.Files()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%-44s two lots and a release that boot\n", path.Join(dir, "good"))
	for _, v := range example.Variants() {
		folder := path.Join(dir, "broken-"+v.Name)
		if err := a.writeFiles(folder, v.Files); err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%-44s %s\n", folder, v.About)
	}
	folder := path.Join(dir, "provision")
	if err := a.writeFiles(folder, example.PlanFiles()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%-44s the procedure of a production line: %s, %s, %s, %s\n", folder,
		example.PlanAsPosted, example.PlanCorrected, example.PlanRelease, example.PlanSecureBoot)
	fmt.Fprintf(a.stdout, "\ntry: bootsim check %s\n", path.Join(dir, "good"))
	return nil
}

// emptyDir tells whether nothing would be replaced in a folder.
func (a *app) emptyDir(dir string) (bool, error) {
	exists, err := afero.Exists(a.fs, dir)
	if err != nil || !exists {
		return true, err
	}
	isDir, err := afero.IsDir(a.fs, dir)
	if err != nil || !isDir {
		return false, err
	}
	return afero.IsEmpty(a.fs, dir)
}

func (a *app) writeFiles(dir string, files []example.File) error {
	for _, f := range files {
		name := path.Join(dir, f.Path)
		if err := a.fs.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		if err := afero.WriteFile(a.fs, name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
