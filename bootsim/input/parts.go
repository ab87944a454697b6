package input

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// parts is a set put together from single files.
type parts struct {
	f       *finder
	at      place
	variant string
	boot    *item
	table   *item
	apps    []item
	ota     []item
	others  []item // files that only a partition's name can place

	rows        []parttable.Entry
	contents    []bootsim.Placement // all but applications
	assumed     []string
	tableStated bool // sdkconfig or a file name states the table's offset
}

// addParts makes the lots of one group of files: one for each application that
// could take the same place.
func (f *finder) addParts(group []item, at place, variant string) error {
	p := &parts{f: f, at: at, variant: variant}
	if err := p.sort(group); err != nil {
		return err
	}
	if p.boot == nil && p.table == nil && len(p.apps) == 0 {
		p.noteOthers()
		return nil
	}
	if err := p.lay(); err != nil {
		return err
	}
	return p.addLots()
}

func (p *parts) assume(format string, args ...any) {
	p.assumed = append(p.assumed, fmt.Sprintf(format, args...))
}

// noteOthers says what is left out where there is no set that it could be for.
func (p *parts) noteOthers() {
	for _, it := range append(p.ota, p.others...) {
		if it.kind != kindErased {
			p.f.note("%s: left out: it is %s, and nothing tells where it goes", it.path, it.kind)
		}
	}
}

// sort gives each file its role and picks one where several compete.
func (p *parts) sort(group []item) error {
	byRole := map[string][]item{}
	for _, it := range group {
		role := it.role()
		if it.kind == kindEmpty && role != "" {
			return fileError(it.path, "the file is empty; build it again", nil)
		}
		if it.kind == kindEmpty || it.kind == kindKey || it.kind == kindELF || it.kind == kindZip {
			continue
		}
		byRole[role] = append(byRole[role], it)
	}
	p.boot = p.one(byRole[roleBootloader], "bootloader")
	p.table = p.one(byRole[roleTable], "partition table")
	p.ota, p.others = byRole[roleOTAData], byRole[""]
	p.apps = p.f.distinct(dropUnsigned(byRole[roleApp]))
	if p.boot != nil && p.boot.cipher() && len(p.apps) == 0 {
		p.apps, p.others = pick(p.others, item.cipher)
	}
	p.rename()
	return nil
}

// rename takes an application for the bootloader when that is its whole name
// and there is no other: that mistake is for a check to find.
func (p *parts) rename() {
	if p.boot != nil {
		return
	}
	i := slices.IndexFunc(p.apps, func(it item) bool {
		return it.name.role == roleBootloader && strings.HasSuffix(it.name.stem, "bootloader")
	})
	if i >= 0 {
		it := p.apps[i]
		p.boot, p.apps = &it, slices.Delete(slices.Clone(p.apps), i, i+1)
	}
}

// one picks the file for a place that only one can have: recognised content
// before a name alone, then the plainest name.
func (p *parts) one(all []item, what string) *item {
	all = p.f.distinct(all)
	if len(all) == 0 {
		return nil
	}
	best := slices.MinFunc(all, func(a, b item) int { return a.rank() - b.rank() })
	var others []string
	for _, it := range all {
		if it.path != best.path && !it.name.unsigned && !it.name.digest {
			others = append(others, filepath.Base(it.path))
		}
	}
	if len(others) > 0 {
		p.assume("several files could be the %s: took %s, not %s (--flash-args states it)", what, filepath.Base(best.path), listed(others))
	}
	return &best
}

// rank orders files that compete; the smallest is taken.
func (it item) rank() int {
	r := len(it.name.stem)
	if it.kind == kindOther || it.kind == kindErased {
		r += 1 << 10
	}
	if it.name.unsigned || it.name.digest || it.kind == kindMerged {
		r += 1 << 12
	}
	switch it.name.stem {
	case "bootloader", "partition-table", "partition_table", "partitions":
		r -= 1 << 8
	}
	return r
}

// dropUnsigned leaves out x-unsigned.bin where x.bin, the signed one, is there.
func dropUnsigned(apps []item) []item {
	out, _ := pick(apps, func(it item) bool {
		base := strings.TrimRight(strings.Replace(it.name.stem, "unsigned", "", 1), "-_.")
		return !it.name.unsigned || !slices.ContainsFunc(apps, func(o item) bool { return o.name.stem == base })
	})
	return out
}

// put reads a file and adds it at an address.
func (p *parts) put(it item, address uint32, role string) error {
	placement, err := p.placement(it, address, role)
	if err == nil {
		p.contents = append(p.contents, placement)
	}
	return err
}

func (p *parts) placement(it item, address uint32, role string) (bootsim.Placement, error) {
	data, err := p.f.store.read(it.path)
	if err != nil {
		return bootsim.Placement{}, err
	}
	p.f.claim(it.path)
	v := bootsim.Placement{File: it.path, Address: it.addressOr(address), Data: data, Role: role}
	if hasGaps(it.kind) {
		v.Gaps = gaps(data, v.Address)
	}
	return v, nil
}

// addressOr returns the address that the item's name states, or the given one.
func (it item) addressOr(address uint32) uint32 {
	if it.name.address != nil {
		return *it.name.address
	}
	if v, ok := bareAddress(it.name); ok {
		return v
	}
	return address
}
