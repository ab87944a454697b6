package fuzz

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// SchemaID names the published form of a campaign's result.
const SchemaID = "https://bootsim.dev/schemas/fuzz.schema.json"

// ChunkSize is how many runs make a chunk: what one shard runs as a whole.
const ChunkSize = 32

// Device is a lot that a campaign ran on.
type Device struct {
	Lot         string `json:"lot"`
	Fingerprint string `json:"fingerprint"`
	Passes      bool   `json:"passes"` // its check, before anything was changed
}

// Kept is a mutation that was the first to show something, made as small as
// still shows it.
type Kept struct {
	Shows    string   `json:"shows"`
	Run      uint64   `json:"run"` // the first that showed it
	Mutation Mutation `json:"mutation"`
}

// Failed is a failure, shrunk.
type Failed struct {
	Failure
	Run   uint64 `json:"run"`   // the first that showed it
	Runs  uint64 `json:"runs"`  // how many did
	Token string `json:"token"` // for bootsim replay
	Case  Case   `json:"case"`
}

// Result is what came of a campaign, or of some of its shards. It holds no time
// and nothing of the machine: the same runs give the same bytes.
type Result struct {
	Schema  string   `json:"schema"`
	Seed    uint64   `json:"seed"`
	Runs    uint64   `json:"runs"`             // of the whole campaign
	Shards  int      `json:"shards,omitempty"` // into which it was cut; 0 once all are here
	Have    []int    `json:"have,omitempty"`   // shards that are in here, from 1
	Devices []Device `json:"devices"`

	Done       uint64            `json:"done"`               // runs that are in here
	Boots      uint64            `json:"boots"`              // boots of those runs
	Compared   uint64            `json:"compared"`           // boots that had a second opinion
	Executed   uint64            `json:"executed,omitempty"` // boots that an execution of the binary was compared with
	Behaviours map[string]uint64 `json:"behaviours"`         // sets of what a run showed, and the first run
	Corpus     []Kept            `json:"corpus"`             // by what they show
	Failures   []Failed          `json:"failures"`           // by run

	kept   map[string]Kept
	failed map[string]Failed
}

func newResult(o *Options, subjects []*Subject) *Result {
	r := &Result{Schema: SchemaID, Seed: o.Seed, Runs: o.Runs, Behaviours: map[string]uint64{}, kept: map[string]Kept{}, failed: map[string]Failed{}}
	if o.Shards > 1 {
		r.Shards, r.Have = o.Shards, []int{o.Shard}
	}
	for _, s := range subjects {
		r.Devices = append(r.Devices, Device{s.Name, s.Fingerprint(), s.passes})
	}
	return r
}

// key tells failures apart: by judge and by what it says, without numbers.
func (f Failure) key() string { return f.Oracle + ": " + mask(f.Message) }

// absorb adds another part of the same campaign.
func (r *Result) absorb(o *Result) {
	r.Done += o.Done
	r.Boots += o.Boots
	r.Compared += o.Compared
	r.Executed += o.Executed
	for name, run := range o.Behaviours {
		if first, known := r.Behaviours[name]; !known || run < first {
			r.Behaviours[name] = run
		}
	}
	for name, k := range o.kept {
		if first, known := r.kept[name]; !known || k.Run < first.Run {
			r.kept[name] = k
		}
	}
	for name, f := range o.failed {
		first, known := r.failed[name]
		if known {
			sum := first.Runs + f.Runs
			if first.Run < f.Run {
				f = first
			}
			f.Runs = sum
		}
		r.failed[name] = f
	}
}

// JSON writes the result with everything in order.
func (r *Result) JSON() []byte {
	r.Corpus, r.Failures = []Kept{}, []Failed{}
	for _, name := range slices.Sorted(maps.Keys(r.kept)) {
		r.Corpus = append(r.Corpus, r.kept[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.failed)) {
		r.Failures = append(r.Failures, r.failed[name])
	}
	slices.SortStableFunc(r.Failures, func(a, b Failed) int { return cmp.Compare(a.Run, b.Run) })
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	_ = e.Encode(r) // into memory, of types that can be encoded
	return b.Bytes()
}

// ResultError tells that a file is no result, or that results do not belong
// together.
type ResultError struct{ Reason string }

// Error says why.
func (e *ResultError) Error() string { return e.Reason }

func mismatch(format string, args ...any) error { return &ResultError{fmt.Sprintf(format, args...)} }

// ParseResult reads what JSON wrote. The error is a *ResultError.
func ParseResult(raw []byte) (*Result, error) {
	r := &Result{kept: map[string]Kept{}, failed: map[string]Failed{}}
	if err := json.Unmarshal(raw, r); err != nil {
		return nil, mismatch("not a result of `bootsim fuzz`: %v", err)
	}
	if r.Schema != SchemaID {
		return nil, mismatch("not a result of `bootsim fuzz`: its schema is %q", r.Schema)
	}
	if r.Behaviours == nil {
		r.Behaviours = map[string]uint64{}
	}
	for _, k := range r.Corpus {
		r.kept[k.Shows] = k
	}
	for _, f := range r.Failures {
		r.failed[f.key()] = f
	}
	return r, nil
}

// Merge joins the results of shards of one campaign. With all shards the result
// is, byte for byte, that of the campaign run in one piece. The error is a
// *ResultError.
func Merge(parts []*Result) (*Result, error) {
	if len(parts) == 0 {
		return nil, mismatch("nothing to merge: name the results of the shards")
	}
	first := parts[0]
	all := &Result{Schema: SchemaID, Seed: first.Seed, Runs: first.Runs, Shards: first.Shards, Devices: first.Devices,
		Behaviours: map[string]uint64{}, kept: map[string]Kept{}, failed: map[string]Failed{}}
	for _, p := range parts {
		if p.Seed != first.Seed || p.Runs != first.Runs || p.Shards != first.Shards || !slices.Equal(p.Devices, first.Devices) {
			return nil, mismatch("these are shards of different campaigns: seed, --runs, number of shards and images must be the same")
		}
		for _, n := range p.Have {
			if slices.Contains(all.Have, n) {
				return nil, mismatch("shard %d of %d is there twice", n, p.Shards)
			}
		}
		if p.Shards == 0 && len(parts) > 1 {
			return nil, mismatch("one of these is a whole campaign already")
		}
		all.Have = append(all.Have, p.Have...)
		all.absorb(p)
	}
	slices.Sort(all.Have)
	if len(all.Have) == all.Shards {
		all.Shards, all.Have = 0, nil
	}
	return all, nil
}
