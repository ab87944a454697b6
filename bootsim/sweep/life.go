package sweep

import (
	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/recall"
	"github.com/bootsim/bootsim/emu/update"
	"github.com/bootsim/bootsim/flashmodel"
)

// end is how a run of a device ends if nobody interferes.
type end uint8

const (
	endRest    end = iota // an application runs and has nothing more to do
	endDead               // nothing boots, and switching it off and on changes nothing
	endLoop               // it restarts for ever in the same state
	endEndless            // it restarts for ever and changes each time; cut off
	endUnknown            // what happens is not modelled
)

// maxBoots is after how many boots a run is cut off.
const maxBoots = 24

// bootRecord is one boot in a run.
type bootRecord struct {
	outcome emu.Outcome
	image   *Image // what was started, if it is known
	cause   emu.ResetReason
	firstOp int // operations before the boot
	appOp   int // operations before the application began
	ghost   ghost
}

func (b *bootRecord) role() Role {
	if b.image == nil {
		return Other
	}
	return b.image.Role
}

// mark is a point passed after some operations.
type mark struct {
	op     int
	mark   update.Mark
	secure uint32 // secure_version of the application that passed it
}

// stored is RTC memory from some number of operations on.
type stored struct {
	op  int
	rtc update.RTC
}

// life is a run of a device from power on until it rests or ends: boots,
// and what the applications did.
type life struct {
	start   state
	ops     []flashmodel.Op // only if recorded
	marks   []mark
	stores  []stored
	boots   []bootRecord
	reads   int // by applications
	end     end
	err     error // what the application that rests gave up with
	exposed int   // operations that programmed plaintext
	shown   int   // the first of them
	gaveUp  bool  // an otadata entry is ABORTED or INVALID at some boot
	trace   flashmodel.Trace
	final   *emu.Device
	ghost   ghost
	rtc     update.RTC
}

func (l *life) last() *bootRecord { return &l.boots[len(l.boots)-1] }

// used is how many boots the run took.
func (l *life) used() int { return len(l.boots) }

// runner carries out runs of one scenario.
type runner struct {
	sc       *Scenario
	memoised bootMemo
	ids      looks[*Image]
	valid    looks[bool]
	secrets  plaintexts
	sums     *recall.Sums // that the booter knows
	boots    int          // carried out
	lives    int
	unknown  string // what was not modelled, of the first run that met it

	depth    int
	progress func(depth, runs int)
}

// progressEvery is after how many runs progress is told.
const progressEvery = 64

// run lets a device live. Faults that are armed strike where they are armed.
// Only a recorded run keeps its operations.
func (r *runner) run(s state, armed []Step, record bool) *life {
	l := &life{start: s, rtc: s.rtc, ghost: s.ghost, final: s.dev.Fork()}
	r.lives++
	if r.progress != nil && r.lives%progressEvery == 0 {
		r.progress(r.depth, r.lives)
	}
	d := l.final
	journal := &flashmodel.Journal{}
	if len(s.stuck) > 0 || len(armed) > 0 {
		journal.Interceptor = &strikes{fixed: fixed{s.stuck}, armed: armed}
	}
	if record || journal.Interceptor != nil {
		d.Attach(journal)
	}
	d.Flash.Watch(&l.trace)
	course := &course{runner: r, life: l, journal: journal, armed: armed, interferes: journal.Interceptor != nil}
	for course.step() {
	}
	d.Flash.Watch(nil)
	d.Attach(nil)
	l.ops = journal.Ops()
	if record && r.sc.encrypted() {
		l.exposed, l.shown = r.secrets.in(l.ops)
	}
	return l
}
