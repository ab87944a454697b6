package parttable

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a release of ESP-IDF, and thereby of its gen_esp32part.
type Version struct{ Major, Minor, Patch int }

// LastPatch is the patch number of a version given as "5.5": the last release
// of that branch.
const LastPatch = 999

// VersionError reports a version that is not understood or not modelled.
type VersionError struct{ Text string }

// Error names the version and the range that is modelled.
func (e *VersionError) Error() string {
	return fmt.Sprintf("parttable: ESP-IDF version %q is not modelled: use one from v3.1 to v6.0", e.Text)
}

// ParseVersion reads a version such as "v4.4.8" or "5.5". Without a patch
// number it stands for the last release of the branch.
func ParseVersion(text string) (Version, error) {
	fields := strings.Split(strings.TrimPrefix(text, "v"), ".")
	v := Version{Patch: LastPatch}
	parts := []*int{&v.Major, &v.Minor, &v.Patch}
	if len(fields) < 2 || len(fields) > len(parts) {
		return Version{}, &VersionError{text}
	}
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil {
			return Version{}, &VersionError{text}
		}
		*parts[i] = int(n)
	}
	return v, nil
}

// String returns the version as a tag, such as "v4.4.8".
func (v Version) String() string {
	if v.Patch == LastPatch {
		return fmt.Sprintf("v%d.%d", v.Major, v.Minor)
	}
	return fmt.Sprintf("v%d.%d.%d", v.Major, v.Minor, v.Patch)
}

func (v Version) less(w Version) bool {
	if v.Major != w.Major {
		return v.Major < w.Major
	}
	if v.Minor != w.Minor {
		return v.Minor < w.Minor
	}
	return v.Patch < w.Patch
}

// since tells whether v has a change that came with the given releases, one for
// each branch it was ported back to, the newest branch last.
func (v Version) since(first ...Version) bool {
	for _, f := range first {
		if f.Major == v.Major && f.Minor == v.Minor {
			return !v.less(f)
		}
	}
	return first[len(first)-1].less(v)
}
