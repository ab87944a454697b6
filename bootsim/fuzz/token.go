package fuzz

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// TokenPrefix begins every token of this package.
const TokenPrefix = "fuzz1:"

// maxToken bounds what a token may unpack to, in bytes.
const maxToken = 16 << 20

// Case is a mutation of a certain device that a judge had something to say of:
// what a token and a regression file hold.
type Case struct {
	Oracle      string   `json:"oracle"`
	Message     string   `json:"message,omitempty"`
	Fingerprint string   `json:"fingerprint,omitempty"` // of the device
	Device      string   `json:"device,omitempty"`      // of a regression file: a device that the tests can build
	Mutation    Mutation `json:"mutation"`
}

// TokenError tells that a token cannot be read.
type TokenError struct{ Reason string }

// Error says what to do.
func (e *TokenError) Error() string {
	return fmt.Sprintf("not a token of `bootsim fuzz`: %s: copy the whole line, from %s on", e.Reason, TokenPrefix)
}

// Token packs a case into one word.
func (c Case) Token() string {
	c.Message = ""
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // a level that exists
	_ = json.NewEncoder(w).Encode(c)                   // into memory
	_ = w.Close()
	return TokenPrefix + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// ParseToken unpacks what Token packed. The error is a *TokenError.
func ParseToken(token string) (Case, error) {
	text, ok := strings.CutPrefix(strings.TrimSpace(token), TokenPrefix)
	if !ok {
		return Case{}, &TokenError{"it does not begin with " + TokenPrefix}
	}
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Case{}, &TokenError{err.Error()}
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxToken+1))
	if err == nil && len(raw) > maxToken {
		err = errors.New("it unpacks to more than 16 MiB")
	}
	if err != nil {
		return Case{}, &TokenError{err.Error()}
	}
	return ParseCase(raw)
}

// ParseCase reads the JSON form of a case. The error is a *TokenError.
func ParseCase(raw []byte) (Case, error) {
	var c Case
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Case{}, &TokenError{err.Error()}
	}
	return c, nil
}

// Replayed is what a case came to once more.
type Replayed struct {
	Case    Case
	Log     []string // console of every boot
	Found   []string // findings of the check, rule and message
	Failure *Failure // what a judge says now; nil when all are content
}

// Replay runs a case on one of the subjects. An error tells that no subject is
// meant, that the images are not those of the case, or (*ChangeError) that a
// change makes no sense.
func Replay(c Case, subjects []*Subject, second Second) (*Replayed, error) {
	for _, s := range subjects {
		if s.Name != c.Mutation.Lot {
			continue
		}
		if have := s.Fingerprint(); c.Fingerprint != "" && c.Fingerprint != have {
			return nil, fmt.Errorf("lot %s is not as it was (fingerprint %s, then %s): replay it on the images that the campaign ran on", s.Name, have, c.Fingerprint)
		}
		return s.replay(c, second)
	}
	return nil, fmt.Errorf("there is no lot %s here: replay it on the images that the campaign ran on", c.Mutation.Lot)
}

func (s *Subject) replay(c Case, second Second) (*Replayed, error) {
	d, err := s.Apply(c.Mutation)
	if err != nil {
		return nil, err
	}
	r := &Replayed{Case: c, Failure: s.try(c.Mutation, second).failure}
	if r.Failure != nil && (r.Failure.Oracle == OraclePanics || r.Failure.Oracle == OracleTerminates) {
		return r, nil
	}
	for _, step := range s.follow(d.Fork()) {
		for _, l := range step.out.Log {
			r.Log = append(r.Log, l.String())
		}
	}
	for _, f := range s.checked(d).Findings {
		r.Found = append(r.Found, fmt.Sprintf("%s %s: %s", f.Severity, f.Rule, f.Message))
	}
	return r, nil
}

// JSON writes the case as a regression file holds it.
func (c Case) JSON() []byte {
	b, _ := json.MarshalIndent(c, "", " ") // of types that can be encoded
	return append(b, '\n')
}
