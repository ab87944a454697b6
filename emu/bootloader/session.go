package bootloader

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/flashmodel/otadata"
)

// session is one boot under way.
type session struct {
	dev   *emu.Device
	p     *Profile
	cache window // flash as the cache shows it
	out   emu.Outcome

	header  headerBytes // the bootloader's own image header
	size    uint32      // of the flash chip, as that header says
	table   bootTable
	initial bool   // otadata was never written: the bootloader will
	second  uint32 // address of another bootloader than the one at ImageAddress

	pages mapping
	tried image // the app that is being tried

	overEntry bool                    // an app was loaded over the bootloader's entry
	entry     [otadata.EntrySize]byte // of otadata, while it is read

	history *History     // of earlier boots; nil for none
	sums    *recall.Sums // of the history, during a step that it may remember
	pass    *recall.Pass // hash of the image that is being read; nil for none
	paper   rom.Paper

	bootTrouble string // the line that said why Secure Boot is not enabled
}

func newSession(d *emu.Device, p *Profile, h *History) *session {
	s := &session{dev: d, p: p, cache: window{d.CachedBy(h.Cipher(d))}, history: h}
	s.out.Stage = emu.StageBootloader
	s.pages.forget()
	return s
}

// log prints a message in the wording of this bootloader's version.
func (s *session) log(id messageID, args ...any) { s.print(&s.p.texts[id], args...) }

// logAs prints a message under another tag than the catalogue's.
func (s *session) logAs(tag string, id messageID, args ...any) {
	m := s.p.texts[id]
	m.tag = tag
	s.print(&m, args...)
}

// print prints a message unless the build left its level out or the version
// does not have it.
func (s *session) print(m *message, args ...any) {
	if m.text == "" || levelOf(m.level) > s.p.LogLevel {
		return
	}
	s.out.Log = append(s.out.Log, emu.Line{
		Stage: emu.StageBootloader, Level: m.level, Tag: m.tag, Text: s.paper.Sprintf(m.text, args...),
	})
}

// logs tells whether lines of a level are printed, where preparing one costs.
func (s *session) logs(l LogLevel) bool { return s.p.LogLevel >= l }

// console prints a line that has no envelope and no level.
func (s *session) console(text string) {
	s.out.Log = append(s.out.Log, emu.Line{Stage: emu.StageBootloader, Text: text})
}

// text returns what a message would read, whether or not it is compiled in.
func (s *session) text(id messageID, args ...any) string {
	return s.paper.Sprintf(s.p.texts[id].text, args...)
}

// refuse records why something was turned down and prints the line that says so.
func (s *session) refuse(r emu.Refusal, id messageID, args ...any) {
	r.Detail = s.text(id, args...)
	s.log(id, args...)
	s.out.Refusals = append(s.out.Refusals, r)
}
