package fuzz

import (
	"fmt"
	"slices"
	"sync"
)

// Options are those of a campaign.
type Options struct {
	Seed   uint64
	Runs   uint64 // of the whole campaign, all shards together
	Shard  int    // of Shards, from 1; shard K runs the chunks K-1, K-1+Shards, …
	Shards int    // 0 or 1: all chunks are run here
	// Stop is asked before every round of chunks whether time is over; nil is
	// never. A campaign that was stopped says how many runs it made.
	Stop    func() bool
	Second  Second // nil: no second opinion
	Workers int    // chunks that run at the same time; the result does not depend on it
	Seeds   []Kept // mutations that every chunk begins with: the corpus of an earlier campaign
	// Progress is told how many runs are done; nil is silent.
	Progress func(done uint64)
}

// Campaign runs mutations of the subjects and reports.
func Campaign(subjects []*Subject, o Options) (*Result, error) {
	if len(subjects) == 0 {
		return nil, mismatch("there is no lot to fuzz")
	}
	if o.Shards > 1 && (o.Shard < 1 || o.Shard > o.Shards) {
		return nil, mismatch("shard %d of %d does not exist: shards count from 1", o.Shard, o.Shards)
	}
	r := newResult(&o, subjects)
	for next := o.first(); next*ChunkSize < o.Runs; {
		if o.Stop != nil && r.Done > 0 && o.Stop() {
			r.Runs = r.Done // what a campaign of as many runs would have made
			break
		}
		var round []uint64
		for ; len(round) < max(1, o.Workers) && next*ChunkSize < o.Runs; next += o.step() {
			round = append(round, next)
		}
		for _, part := range runRound(subjects, &o, round) {
			r.absorb(part)
		}
		if o.Progress != nil {
			o.Progress(r.Done)
		}
	}
	finish(subjects, &o, r)
	return r, nil
}

// first and step say which chunks are this shard's.
func (o *Options) first() uint64 {
	if o.Shards > 1 {
		return uint64(o.Shard - 1)
	}
	return 0
}

func (o *Options) step() uint64 { return uint64(max(1, o.Shards)) }

// runRound runs chunks side by side and returns their results in order.
func runRound(subjects []*Subject, o *Options, chunks []uint64) []*Result {
	out := make([]*Result, len(chunks))
	var wg sync.WaitGroup
	for i, c := range chunks {
		wg.Go(func() { out[i] = runChunk(subjects, o, c) })
	}
	wg.Wait()
	return out
}

// runChunk runs one chunk. Mutations that show a behaviour that is new in this
// chunk are varied further.
func runChunk(subjects []*Subject, o *Options, chunk uint64) *Result {
	r := newResult(o, nil)
	pool := make([]Mutation, 0, ChunkSize)
	for _, k := range o.Seeds {
		pool = append(pool, k.Mutation)
	}
	for run := chunk * ChunkSize; run < min((chunk+1)*ChunkSize, o.Runs); run++ {
		d := newSeeded(o.Seed, run)
		m := choose(d, subjects, pool)
		out := subjectOf(subjects, m.Lot).try(m, o.Second)
		if r.note(run, m, out) {
			pool = append(pool, m)
		}
	}
	return r
}

// choose draws a mutation, or varies one of the pool.
func choose(d dice, subjects []*Subject, pool []Mutation) Mutation {
	if len(pool) > 0 && chance(d, 1, 2) {
		old := pick(d, pool)
		if s := subjectOf(subjects, old.Lot); s != nil && len(old.Changes) < maxDrawn {
			return vary(d, s, old)
		}
	}
	return draw(d, subjects)
}

func subjectOf(subjects []*Subject, name string) *Subject {
	i := slices.IndexFunc(subjects, func(s *Subject) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return subjects[i]
}

// note records a run and tells whether it behaved as none before.
func (r *Result) note(run uint64, m Mutation, out outcome) bool {
	r.Done++
	r.Boots += uint64(out.boots)
	r.Compared += uint64(out.covered)
	r.Executed += uint64(out.executed)
	for _, f := range out.features {
		if _, known := r.kept[f]; !known {
			r.kept[f] = Kept{Shows: f, Run: run, Mutation: m}
		}
	}
	if f := out.failure; f != nil {
		seen, known := r.failed[f.key()]
		if !known {
			seen = Failed{Failure: *f, Run: run, Case: Case{Oracle: f.Oracle, Message: f.Message, Mutation: m}}
		}
		seen.Runs++
		r.failed[f.key()] = seen
	}
	name := behaviour(out.features)
	_, known := r.Behaviours[name]
	if !known {
		r.Behaviours[name] = run
	}
	return !known
}

// finish makes what was kept as small as still shows it. Shards do so each for
// their own; the one whose run came first is the one that a merge keeps.
func finish(subjects []*Subject, o *Options, r *Result) {
	for name, k := range r.kept {
		s := subjectOf(subjects, k.Mutation.Lot)
		k.Mutation = shrink(k.Mutation, func(m Mutation) bool { return s.shows(m, name) })
		r.kept[name] = k
	}
	for name, f := range r.failed {
		s := subjectOf(subjects, f.Case.Mutation.Lot)
		f.Case.Mutation = shrink(f.Case.Mutation, func(m Mutation) bool {
			again := s.try(m, o.Second).failure
			return again != nil && again.key() == name
		})
		f.Case.Fingerprint = s.Fingerprint()
		f.Token = f.Case.Token()
		r.failed[name] = f
	}
}

// Summary is the result in a few lines.
func (r *Result) Summary() string {
	s := fmt.Sprintf("%d runs, %d boots, %d with a second opinion; %d behaviours, %d things seen, %d failures",
		r.Done, r.Boots, r.Compared, len(r.Behaviours), len(r.kept), len(r.failed))
	if r.Executed > 0 {
		s += fmt.Sprintf("; %d boots executed and compared", r.Executed)
	}
	if r.Shards > 0 {
		s += fmt.Sprintf("; shards %v of %d", r.Have, r.Shards)
	}
	return s
}
