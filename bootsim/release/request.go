package release

import (
	"fmt"
	"net/http"
	"strconv"
)

// ambiguous tells which parameter of an update a request has more than once, in
// the URL or as a header; empty if none. Which of them is meant nobody knows.
func ambiguous(r *http.Request) string {
	for _, p := range []struct{ name, header string }{{"lot", headerLot}, {"running", headerRunning}, {"version", headerVersion}} {
		if len(r.URL.Query()[p.name]) > 1 || len(r.Header.Values(p.header)) > 1 {
			return p.name
		}
	}
	return ""
}

// asked is a parameter of a request, or the header that stands for it.
func asked(r *http.Request, name, header string) string {
	if v := r.URL.Query().Get(name); v != "" {
		return v
	}
	return r.Header.Get(header)
}

// find looks an update up; the text tells what is not known.
func (s *Server) find(lot, running string) (*Update, string) {
	for i := range s.folder.Index.Lots {
		l := &s.folder.Index.Lots[i]
		if l.Name != lot && fmt.Sprintf("0x%08x", l.ID) != lot {
			continue
		}
		for j := range l.Updates {
			if u := &l.Updates[j]; u.Running.is(running) {
				return u, ""
			}
		}
		return nil, "the release knows no such partition of this lot"
	}
	return nil, "the release knows no such lot"
}

// is tells whether a device means this partition: by label or by address,
// decimal or 0x….
func (p Partition) is(s string) bool {
	if s == p.Label {
		return true
	}
	n, err := strconv.ParseUint(s, 0, 32)
	return err == nil && uint32(n) == p.Address && s[0] >= '0' && s[0] <= '9'
}
