package check

import (
	"cmp"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
)

// findingSet keeps one finding a root cause: the same rule on the same bytes is
// reported once, with the first scenario that showed it.
type findingSet struct {
	list []bootsim.Finding
	seen map[findingKey]int
}

type findingKey struct {
	rule, release, file, partition string
	offset                         uint32
}

func keyOf(f *bootsim.Finding) findingKey {
	k := findingKey{rule: f.Rule, release: f.Release, file: f.File, partition: f.Partition}
	if f.Offset != nil {
		k.offset = *f.Offset
	}
	return k
}

// add records findings that are new. Of two that are the same the more severe
// one stays; one that shows with every value of an open option depends on none.
func (s *findingSet) add(fs ...bootsim.Finding) {
	if s.seen == nil {
		s.seen = map[findingKey]int{}
	}
	for _, f := range fs {
		k := keyOf(&f)
		i, known := s.seen[k]
		if !known {
			s.seen[k] = len(s.list)
			s.list = append(s.list, f)
			continue
		}
		old := &s.list[i]
		switch more := severityRank(f.Severity) - severityRank(old.Severity); {
		case more > 0:
			*old = f
		case more == 0 && old.DependsOn != f.DependsOn:
			old.DependsOn = ""
		}
	}
}

// sorted returns the findings, errors first, otherwise in the order found.
// What a release turned from a warning into an error is told once.
func (s *findingSet) sorted() []bootsim.Finding {
	out := []bootsim.Finding{}
	for _, f := range s.list {
		if !slices.ContainsFunc(s.list, func(g bootsim.Finding) bool { return outranks(&g, &f) }) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b bootsim.Finding) int {
		return cmp.Compare(severityRank(b.Severity), severityRank(a.Severity))
	})
	return out
}

// outranks tells whether g says of the same place what f says, and more severely.
func outranks(g, f *bootsim.Finding) bool {
	return g.Rule == f.Rule && severityRank(g.Severity) > severityRank(f.Severity) &&
		g.Offset != nil && f.Offset != nil && *g.Offset == *f.Offset
}

func severityRank(s bootsim.Severity) int {
	switch s {
	case bootsim.Error:
		return 2
	case bootsim.Warning:
		return 1
	}
	return 0
}

// AtLeast tells whether s is as severe as the threshold or more.
func AtLeast(s, threshold bootsim.Severity) bool {
	return severityRank(s) >= severityRank(threshold)
}
