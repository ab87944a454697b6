package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/bootsim/bootsim/bootsim/release/bundle"
)

// SchemaID names the published schema of the index.
const SchemaID = "https://bootsim.dev/schemas/release-index.schema.json"

// indexVersion is the version of the index that this package writes and reads.
const indexVersion = 1

// Index tells what to give to which device: by lot and running partition.
// Addresses and sizes are in bytes.
type Index struct {
	Schema  string `json:"schema"`
	Version int    `json:"version"` // of this format
	Release string `json:"release"`
	Bundle  *File  `json:"bundle"` // one file with all images; null if there is none
	Lots    []Lot  `json:"lots"`
}

// Lot is what a lot's devices get.
type Lot struct {
	Name string `json:"name"`
	ID   uint32 `json:"id"` // bundle.LotID
	// Key names the flash encryption key without giving it away; empty where
	// files are not encrypted by the host.
	Key     string   `json:"key,omitempty"`
	Updates []Update `json:"updates"`
}

// Update is what a device gets that runs one partition.
type Update struct {
	Running Partition `json:"running"`
	// Target is where it updates to; null, with a reason, if it cannot.
	Target   *Partition `json:"target"`
	Artifact *Artifact  `json:"artifact"`
	Reason   string     `json:"reason,omitempty"`
}

// Partition is a place in flash.
type Partition struct {
	Label   string `json:"label"`
	Address uint32 `json:"address"`
	Size    uint32 `json:"size"`
}

// File is one file of the release, beside the index.
type File struct {
	Name   string `json:"file"`
	Size   uint32 `json:"size"`
	SHA256 string `json:"sha256"`
}

// Artifact is a file that goes into a slot.
type Artifact struct {
	File
	// Encrypted tells that the file is ciphertext, to be written as it is.
	// Otherwise it is written as esp_ota_write does.
	Encrypted bool   `json:"encrypted"`
	Version   string `json:"version,omitempty"`
}

// IndexError tells why a file is no index of a release.
type IndexError struct{ Reason string }

func (e *IndexError) Error() string { return "not the index of a release: " + e.Reason }

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// intact tells whether data are the file that the index means.
func (f *File) intact(data []byte) bool {
	return uint64(len(data)) == uint64(f.Size) && sumOf(data) == f.SHA256
}

// fileOf describes a file.
func fileOf(name string, data []byte) File { return File{name, uint32(len(data)), sumOf(data)} }

// indexLot describes one lot's updates.
func indexLot(u *fielded, places []place) Lot {
	l := Lot{Name: u.lot.Name, ID: bundle.LotID(u.lot.Name), Updates: []Update{}}
	if u.host {
		l.Key = u.key().Fingerprint()
	}
	for _, r := range u.routes() {
		l.Updates = append(l.Updates, indexUpdate(r, places))
	}
	return l
}

func indexUpdate(r route, places []place) Update {
	out := Update{Running: Partition{r.running.Name(), r.running.Offset, r.running.Size}, Reason: r.reason}
	if r.target == nil {
		return out
	}
	out.Target = &Partition{r.target.Name(), r.target.Offset, r.target.Size}
	for _, p := range places {
		if p.slot == *r.target {
			out.Artifact = &Artifact{File: fileOf(p.file, p.data), Encrypted: p.encrypted, Version: p.version}
			return out
		}
	}
	out.Reason = fmt.Sprintf("the release has nothing for %s", r.target.Name())
	return out
}

// Encode writes the index as the file holds it.
func (x *Index) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(x)
	return b.Bytes(), err
}

// DecodeIndex reads an index and checks that it holds together. The error is
// an *IndexError.
func DecodeIndex(b []byte) (*Index, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	x := &Index{}
	if err := d.Decode(x); err != nil {
		return nil, &IndexError{err.Error()}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &IndexError{"something follows the JSON object"}
	}
	return x, x.check()
}
