package main

import (
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/fixtures/oracle"
	"github.com/bootsim/bootsim/fixtures/regress"
)

const fuzzAbout = `Mutates what the devices of every lot hold below their encryption (eFuses, table,
otadata, images, signatures, whole parts crossed between lots), boots them, and holds every boot
against several judges: docs/fuzzing.md. Images are never written.

The same seed and number of runs give the same result on any machine, cut into any
number of shards. --for stops when time is over and says how many runs that were.

  bootsim fuzz merge FILE...            join the results of shards
  bootsim replay TOKEN [PATH...]        run one mutation again and show what it does`

type fuzzFlags struct {
	deviceFlags
	runs    uint64
	length  time.Duration
	seed    uint64
	shard   string
	output  string
	corpus  string
	workers int
	keys    signingKeys
}

func (f *fuzzFlags) register(fs *pflag.FlagSet) {
	fs.Uint64Var(&f.runs, "runs", 0, "make this `NUMBER` of runs")
	fs.DurationVar(&f.length, "for", 0, "stop after a `TIME`: 60s, 10m, 1h (60s unless --runs is given)")
	fs.Uint64Var(&f.seed, "seed", 1, "`NUMBER` that all mutations follow from")
	fs.StringVar(&f.shard, "shard", "", "run part `K/N` of the campaign, K from 1; needs --runs")
	fs.StringVarP(&f.output, "output", "o", "", "write the result, as JSON, to a `FILE`")
	fs.StringVar(&f.corpus, "corpus", "", "begin with the corpus of an earlier result `FILE`")
	fs.IntVar(&f.workers, "workers", runtime.NumCPU(), "run this `NUMBER` of chunks at the same time")
	f.keys.register(fs)
	f.deviceFlags.register(fs)
}

func (a *app) fuzz(args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "merge":
			return a.fuzzMerge(args[1:])
		case "replay":
			return a.fuzzReplay(args[1:])
		}
	}
	var f fuzzFlags
	fs := pflag.NewFlagSet("fuzz [PATH...]", pflag.ContinueOnError)
	f.register(fs)
	if more, err := a.parse(fs, args, fuzzAbout); !more {
		return err
	}
	o, err := f.options()
	if err != nil {
		return err
	}
	if o.Seeds, err = a.corpus(f.corpus); err != nil {
		return err
	}
	src, subjects, err := a.subjects(fs.Args(), &f.deviceFlags, &f.keys)
	if err != nil {
		return err
	}
	src.read(append(f.keys.files, f.corpus)...)
	if err := a.replacesResult(f.output, src.inputs); err != nil {
		return err
	}
	line := a.progressLine(false)
	defer line.clear()
	o.Progress = func(done uint64) { line.show("%d runs", done) }
	r, err := fuzz.Campaign(subjects, o)
	if err != nil {
		return usagef("%v", err)
	}
	line.clear()
	return a.fuzzed(r, f.output, f.again(fs))
}

// again is what a replay has to be told besides the token.
func (f *fuzzFlags) again(fs *pflag.FlagSet) string {
	return replayArgs(fs, "runs", "for", "seed", "shard", "output", "corpus", "workers")
}

// subjects takes the lots of a command line apart. Without any they are those of
// the example, and small ones with Secure Boot.
func (a *app) subjects(paths []string, dev *deviceFlags, keys *signingKeys) (*source, []*fuzz.Subject, error) {
	signers, err := keys.read(a)
	if err != nil {
		return nil, nil, err
	}
	src, err := a.load(paths, nil, dev)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range src.notes {
		fmt.Fprintln(a.stderr, "note: "+n)
	}
	if len(paths) == 0 {
		src.lots = append(src.lots, regress.Signed()...)
		signers = append(signers, regress.Signers()...)
	}
	if err := dev.engine.settle(src.lots); err != nil {
		return nil, nil, err
	}
	subjects, err := fuzz.NewSubjects(src.lots, src.releases, signers...)
	if err != nil {
		return nil, nil, err
	}
	return src, subjects, dev.engine.witness(subjects)
}

// options reads what the campaign is to be.
func (f *fuzzFlags) options() (fuzz.Options, error) {
	o := fuzz.Options{Seed: f.seed, Runs: f.runs, Workers: f.workers, Second: oracle.Second{}}
	if f.length < 0 || f.workers < 1 || f.workers > 1024 {
		return o, usagef("--for and --workers take positive numbers, and no more than 1024 workers")
	}
	if f.runs == 0 {
		if f.length == 0 {
			f.length = time.Minute
		}
		o.Runs = math.MaxUint64 / 2 / fuzz.ChunkSize
	}
	if f.length > 0 {
		end := time.Now().Add(f.length)
		o.Stop = func() bool { return time.Now().After(end) }
	}
	if f.shard == "" {
		return o, nil
	}
	k, n, _ := strings.Cut(f.shard, "/")
	shard, err1 := strconv.Atoi(k)
	shards, err2 := strconv.Atoi(n)
	if err1 != nil || err2 != nil || shard < 1 || shard > shards {
		return o, usagef("--shard %s: want K/N, such as 1/8 to 8/8", f.shard)
	}
	if f.runs == 0 || f.length > 0 {
		return o, usagef("--shard needs --runs and no --for: shards must agree on what the whole campaign is")
	}
	o.Shard, o.Shards = shard, shards
	return o, nil
}
