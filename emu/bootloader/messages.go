package bootloader

import (
	"sync"

	"github.com/bootsim/bootsim/emu/idf"
)

// message is one line that a bootloader can print: level, tag, and the format
// that it hands to ROM's printf (length modifiers left out).
type message struct {
	level byte // 'E' 'W' 'I' 'D' 'V', or 0 for a line without envelope
	tag   string
	text  string
}

// wording is a message as it stands from some version on.
type wording struct {
	from idf.Since
	message
}

// history is the wordings of one message, oldest first. A message whose first
// wording has a beginning did not exist before it.
type history []wording

// at returns the wording of a version.
func (h history) at(v idf.Version) message {
	if i := h.index(v); i > 0 {
		return h[i-1].message
	}
	return message{}
}

// index counts the wordings up to that of a version, 0 for none.
func (h history) index(v idf.Version) int {
	for i := len(h); i > 0; i-- {
		if h[i-1].from.Includes(v) {
			return i
		}
	}
	return 0
}

// always is a message that never changed.
func always(level byte, tag, text string) history {
	return history{{idf.Always(), message{level, tag, text}}}
}

// reworded makes a history of one level and tag from pairs: the first versions
// of a wording, and its text.
func reworded(level byte, tag string, pairs ...string) history {
	var h history
	for i := 0; i+1 < len(pairs); i += 2 {
		h = append(h, wording{idf.MustSince(pairs[i]), message{level, tag, pairs[i+1]}})
	}
	return h
}

// retagged is a message that moved to another tag.
func retagged(level byte, tag, text, from, newTag string) history {
	return history{
		{idf.Always(), message{level, tag, text}},
		{idf.MustSince(from), message{level, newTag, text}},
	}
}

// catalogue is the messages of one bootloader.
type catalogue [numMessages]message

func catalogueOf(v idf.Version) catalogue {
	var c catalogue
	for id, h := range messages() {
		c[id] = h.at(v)
	}
	return c
}

// messages says how each message reads in which versions. The first boot makes the
// table: most commands boot nothing.
var messages = sync.OnceValue(func() *[numMessages]history {
	all := joined(startMessages(), flashMessages(), tableMessages(), selectionMessages(), imageMessages(),
		handoverMessages(), encryptionMessages(), efuseMessages(), secureBootMessages(), signedBootMessages())
	return &all
})

func joined(tables ...map[messageID]history) (all [numMessages]history) {
	for _, t := range tables {
		for id, h := range t {
			all[id] = h
		}
	}
	return all
}
