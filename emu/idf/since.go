package idf

import "strings"

// Since is the set of versions that have a change: for each release branch
// into which it came, the first version with it. Branches younger than all of
// those have it, older ones and those between that are not listed have not.
// The zero value is every version.
type Since struct {
	first []Version
	never bool
}

// Always is every version.
func Always() Since { return Since{} }

// Never is no version.
func Never() Since { return Since{never: true} }

// MustSince reads first versions separated by blanks, in ascending order of
// their branches: "3.1.7 3.2.4 4.1-dev-285"; none are every version. It panics on
// anything else and is meant for tables in source text.
func MustSince(list string) Since {
	if list == "" {
		return Since{}
	}
	s := Since{first: make([]Version, 0, strings.Count(list, " ")+1)}
	for f := range strings.FieldsSeq(list) {
		v, ok := described(f)
		if !ok {
			panic(&ParseError{Text: f})
		}
		if n := len(s.first); n > 0 && s.first[n-1].CompareBranch(v) >= 0 {
			panic("idf: branches out of order in " + list)
		}
		s.first = append(s.first, v)
	}
	return s
}

// Includes tells whether v has the change.
func (s Since) Includes(v Version) bool {
	if s.never {
		return false
	}
	if len(s.first) == 0 {
		return true
	}
	for i := range s.first { // in place: this is asked some 20,000 times to tell a bootloader's release
		if f := &s.first[i]; f.Major == v.Major && f.Minor == v.Minor {
			return v.Compare(*f) >= 0
		}
	}
	return v.CompareBranch(s.first[len(s.first)-1]) > 0
}

// Range is the versions from one change to another.
type Range struct{ From, Until Since }

// Between reads both ends as MustSince does; an empty from is "always", an
// empty until "never taken back".
func Between(from, until string) Range {
	r := Range{From: MustSince(from), Until: Never()}
	if until != "" {
		r.Until = MustSince(until)
	}
	return r
}

// Includes tells whether v lies in the range.
func (r Range) Includes(v Version) bool { return r.From.Includes(v) && !r.Until.Includes(v) }
