package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/bootsim/bootsim/bootsim/check"
)

// progressEvery is how often a progress line is written at most, and how long a
// command works before it writes the first.
const progressEvery = 100 * time.Millisecond

// usualWidth is that of a terminal that does not tell.
const usualWidth = 80

// progressLine is one line of a terminal that is written over and over while a
// command works, and gone when it is done. It uses no escape sequences. A nil
// line shows nothing; goroutines may share one.
type progressLine struct {
	w     io.Writer
	now   func() time.Time
	width int // of the terminal, in columns

	mu    sync.Mutex
	next  time.Time // when the line may be written again
	shown int       // columns that are taken
}

// progressLine returns a line on standard error, nil where nobody is to see one:
// unless it is a terminal that can go back to the start of a line, when the
// command is to be quiet, and in a CI job, whose log may pass for a terminal.
func (a *app) progressLine(quiet bool) *progressLine {
	if quiet || !a.terminal(a.stderr) || a.getenv("TERM") == "dumb" || a.getenv("CI") != "" {
		return nil
	}
	now := a.now
	if now == nil {
		now = time.Now
	}
	p := &progressLine{w: a.stderr, now: now, width: a.width(a.stderr), next: now().Add(progressEvery)}
	if p.width <= 0 {
		p.width = usualWidth
	}
	return p
}

// show writes the line, unless it was written a moment ago.
func (p *progressLine) show(format string, args ...any) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(progressEvery)
	text, taken := fitting(fmt.Sprintf(format, args...), p.width-1) // a full line would go on in the next
	fmt.Fprint(p.w, "\r"+text+strings.Repeat(" ", max(0, p.shown-taken)))
	p.shown = taken
}

// fitting shortens a text to a number of columns and returns how many it takes.
// Names come from files, and may hold escape sequences.
func fitting(s string, columns int) (string, int) {
	var text strings.Builder
	taken := 0
	for _, r := range s {
		if !unicode.IsPrint(r) {
			r = '?'
		}
		n := 1
		if r >= firstWide {
			n = 2
		}
		if taken+n > columns {
			break
		}
		text.WriteRune(r)
		taken += n
	}
	return text.String(), taken
}

// firstWide is the first character that terminals may show two columns wide
// (Unicode's East Asian Width). Not all from there on are: a line that is taken for
// longer than it is, is only shortened sooner.
const firstWide = 0x1100

// clear takes the line away. Whatever is shown later begins anew.
func (p *progressLine) clear() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown > 0 {
		fmt.Fprint(p.w, "\r"+strings.Repeat(" ", p.shown)+"\r")
		p.shown = 0
	}
}

// checking shows how far a check has come.
func (p *progressLine) checking() func(check.Progress) {
	if p == nil {
		return nil
	}
	return func(now check.Progress) {
		p.show("%d of %d lots, %d scenarios; lot %s %s", now.Lots, now.Of, now.Scenarios, now.Lot, now.Done)
	}
}

// sweeping shows how far the sweep of a lot has come.
func (p *progressLine) sweeping(lot string) func(depth, runs int) {
	if p == nil {
		return nil
	}
	return func(depth, runs int) { p.show("lot %s, up to %d faults: %d runs", lot, depth, runs) }
}
