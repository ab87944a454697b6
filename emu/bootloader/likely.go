package bootloader

import (
	"fmt"
	"sync"

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
	scores := map[*texts]int{}
	for _, r := range releases() {
		score, known := scores[r.texts]
		if !known {
			score = d.fit(r.texts)
			scores[r.texts] = score
		}
		switch score += d.behaviour(r.version.Settled()); {
		case score > best.score || best.last.IsZero():
			best = candidates{first: r.version, last: r.version, score: score}
		case score == best.score:
			best.last = r.version
		}
	}
	return best
}

// texts says of every message that changed over time which wording a version
// has: its place in the history, 0 for none, noText for a message that is the
// same in all versions.
type texts [numMessages]int8

// noText marks messages that tell no version from another.
const noText = -1

// textsOf returns the wordings of a version.
func textsOf(v idf.Version) *texts {
	var t texts
	for id, h := range messages() {
		switch i := h.index(v); {
		case len(h) == 1 && h.index(idf.Version{Major: 1}) == i:
			t[id] = noText
		default:
			t[id] = int8(i)
		}
	}
	return &t
}

// release is a release with its wordings, which many releases share.
type release struct {
	version idf.Version
	texts   *texts
}

// releases is every release, in order.
var releases = sync.OnceValue(func() []release {
	var out []release
	shared := map[texts]*texts{}
	for _, v := range idf.Releases() {
		t := textsOf(v.Settled())
		if _, known := shared[*t]; !known {
			shared[*t] = t
		}
		out = append(out, release{v, shared[*t]})
	}
	return out
})

// score counts the texts that a version has as the binary has them, less those
// that it has otherwise. Only messages that changed over time count.
func (d *detection) score(v idf.Version) int {
	v = v.Settled()
	return d.fit(textsOf(v)) + d.behaviour(v)
}

// fit is the score of the texts.
func (d *detection) fit(t *texts) (n int) {
	for id, i := range t {
		if i == noText {
			continue
		}
		var m message
		if i > 0 {
			m = messages()[id][i-1].message
		}
		switch {
		case m.text != "" && d.says(m):
			n++
		case d.levels[m.level] == 0 && m.text != "":
		case d.saidOtherwise(messageID(id)):
			n -= 2
		}
	}
	return n
}

// behaviour is the score of what shows otherwise than in the messages' wording.
func (d *detection) behaviour(v idf.Version) (n int) {
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

// saidOtherwise tells whether the binary contains any wording of a message.
func (d *detection) saidOtherwise(id messageID) bool {
	if d.some[id] == Unknown {
		d.some[id] = TriOf(d.otherwise(messages()[id]) != message{})
	}
	return d.some[id] == Yes
}

// otherwise returns a wording of a message that the binary contains.
func (d *detection) otherwise(h history) message {
	for i := len(h) - 1; i >= 0; i-- {
		if m := h[i].message; m.text != "" && d.says(m) {
			return m
		}
	}
	return message{}
}
