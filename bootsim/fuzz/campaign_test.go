package fuzz_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim/fuzz"
	"github.com/bootsim/bootsim/fixtures/oracle"
	"github.com/bootsim/bootsim/fixtures/regress"
)

func smallSubjects(tb testing.TB) []*fuzz.Subject {
	tb.Helper()
	s, err := fuzz.NewSubjects(regress.Small(), nil)
	require.NoError(tb, err)
	return s
}

func campaign(tb testing.TB, s []*fuzz.Subject, o fuzz.Options) *fuzz.Result {
	tb.Helper()
	o.Second = oracle.Second{}
	r, err := fuzz.Campaign(s, o)
	require.NoError(tb, err)
	return r
}

// TestEightShardsAreOneCampaign runs a campaign in one piece and in eight, each
// written out and read back as another machine would, and wants the same bytes.
func TestEightShardsAreOneCampaign(t *testing.T) {
	s := smallSubjects(t)[1:3]
	const runs, shards = 8*fuzz.ChunkSize - 7, 8
	whole := campaign(t, s, fuzz.Options{Seed: 7, Runs: runs, Workers: 2})
	var parts []*fuzz.Result
	for k := shards; k >= 1; k-- { // in whatever order they come in
		part := campaign(t, s, fuzz.Options{Seed: 7, Runs: runs, Shard: k, Shards: shards, Workers: 1})
		require.Equal(t, []int{k}, part.Have)
		read, err := fuzz.ParseResult(part.JSON())
		require.NoError(t, err)
		parts = append(parts, read)
	}
	first, err := fuzz.Merge(parts[:5])
	require.NoError(t, err)
	half, err := fuzz.ParseResult(first.JSON())
	require.NoError(t, err)
	require.Equal(t, []int{4, 5, 6, 7, 8}, half.Have)
	all, err := fuzz.Merge(append([]*fuzz.Result{half}, parts[5:]...))
	require.NoError(t, err)
	require.Equal(t, string(whole.JSON()), string(all.JSON()))
	require.Equal(t, uint64(runs), all.Done)
	require.Greater(t, len(all.Corpus), 100, "a campaign that reaches nothing proves nothing")
	require.Greater(t, all.Compared, all.Boots*9/10)
	require.Empty(t, all.Failures, "%s", whole.JSON())
}

// TestMergeRefusesStrangers joins only what belongs together.
func TestMergeRefusesStrangers(t *testing.T) {
	s := smallSubjects(t)[:1]
	o := fuzz.Options{Seed: 1, Runs: 2, Shard: 1, Shards: 2}
	one := campaign(t, s, o)
	o.Seed = 2
	other := campaign(t, s, o)
	whole := campaign(t, s, fuzz.Options{Seed: 1, Runs: 2})
	for _, parts := range [][]*fuzz.Result{nil, {one, one}, {one, other}, {one, whole}, {whole, whole}} {
		_, err := fuzz.Merge(parts)
		var re *fuzz.ResultError
		require.ErrorAs(t, err, &re)
	}
	_, err := fuzz.ParseResult([]byte(`{"schema":"other"}`))
	require.Error(t, err)
	_, err = fuzz.Campaign(s, fuzz.Options{Runs: 1, Shard: 3, Shards: 2})
	require.Error(t, err)
	_, err = fuzz.Campaign(nil, fuzz.Options{Runs: 1})
	require.Error(t, err)
}

// TestStoppedCampaignSaysHowFarItCame is a campaign that time ended: one of as
// many runs is the same.
func TestStoppedCampaignSaysHowFarItCame(t *testing.T) {
	s := smallSubjects(t)[1:2]
	asked := 0
	stopped := campaign(t, s, fuzz.Options{Seed: 3, Runs: 1 << 40, Workers: 1, Stop: func() bool { asked++; return asked == 2 }})
	require.Equal(t, uint64(2*fuzz.ChunkSize), stopped.Runs)
	require.Equal(t, stopped.Runs, stopped.Done)
	again := campaign(t, s, fuzz.Options{Seed: 3, Runs: stopped.Runs, Workers: 2})
	require.Equal(t, string(again.JSON()), string(stopped.JSON()))
}

// TestCorpusShowsWhatItSays replays what was kept, and begins another campaign
// with it.
func TestCorpusShowsWhatItSays(t *testing.T) {
	s := smallSubjects(t)
	r := campaign(t, s, fuzz.Options{Seed: 5, Runs: fuzz.ChunkSize})
	r.JSON()
	for _, k := range r.Corpus {
		require.True(t, fuzz.Shows(s, k), "%s %v", k.Shows, k.Mutation)
	}
	more := campaign(t, s, fuzz.Options{Seed: 5, Runs: fuzz.ChunkSize, Seeds: r.Corpus})
	require.NotEqual(t, string(r.JSON()), string(more.JSON()))
}

// TestFirstAndLaterRunsAreIndependent makes the runs of a chunk alone: whatever
// ran before in other chunks does not matter.
func TestFirstAndLaterRunsAreIndependent(t *testing.T) {
	s := smallSubjects(t)[:2]
	both := campaign(t, s, fuzz.Options{Seed: 11, Runs: 2 * fuzz.ChunkSize})
	second := campaign(t, s, fuzz.Options{Seed: 11, Runs: 2 * fuzz.ChunkSize, Shard: 2, Shards: 2})
	for name, run := range second.Behaviours {
		require.GreaterOrEqual(t, run, uint64(fuzz.ChunkSize))
		first, known := both.Behaviours[name]
		require.True(t, known, name)
		require.LessOrEqual(t, first, run)
	}
	lots := []string{}
	for _, d := range both.Devices {
		lots = append(lots, fmt.Sprintf("%s %t", d.Lot, d.Passes))
	}
	require.True(t, slices.Equal([]string{"small-v3.1-encrypted true", "small-v3.3.6 true"}, lots), lots)
}
