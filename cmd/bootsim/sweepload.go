package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/sweep/lots"
	"github.com/bootsim/bootsim/emu/update"
)

// updateFlags say what is to be installed, and how.
type updateFlags struct {
	updater, newFile, recorded, lot string
	args                            []string
}

func (f *updateFlags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.newFile, "new", "", "`FILE` of the new application (or table, or bootloader)")
	fs.StringVar(&f.recorded, "recorded", "", "`FILE` of recorded flash operations, JSON lines, to take as the updater")
	fs.StringVar(&f.lot, "lot", "", "this lot only")
	fs.StringArrayVar(&f.args, "flash-args", nil, "`\"0x1000 a.bin 0x8000 b.bin\"`: addresses and files, as esptool takes them")
}

// scenarios loads lots and puts them into the field.
func (a *app) scenarios(paths []string, f *updateFlags, dev *deviceFlags) ([]lots.Prepared, map[string]bool, error) {
	src, err := a.load(paths, f.args, dev)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range src.notes {
		fmt.Fprintln(a.stderr, "note: "+n)
	}
	list, err := pick(src.lots, f.lot)
	if err != nil {
		return nil, nil, err
	}
	q, err := a.request(f, src)
	if err != nil {
		return nil, nil, err
	}
	var out []lots.Prepared
	for i := range list {
		p, err := lots.Prepare(&list[i], model.Engine{}, q)
		if err != nil {
			return nil, nil, planError(err)
		}
		out = append(out, p...)
	}
	return out, src.inputs, nil
}

// request reads what is to be installed.
func (a *app) request(f *updateFlags, src *source) (lots.Request, error) {
	q := lots.Request{Spec: f.updater, Releases: src.releases}
	if f.newFile != "" {
		b, err := input.ReadFile(a.fs, f.newFile)
		if err != nil {
			return q, err
		}
		q.New, q.NewName = b, f.newFile
		src.read(f.newFile)
	}
	if f.recorded != "" {
		b, err := input.ReadFile(a.fs, f.recorded)
		if err != nil {
			return q, err
		}
		if q.Recorded, err = update.ParseRecorded(b); err != nil {
			return q, usagef("--recorded %s: %v", f.recorded, err)
		}
		src.read(f.recorded)
	}
	return q, nil
}
