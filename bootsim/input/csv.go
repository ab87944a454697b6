package input

import (
	"path/filepath"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// csvTable returns a partition table in CSV that lies in a folder, or beside a
// build folder; empty: none.
func (f *finder) csvTable(d *folder) string {
	for _, name := range d.files {
		n := strings.ToLower(name)
		if filepath.Ext(n) == ".csv" && strings.Contains(n, "partition") {
			return filepath.Join(d.path, name)
		}
	}
	if above := filepath.Join(filepath.Dir(d.path), "partitions.csv"); filepath.Base(d.path) == "build" && f.store.isFile(above) {
		return above
	}
	return ""
}

// tableFromCSV makes a binary table of a CSV file, by the newest rules and
// without their checks: what is wrong with a table is for a check to say.
func (f *finder) tableFromCSV(path string, offset uint32) (bootsim.Placement, []parttable.Entry, error) {
	text, err := f.store.text(path)
	if err != nil {
		return bootsim.Placement{}, nil, err
	}
	o := parttable.Latest()
	o.Offset, o.Verify, o.Quiet = int64(offset), false, true
	table, _, err := parttable.ParseCSV(text, o)
	if err != nil {
		return bootsim.Placement{}, nil, fileError(path, "not readable as a partition table", err)
	}
	data, err := table.Encode(o)
	if err != nil {
		return bootsim.Placement{}, nil, fileError(path, "gives no binary partition table", err)
	}
	return bootsim.Placement{File: path, Address: offset, Data: data, Role: roleTable}, table.Entries, nil
}

// statedOffset returns the offset of the partition table that a build was made
// for: as its list of files says, though the files are under other names now,
// or as its configuration says.
func (f *finder) statedOffset(at place) (uint32, bool) {
	if at.folder == nil {
		return 0, false
	}
	if v, ok := f.hints[at.folder.path]; ok {
		return v, true
	}
	return f.configuredOffset(at)
}

// configuredOffset returns CONFIG_PARTITION_TABLE_OFFSET of the sdkconfig file
// in a folder, or beside it if it is a build folder.
func (f *finder) configuredOffset(at place) (uint32, bool) {
	dirs := []string{at.folder.path}
	if filepath.Base(at.folder.path) == "build" {
		dirs = append(dirs, filepath.Dir(at.folder.path))
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, "sdkconfig")
		if !f.store.isFile(path) {
			continue
		}
		text, err := f.store.text(path)
		if err != nil {
			continue
		}
		for line := range strings.Lines(text) {
			if v, ok := strings.CutPrefix(strings.TrimSpace(line), "CONFIG_PARTITION_TABLE_OFFSET="); ok {
				if offset, err := parseOffset(v); err == nil {
					return offset, true
				}
			}
		}
	}
	return 0, false
}
