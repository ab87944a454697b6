package input

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// maxVariants bounds the lots that one folder's applications make.
const maxVariants = 64

// addLots places the applications and adds the lots: applications whose names
// tell their partition go along with each of the others.
func (p *parts) addLots() error {
	slots := p.appRows()
	fixed, rest, err := p.placeNamed(slots)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return p.addLot("", fixed)
	}
	if len(rest) > maxVariants {
		p.f.note("%s: %d applications: the first %d are taken", p.at.source(rest[0]), len(rest), maxVariants)
		rest = rest[:maxVariants]
	}
	address := p.slotFor(slots, fixed)
	if len(rest) > 1 {
		p.assume("%d applications could take the same place, 0x%08x: %s; each is a lot of its own (--flash-args states one)",
			len(rest), address, listed(namesOf(rest)))
	}
	for _, it := range rest {
		v, err := p.placement(it, address, roleApp)
		if err != nil {
			return err
		}
		variant := ""
		if len(rest) > 1 {
			variant = filepath.Base(stem(it.path))
		}
		if err := p.addLot(variant, append(slices.Clone(fixed), v)); err != nil {
			return err
		}
	}
	return nil
}

// appRows returns the application partitions in the order of preference:
// factory, ota_0 and on, the rest.
func (p *parts) appRows() []parttable.Entry {
	apps := pickRows(p.rows, func(e parttable.Entry) bool { return e.Type == parttable.TypeApp })
	slices.SortStableFunc(apps, func(a, b parttable.Entry) int { return int(a.Subtype) - int(b.Subtype) })
	return apps
}

// placeNamed places the applications whose names end in a partition's label,
// or state an address.
func (p *parts) placeNamed(slots []parttable.Entry) (placed []bootsim.Placement, rest []item, err error) {
	for _, it := range p.apps {
		address := it.addressOr(0)
		for _, e := range slots {
			if address == 0 && labelled(it.name.stem, e.Name()) {
				address = e.Offset
			}
		}
		taken := slices.ContainsFunc(placed, func(v bootsim.Placement) bool { return v.Address == address })
		if address == 0 || taken {
			rest = append(rest, it)
			continue
		}
		v, err := p.placement(it, address, roleApp)
		if err != nil {
			return nil, nil, err
		}
		placed = append(placed, v)
	}
	return placed, rest, nil
}

// labelled tells whether a name is a label, or ends in one behind a separator.
func labelled(stem, label string) bool {
	label = strings.ToLower(label)
	rest, ok := strings.CutSuffix(stem, label)
	return ok && label != "" && (rest == "" || strings.HasSuffix(rest, "-") || strings.HasSuffix(rest, "_") || strings.HasSuffix(rest, "."))
}

// slotFor returns where an application goes that no name places: the first
// partition that a device boots, of those that are free.
func (p *parts) slotFor(slots []parttable.Entry, fixed []bootsim.Placement) uint32 {
	for _, e := range slots {
		if !slices.ContainsFunc(fixed, func(v bootsim.Placement) bool { return v.Address == e.Offset }) {
			return e.Offset
		}
	}
	return defaultApp
}

func namesOf(all []item) []string {
	var out []string
	for _, it := range all {
		out = append(out, filepath.Base(it.path))
	}
	return out
}

// addLot adds one lot with its applications.
func (p *parts) addLot(variant string, apps []bootsim.Placement) error {
	lot := bootsim.Lot{Contents: append(slices.Clone(p.contents), apps...)}
	if len(lot.Contents) == 0 {
		return nil
	}
	lot.Source = p.at.source(item{path: lot.Contents[0].File})
	lot.Assumed = append(p.summary(apps), p.assumed...)
	if p.tableStated {
		lot.TableOffset = p.placedTable()
	}
	v := found{lot: lot, rel: p.at.rel(), variant: variant, partial: p.boot == nil || len(apps) == 0 || len(p.rows) == 0 && p.table == nil}
	if variant == "" {
		v.variant = p.variant
	}
	return p.f.add(v)
}

// placedTable returns the address of the table among the contents.
func (p *parts) placedTable() uint32 {
	for _, v := range p.contents {
		if v.Role == roleTable {
			return v.Address
		}
	}
	return 0
}

// summary says how the set came about, and what it lacks.
func (p *parts) summary(apps []bootsim.Placement) []string {
	out := []string{"no flash addresses are stated: files taken by name and content, at ESP-IDF's usual addresses and where the partition table says"}
	var lacks []string
	if p.boot == nil {
		lacks = append(lacks, "bootloader")
	}
	if p.placedTable() == 0 {
		lacks = append(lacks, "partition table")
	}
	if len(apps) == 0 {
		lacks = append(lacks, "application")
	}
	if len(lacks) > 0 {
		out = append(out, "no "+strings.Join(lacks, ", no ")+" found: the set is incomplete")
	}
	return out
}
