package bootloader

import (
	"fmt"

	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// candidates is the releases whose texts fit a bootloader best.
type candidates struct {
	first, last idf.Version
	score       int
}

// none tells that no text speaks for or against any version.
func (c candidates) none() bool { return c.score <= 0 }

func (c candidates) fit() string {
	if c.first.Compare(c.last) == 0 {
		return fmt.Sprintf("its texts are those of %s.", c.last)
	}
	return fmt.Sprintf("its texts fit %s to %s, and it is taken for %s.", c.first, c.last, c.last)
}

// likely returns the releases whose texts fit best.
func (d *detection) likely() candidates {
	var best candidates
	for _, v := range idf.Releases() {
		switch score := d.score(v); {
		case score > best.score || best.last.IsZero():
			best = candidates{first: v, last: v, score: score}
		case score == best.score:
			best.last = v
		}
	}
	return best
}

// score counts the texts that a version has as the binary has them, less those
// that it has otherwise. Only messages that changed over time count.
func (d *detection) score(v idf.Version) int {
	v = v.Settled()
	n := 0
	for _, h := range messages {
		if len(h) < 2 && h.at(idf.Version{Major: 1}) == h.at(v) {
			continue
		}
		switch m := h.at(v); {
		case m.text != "" && d.says(m):
			n++
		case d.levels[m.level] == 0 && m.text != "":
		case d.otherwise(h) != message{}:
			n -= 2
		}
	}
	if described := featureRange(featDescriptor).Includes(v); described != (d.im.Boot != nil) {
		n -= 2 * doubt
	}
	return n + d.proven(v)
}

// proven weighs the behaviours that show in texts of their own.
func (d *detection) proven(v idf.Version) (n int) {
	for _, p := range proofs {
		if d.levels[levelLetters[p.level]] == 0 {
			continue
		}
		switch has := d.containsAny(p.texts); {
		case has != featureRange(p.feature).Includes(v):
			n -= 2
		case has:
			n++
		}
	}
	return n
}

// byLayout guesses the version of a bootloader without texts from its
// segments, as far as they changed over time.
func (d *detection) byLayout() idf.Version {
	v := idf.Version{Major: 4, Minor: 4, Stage: idf.StageRelease}
	if d.im.Boot != nil {
		v = idf.Version{Major: 5, Minor: 4, Stage: idf.StageRelease}
	}
	for _, s := range d.im.Segments {
		switch {
		case s.LoadAddr == oldIRAMBase:
			return idf.Version{Major: 3, Minor: 1, Stage: idf.StageRelease}
		case s.Length == noinitSize && espimage.ClassOf(s.LoadAddr) == espimage.ClassDRAM:
			v = idf.Version{Major: 3, Minor: 3, Stage: idf.StageRelease}
		}
	}
	return v
}

// Signs of age in a bootloader's segments.
const (
	oldIRAMBase = 0x40080000 // start of its code before v3.2; 0x40080400 since
	noinitSize  = 4          // a segment of its own until v4.0
)

// otherwise returns a wording of a message that the binary contains.
func (d *detection) otherwise(h history) message {
	for i := len(h) - 1; i >= 0; i-- {
		if m := h[i].message; m.text != "" && d.says(m) {
			return m
		}
	}
	return message{}
}
