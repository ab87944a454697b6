package bootloader

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu/idf"
	"github.com/bootsim/bootsim/flashmodel/espimage"
)

// DetectError says that an image is no second-stage bootloader for an ESP32.
type DetectError struct{ Reason string }

func (e *DetectError) Error() string {
	return "this is no ESP-IDF bootloader for an ESP32: " + e.Reason
}

// Detect makes a profile from a bootloader's own binary, which begins with the
// image header; a file that begins with the digest of Secure Boot V1 is taken
// at 0x1000. Texts that the binary contains count for more than the version
// that it names. What leaves no trace stays Unknown, or is assumed and said so
// in Profile.Assumed. The error is a *DetectError.
func Detect(image []byte) (Profile, error) {
	return detect(image, (*detection).version)
}

// DetectAs is Detect for a bootloader of which the version is known better than
// its binary tells.
func DetectAs(image []byte, v idf.Version) (Profile, error) {
	return detect(image, func(d *detection) {
		d.p = ForVersion(v)
		if text := d.versionText(); text != "" {
			d.p.VersionText = text
		}
	})
}

func detect(image []byte, version func(*detection)) (Profile, error) {
	image, im, err := parse(image)
	if err != nil {
		return Profile{}, err
	}
	e := evidenceOf(im, image)
	d := detection{evidence: e, im: im, image: image}
	version(&d)
	if d.contains(ancientBanner) {
		d.p.NotModelled = "the second stage is a bootloader of 2016, from before ESP-IDF v2.0, whose behaviour is not modelled; --engine exec executes it"
	}
	d.level()
	d.reword()
	d.options()
	d.security()
	d.p.Memory = d.p.Memory.WithSegments(im.Segments)
	code := programOf(im, image)
	if sp, ok := code.stackPointer(); ok {
		d.p.Memory.Stack, d.p.Memory.StackKnown = sp, true
	}
	if start, end, ok := code.entered(); ok {
		d.p.Memory.EntryStart, d.p.Memory.EntryEnd = start, end
	}
	d.p.Crystal = code.crystal()
	d.revisions(code)
	return d.p, nil
}

// parse finds the image and refuses what cannot be an ESP32's bootloader.
func parse(b []byte) ([]byte, *espimage.Image, error) {
	if len(b) > ImageAddress && b[0] != espimage.Magic && b[ImageAddress] == espimage.Magic {
		b = b[ImageAddress:]
	}
	if len(b) == 0 || b[0] != espimage.Magic {
		return nil, nil, &DetectError{"it does not begin with 0xE9"}
	}
	im, err := espimage.Parse(b)
	switch {
	case im == nil:
		return nil, nil, &DetectError{err.Error()}
	case im.Header.ChipID != 0:
		return nil, nil, &DetectError{fmt.Sprintf("its chip id is 0x%04x, that of another chip", im.Header.ChipID)}
	}
	loader := false
	for _, s := range im.Segments {
		if mappedAddress(s.LoadAddr) {
			return nil, nil, &DetectError{"it has segments that run from flash, as apps have"}
		}
		loader = loader || within(s.LoadAddr, loaderBase, loaderBase+0x8000)
	}
	if !loader {
		return nil, nil, &DetectError{"no segment loads at 0x40078000, where bootloaders keep their loader"}
	}
	return b, im, nil
}

// ancientBanner is how bootloaders called themselves before ESP-IDF v2.0 (January 2017).
const ancientBanner = "Espressif ESP32 2nd stage bootloader"

// detection is a profile on its way.
type detection struct {
	*evidence
	im    *espimage.Image
	image []byte // that im describes
	p     Profile

	some [numMessages]Tri // answers of saidOtherwise
}

func (d *detection) assume(format string, args ...any) {
	d.p.Assumed = append(d.p.Assumed, fmt.Sprintf(format, args...))
}

// version finds the version that the bootloader names, and doubts it where its
// texts are those of others.
func (d *detection) version() {
	text := d.versionText()
	best := d.likely()
	v, err := idf.Parse(text)
	var why string
	switch {
	case err == nil && d.score(v)+doubt >= best.score:
	case best.none():
		v = d.byLayout()
		why = fmt.Sprintf("The bootloader names no ESP-IDF version and contains no texts; it is taken for %s.", v)
	case err != nil && text == "":
		v, why = best.last, "The bootloader names no ESP-IDF version; "+best.fit()
	case err != nil:
		v, why = best.last, fmt.Sprintf("The bootloader calls its version %q, which is none of ESP-IDF's; ", text)+best.fit()
	default:
		why = fmt.Sprintf("The bootloader calls itself %s, but ", text) + best.fit()
		v = best.last
	}
	d.p = ForVersion(v)
	d.p.VersionText = text
	if text == "" {
		d.p.VersionText = v.String()
	}
	if d.contains(textBefore30) {
		d.p.NotModelled = "a bootloader from before ESP-IDF v3.0, which reads otadata otherwise; --engine exec executes it"
		why = "The bootloader's texts are those of ESP-IDF before v3.0."
	}
	if why == "" {
		why = outside(v)
	}
	if why != "" {
		d.assume("%s", why)
	}
}

// textBefore30 is what bootloaders before v3.0 print where later ones try the
// other slots (components/bootloader/src/main/bootloader_start.c of v2.1).
const textBefore30 = "ota data partition invalid and no factory, can't boot"

// doubt is by how many texts another version must fit better before the one
// that a bootloader names is doubted.
const doubt = 4

// outside says so of versions that lie beyond what the history of behaviour covers.
func outside(v idf.Version) string {
	all := idf.Releases()
	first, last := all[0], all[len(all)-1]
	switch {
	case v.CompareBranch(first) < 0:
		return fmt.Sprintf("%s is older than any known version; it is taken to behave as %s.", v, first)
	case v.CompareBranch(last) > 0:
		return fmt.Sprintf("%s is newer than any known version; it is taken to behave as %s.", v, last)
	}
	return ""
}

// versionText is the version as the bootloader names it: in its descriptor, or
// in the literal before the banner's format.
func (d *detection) versionText() string {
	if d.im.Boot != nil {
		return d.im.Boot.IDFVersion
	}
	at, ok := d.formats[spoken{'I', plainFormat(d.banner())}]
	if !ok {
		return ""
	}
	for _, i := range []int{at - 1, at + 1, at - 2, at + 2} {
		if i < 0 || i >= len(d.literals) {
			continue
		}
		if _, err := idf.Parse(d.literals[i]); err == nil {
			return d.literals[i]
		}
	}
	if before := at - 1; before >= 0 && !strings.ContainsAny(d.literals[before], "%\x1b\n") {
		return d.literals[before]
	}
	return ""
}

func (d *detection) banner() string { return messages()[msgBanner][0].text }
