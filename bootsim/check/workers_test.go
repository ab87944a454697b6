package check_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/check"
	"github.com/bootsim/bootsim/bootsim/model"
	"github.com/bootsim/bootsim/bootsim/sweep/lots"
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/fixtures/example"
	many "github.com/bootsim/bootsim/fixtures/fleet"
)

// printed is a report as JSON.
func printed(t *testing.T, ls []bootsim.Lot, rs []bootsim.Release, o check.Options) string {
	t.Helper()
	b, err := json.MarshalIndent(check.Run(ls, rs, o), "", " ")
	require.NoError(t, err)
	return string(b)
}

// The report of one worker is that of any number, on any number of processors:
// of a fleet with broken lots and releases in between, and of every mistake of
// the demo. Under -race this is also where goroutines meet.
func TestWorkersChangeNothing(t *testing.T) {
	p := manyLots(t, many.Spec{Lots: 12, Releases: 2, AppSize: 16 << 10})
	for _, i := range []int{1, 5, 10} { // broken: nothing at the bootloader's place, the same otadata twice, no key
		p.Lots[i].Contents = append([]bootsim.Placement(nil), p.Lots[i].Contents...)
	}
	p.Lots[1].Contents[0].Address = 0x2000
	p.Lots[5].Contents[2].Data = p.Lots[1].Contents[2].Data[:32]
	p.Lots[10].Key = nil
	p.Releases[1].Artifacts = p.Releases[1].Artifacts[1:]
	p.Releases[0].Artifacts[0].Data = p.Releases[0].Artifacts[1].Data
	sets := []plans{{"fleet", p.Lots, p.Releases}}
	for i, v := range example.Variants() {
		if testing.Short() && i%5 != 0 {
			continue
		}
		d := plan(t, v.Files)
		sets = append(sets, plans{v.Name, d.Lots, d.Releases})
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, s := range sets {
		o := check.Options{Engine: model.Engine{}, Sweep: lots.Check}
		if s.name != "fleet" {
			o.Sweep = nil // all that sweeps have to do with order is in the fleet
		}
		want := printed(t, s.lots, s.releases, o)
		for _, n := range []int{1, 2, 7} {
			runtime.GOMAXPROCS(min(n, 2))
			o.Workers = n
			if o.Sweep != nil {
				o.Sweep = new(lots.Memory).Check
			}
			require.Equal(t, want, printed(t, s.lots, s.releases, o), "%s with %d workers", s.name, n)
		}
	}
}

type plans struct {
	name     string
	lots     []bootsim.Lot
	releases []bootsim.Release
}

// late delays the boots of some devices, so that what begins first ends last.
type late struct {
	emu.Booter
	by time.Duration
}

func (l late) Boot(d *emu.Device) emu.Outcome {
	time.Sleep(l.by)
	return l.Booter.Boot(d)
}

// lateFirst makes the lots slow that come first, and their first sweeps.
type lateFirst struct{ order map[string]int }

func (e lateFirst) Variants(l *bootsim.Lot, d *emu.Device, updates bool) ([]check.Variant, []string, error) {
	vs, assumed, err := model.Engine{}.Variants(l, d, updates)
	for i := range vs {
		vs[i].Booter = late{vs[i].Booter, time.Duration(len(e.order)-e.order[l.Name]) * 100 * time.Microsecond}
	}
	return vs, assumed, err
}

// Lots and releases stand in the order of the configuration, whichever is done
// first: the first of two equal findings is told, with its scenario.
func TestReportKeepsOrder(t *testing.T) {
	p := manyLots(t, many.Spec{Lots: 6, Releases: 5, AppSize: 16 << 10})
	e := lateFirst{map[string]int{}}
	for i := range p.Lots {
		e.order[p.Lots[i].Name] = i
	}
	var begun atomic.Int32
	sweep := func(_ *check.Factory, _ check.Variant, r *bootsim.Release) *bootsim.Swept {
		time.Sleep(time.Duration(20-begun.Add(1)%20) * 100 * time.Microsecond)
		return &bootsim.Swept{Release: r.Name, Verdict: bootsim.Fail, Broken: []string{"boots"}, Updater: "esp-ota"}
	}
	r := check.Run(p.Lots, p.Releases, check.Options{Engine: e, Sweep: sweep, Workers: 5})
	for i, l := range r.Lots {
		require.Equal(t, p.Lots[i].Name, l.Name)
		last, seen := -1, 0
		for _, s := range l.Scenarios[1:] {
			var at int
			_, err := fmt.Sscanf(s.Release, "2.%d", &at)
			require.NoError(t, err)
			require.GreaterOrEqual(t, at, last, "%s: %s", l.Name, s.Name)
			last = at
		}
		for k, s := range l.Sweeps {
			require.Equal(t, p.Releases[k].Name, s.Release)
			seen++
		}
		require.Equal(t, len(p.Releases), seen)
	}
	require.Equal(t, printed(t, p.Lots, p.Releases, check.Options{Engine: model.Engine{}, Sweep: sweep}),
		printed(t, p.Lots, p.Releases, check.Options{Engine: e, Sweep: sweep, Workers: 5}))
}

// Never more goroutines work than there are workers, and with two there are two.
func TestWorkersAreBounded(t *testing.T) {
	p := manyLots(t, many.Spec{Lots: 5, Releases: 4, AppSize: 16 << 10})
	for _, n := range []int{1, 2, 3} {
		var mu sync.Mutex
		var now, most int
		second := make(chan struct{})
		sweep := func(*check.Factory, check.Variant, *bootsim.Release) *bootsim.Swept {
			mu.Lock()
			now++
			if most = max(most, now); now == 2 && most == 2 {
				select {
				case <-second:
				default:
					close(second)
				}
			}
			mu.Unlock()
			if n > 1 {
				<-second // hangs if nobody else ever works
			}
			mu.Lock()
			now--
			mu.Unlock()
			return nil
		}
		check.Run(p.Lots, p.Releases, check.Options{Engine: model.Engine{}, Sweep: sweep, Workers: n})
		require.LessOrEqual(t, most, n)
		require.Equal(t, min(n, 2), min(most, 2), "workers %d", n)
	}
}

// A panic on any worker is one of Run, where the command expects it.
func TestPanicComesHome(t *testing.T) {
	p := manyLots(t, many.Spec{Lots: 4, Releases: 2, AppSize: 16 << 10})
	require.PanicsWithValue(t, "broken", func() {
		defer func() {
			if r := recover(); r != nil {
				require.Contains(t, fmt.Sprint(r), "broken")
				panic("broken")
			}
		}()
		check.Run(p.Lots, p.Releases, check.Options{Engine: model.Engine{}, Workers: 3,
			Sweep: func(*check.Factory, check.Variant, *bootsim.Release) *bootsim.Swept { panic("broken") }})
	})
}

// Progress counts up and ends with everything, one call at a time.
func TestProgressWithWorkers(t *testing.T) {
	p := manyLots(t, many.Spec{Lots: 6, Releases: 3, AppSize: 16 << 10})
	var last check.Progress
	r := check.Run(p.Lots, p.Releases, check.Options{Engine: model.Engine{}, Workers: 4, Progress: func(now check.Progress) {
		require.LessOrEqual(t, last.Lots, now.Lots)
		require.LessOrEqual(t, last.Scenarios, now.Scenarios)
		last = now
	}})
	n := 0
	for _, l := range r.Lots {
		n += len(l.Scenarios)
	}
	require.Equal(t, []int{6, 6, n}, []int{last.Lots, last.Of, last.Scenarios})
}
