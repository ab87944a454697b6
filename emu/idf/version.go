// Package idf orders versions of ESP-IDF as its own build system prints them
// ("v4.4-dev-1183-g9d34a1cd4", "v3.3.5-1-g85c43024c", "v5.1.2-dirty") and tells
// since which of them a behaviour exists, given that Espressif back-ports.
package idf

import (
	"cmp"
	"strconv"
	"strings"
)

// Stage is how far a version tag had come towards its release.
type Stage uint8

// The stages in the order in which a branch passes them. Development tags stand
// on the main branch, and so do some beta tags.
const (
	StageDev Stage = iota
	StageBeta
	StageRC
	StageRelease
)

// Version is one revision of ESP-IDF: the last tag before it and the commits
// since that tag. The zero value is no version.
type Version struct {
	Major, Minor, Patch int
	Stage               Stage
	Number              int // of a beta or release candidate; 0 when it has none
	Commits             int // after the tag
	Hash                string
	Dirty               bool // built with local changes
}

// Compare orders versions of one branch, and branches by number. Versions of
// different branches have no common history beyond the point where the older
// branch began; use Since for questions about behaviour.
func (v Version) Compare(w Version) int {
	return cmp.Or(
		v.CompareBranch(w),
		cmp.Compare(v.Patch, w.Patch),
		cmp.Compare(v.Stage, w.Stage),
		cmp.Compare(v.Number, w.Number),
		cmp.Compare(v.Commits, w.Commits),
	)
}

// CompareBranch orders by major and minor number alone.
func (v Version) CompareBranch(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor))
}

// IsZero tells whether v is no version at all.
func (v Version) IsZero() bool { return v.Major == 0 }

var stageNames = [...]string{StageDev: "dev", StageBeta: "beta", StageRC: "rc"}

// Tag returns the tag without what came after it: "v4.4-beta1".
func (v Version) Tag() string {
	var b strings.Builder
	b.WriteString("v" + strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor))
	if v.Patch != 0 {
		b.WriteString("." + strconv.Itoa(v.Patch))
	}
	if v.Stage != StageRelease {
		b.WriteString("-" + stageNames[v.Stage])
		if v.Number != 0 {
			b.WriteString(strconv.Itoa(v.Number))
		}
	}
	return b.String()
}

// String returns the version in the form of git describe.
func (v Version) String() string {
	s := v.Tag()
	if v.Commits != 0 {
		s += "-" + strconv.Itoa(v.Commits)
	}
	if v.Hash != "" {
		s += "-g" + v.Hash
	}
	if v.Dirty {
		s += "-dirty"
	}
	return s
}

// developed lists how many commits the main branch had between one development
// tag and the next, where whole numbers of tags may be missing from a clone.
var developed = []struct{ major, minor, commits int }{
	{4, 0, 1499}, {4, 1, 1943}, {4, 2, 1769}, {4, 4, 3540}, {5, 1, 4528}, {5, 2, 3836}, {5, 3, 3649},
	{5, 4, 3967}, {5, 5, 3616}, {6, 0, 3216}, {6, 1, 5988},
}

// beyond is how far a branch runs on after it left the main branch before it
// gets a tag of its own.
const beyond = 1500

// secondStart is how many commits v3.2-beta1 lies before v3.3-dev, both on the
// main branch.
const secondStart = 2

// Settled returns the version that is meant by one of a clone without its
// newest tags, which counts commits from an older tag of the main branch.
func (v Version) Settled() Version {
	if v.Major == 3 && v.Minor == 2 && v.Stage == StageBeta && v.Number == 1 && v.Commits > secondStart {
		v.Minor, v.Stage, v.Number, v.Commits = 3, StageDev, 0, v.Commits-secondStart
	}
	for i, d := range developed[:len(developed)-1] {
		next := developed[i+1]
		if v.Stage == StageDev && v.Major == d.major && v.Minor == d.minor && v.Commits > d.commits+beyond {
			v.Major, v.Minor, v.Commits = next.major, next.minor, v.Commits-d.commits
		}
	}
	return v
}
