package release

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// Server answers devices from a release folder. Its answers are made of what
// was read when it was made; nothing of a request reaches the file system.
//
//	GET /update?lot=NAME&running=LABEL-OR-ADDRESS[&version=V]
//	GET /bundle
//	GET /files/NAME
//	GET /index.json
//	GET /healthz
//
// The headers X-Lot, X-Running and X-Version may stand for the parameters of
// /update. docs/release.md tells the answers.
type Server struct {
	folder *Folder
	index  []byte
	mux    *http.ServeMux
}

// Headers of requests and answers.
const (
	headerLot       = "X-Lot"
	headerRunning   = "X-Running"
	headerVersion   = "X-Version"
	headerTarget    = "X-Target-Label"
	headerAddress   = "X-Target-Address"
	headerEncrypted = "X-Encrypted"
	headerReason    = "X-Reason"
)

// DamagedError tells that a folder is not served because files are not those
// that its index means, or contradict it.
type DamagedError struct {
	Dir   string
	Files []string // each with what is wrong
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s is not served, because it is not the release that was built: %s", e.Dir, strings.Join(e.Files, "; "))
}

// contradictions tells what is wrong with a whole bundle beside its index.
func (f *Folder) contradictions() []string {
	b, err := bundle.Decode(f.Files[f.Index.Bundle.Name])
	if err != nil {
		return []string{f.Index.Bundle.Name + ": " + err.Error()}
	}
	return disagreements(f.Index, b)
}

// NewServer makes the handler for a folder whose files are whole and whose
// bundle serves the lots of the index; otherwise the error is a *DamagedError.
func NewServer(f *Folder) (*Server, error) {
	damaged := f.Damaged()
	var bad []string
	for _, a := range f.Index.Files() {
		if why, ok := damaged[a.Name]; ok {
			bad = append(bad, a.Name+": "+why)
		}
	}
	if f.Index.Bundle != nil && bad == nil {
		bad = f.contradictions()
	}
	if bad != nil {
		return nil, &DamagedError{f.Dir, bad}
	}
	index, err := f.Index.Encode()
	if err != nil {
		return nil, err
	}
	s := &Server{folder: f, index: index, mux: http.NewServeMux()}
	s.mux.HandleFunc("GET /update", s.update)
	s.mux.HandleFunc("GET /bundle", s.bundle)
	s.mux.HandleFunc("GET /files/{name}", s.file)
	s.mux.HandleFunc("GET /index.json", s.indexJSON)
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	s.mux.ServeHTTP(w, r)
}

// update answers a device that tells its lot and what it runs.
func (s *Server) update(w http.ResponseWriter, r *http.Request) {
	if name := ambiguous(r); name != "" {
		http.Error(w, "the request tells "+name+" more than once", http.StatusBadRequest)
		return
	}
	lot, running := asked(r, "lot", headerLot), asked(r, "running", headerRunning)
	if lot == "" || running == "" {
		http.Error(w, "tell the lot and the running partition: /update?lot=NAME&running=LABEL, or the headers X-Lot and X-Running", http.StatusBadRequest)
		return
	}
	u, missing := s.find(lot, running)
	switch {
	case missing != "":
		http.Error(w, missing, http.StatusNotFound)
	case u.Artifact == nil:
		nothing(w, u.Reason)
	case u.Artifact.Version != "" && u.Artifact.Version == asked(r, "version", headerVersion):
		nothing(w, "it runs version "+u.Artifact.Version+" already")
	default:
		h := w.Header()
		h.Set(headerTarget, token(u.Target.Label))
		h.Set(headerAddress, fmt.Sprintf("0x%x", u.Target.Address))
		h.Set(headerEncrypted, strconv.FormatBool(u.Artifact.Encrypted))
		h.Set(headerVersion, token(u.Artifact.Version))
		s.send(w, r, &u.Artifact.File)
	}
}

// nothing answers that there is no update, and why.
func nothing(w http.ResponseWriter, reason string) {
	w.Header().Set(headerReason, token(reason))
	w.WriteHeader(http.StatusNoContent)
}

// token keeps what a header may hold.
func token(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// bundle answers with the file for all.
func (s *Server) bundle(w http.ResponseWriter, r *http.Request) {
	if s.folder.Index.Bundle == nil {
		http.Error(w, "the release has no bundle", http.StatusNotFound)
		return
	}
	s.send(w, r, s.folder.Index.Bundle)
}

// file answers with one file that the index names.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	for _, a := range s.folder.Index.Files() {
		if a.Name == r.PathValue("name") {
			s.send(w, r, &a)
			return
		}
	}
	http.NotFound(w, r)
}

// indexJSON answers with the index.
func (s *Server) indexJSON(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"`+sumOf(s.index)+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.index))
}

// send answers with a file: whole, a range of it, or that the device has it.
func (s *Server) send(w http.ResponseWriter, r *http.Request, a *File) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+a.Name+`"`)
	h.Set("ETag", `"`+a.SHA256+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.folder.Files[a.Name]))
}
