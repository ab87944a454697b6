package sweep

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/emu/fault"
)

// Token is everything that a counterexample needs besides the images: it
// replays on any machine that has them.
type Token struct {
	Inputs  [InputsSize]byte // of Inputs: tells whether the images are the same
	Seed    uint64
	Bound   int    // boots that recovery may take; 0 for DefaultBound
	Updater string // how the updater was asked for, with its options
	History History
}

// InputsSize is the length of the hash of the inputs, in bytes.
const InputsSize = 8

// tokenVersion begins every token; a change of what operations or ways are
// called asks for another.
const tokenVersion = "bs1."

// maxToken bounds what is decoded, in characters.
const maxToken = 4096

// String writes the token.
func (t Token) String() string {
	b := append([]byte(nil), t.Inputs[:]...)
	b = binary.AppendUvarint(b, t.Seed)
	b = binary.AppendUvarint(b, uint64(t.Bound))
	b = binary.AppendUvarint(b, uint64(len(t.Updater)))
	b = append(b, t.Updater...)
	for _, s := range t.History {
		b = append(b, byte(s.Kind))
		b = binary.AppendUvarint(b, uint64(s.Site))
		b = binary.AppendUvarint(b, uint64(s.Way))
		if s.Kind == fault.Flip2 {
			b = binary.AppendUvarint(b, uint64(s.Second))
		}
	}
	return tokenVersion + base64.RawURLEncoding.EncodeToString(b)
}

// TokenError tells that a text is no token.
type TokenError struct{ Reason string }

// Error tells what to do.
func (e *TokenError) Error() string {
	return "replay token: " + e.Reason + "; copy it whole from the report, and use the version of bootsim that printed it"
}

// ParseToken reads what String wrote. The error is a *TokenError.
func ParseToken(text string) (Token, error) {
	var t Token
	text = strings.TrimSpace(text)
	rest, ok := strings.CutPrefix(text, tokenVersion)
	if !ok {
		return t, &TokenError{Reason: fmt.Sprintf("it does not begin with %q", tokenVersion)}
	}
	if len(rest) > maxToken {
		return t, &TokenError{Reason: "it is too long"}
	}
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil || len(b) < InputsSize {
		return t, &TokenError{Reason: "it is damaged"}
	}
	copy(t.Inputs[:], b)
	r := &tokenReader{b: b[InputsSize:]}
	t.Seed = r.number(64)
	t.Bound = int(r.number(8))
	t.Updater = r.text()
	for len(r.b) > 0 && !r.bad {
		t.History = append(t.History, r.step())
	}
	if r.bad {
		return Token{}, &TokenError{Reason: "it is damaged"}
	}
	return t, nil
}

// StepError tells that a history does not fit the run.
type StepError struct {
	Step int
	Err  error
}

// Error names the fault by its place.
func (e *StepError) Error() string {
	return fmt.Sprintf("fault %d of the history: %v", e.Step+1, e.Err)
}

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// errNoSite says that the run has nothing where a fault should strike.
var errNoSite = errors.New("the run has no such operation: the token is for another scenario")

// check tells whether a fault can strike a run.
func (l *life) check(st Step) error {
	switch {
	case st.Kind.AtRest():
		size := l.start.dev.Flash.Size()
		if int(st.Site) > len(l.boots) || st.Way/8 >= size || st.Second/8 >= size {
			return errNoSite
		}
		return nil
	case st.Kind == fault.Read:
		if int(st.Site) >= l.reads {
			return errNoSite
		}
		return nil
	case st.Kind == fault.Cut && int(st.Site) == len(l.ops):
		return nil
	case int(st.Site) >= len(l.ops) || int(st.Way) >= fault.Ways(st.Kind, l.ops[st.Site]):
		return errNoSite
	}
	return nil
}

// Inputs is a hash of everything that a history depends on besides the token.
func (sc *Scenario) Inputs() [InputsSize]byte {
	h := newInputHash()
	h.flash(sc.Device.Flash)
	for b := range 4 {
		h.bytes(sc.Device.Efuses.Cells(b))
	}
	h.bytes([]byte{byte(sc.Device.ROM), byte(sc.Goal), byte(sc.TableOffset >> 12), flag(sc.Rollback), flag(sc.Device.APBRevision)})
	for _, f := range sc.Offer.Files {
		h.bytes([]byte(f.Slot))
		h.bytes(f.Data)
		h.bytes([]byte{flag(f.Encrypted)})
	}
	h.bytes([]byte(sc.Updater.Name() + "\x00" + sc.Bootloader + "\x00" + sc.Device.Entropy))
	if d, ok := sc.Updater.(interface{ Digest() []byte }); ok {
		h.bytes(d.Digest())
	}
	h.bytes(sc.Offer.Table)
	h.bytes(sc.Offer.Bootloader)
	return h.sum()
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}
