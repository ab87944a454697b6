package sweep

import (
	"strings"

	"github.com/bootsim/bootsim/emu/fault"
	"github.com/bootsim/bootsim/flashmodel"
)

// Window is a stretch of operations at which one fault breaks the same
// invariants.
type Window struct {
	First      int      `json:"first"` // operations of the run without a fault, from 0
	Last       int      `json:"last"`
	By         string   `json:"by"`
	Operation  string   `json:"operation"` // the first
	Address    uint32   `json:"address"`
	Partition  string   `json:"partition,omitempty"`
	Faults     []string `json:"faults"` // kinds
	Invariants []string `json:"invariants"`
}

// dangers is what single faults break, by the operation of the run without a
// fault that they strike.
type dangers struct{ at map[int]danger }

type danger struct {
	kinds  fault.Set
	broken breach
}

func (d *dangers) add(l *life, st Step, b breach) {
	if b == 0 || st.Kind == fault.Read {
		return
	}
	if d.at == nil {
		d.at = map[int]danger{}
	}
	at := l.opAt(st)
	now := d.at[at]
	now.kinds |= fault.Of(st.Kind)
	now.broken |= b
	d.at[at] = now
}

// opNote is one operation of the run without a fault, for pictures.
type opNote struct {
	kind       flashmodel.OpKind
	addr, size uint32
	plain      bool
	danger     danger
}

// chart makes windows of the dangers.
func (r *Result) chart(x *explorer, l *life) {
	r.Windows = []Window{}
	var notes []opNote
	for j := 0; j <= len(l.ops); j++ {
		var g danger
		if r.dangers != nil {
			g = r.dangers.at[j]
		}
		if j < len(l.ops) {
			op := l.ops[j]
			notes = append(notes, opNote{op.Kind, op.Addr, op.Size, x.sc.encrypted() && x.secrets.holds(&op), g})
		}
		if g.broken != 0 {
			r.window(x, l, j, g)
		}
	}
	r.picture = x.newPicture(l, notes)
}

// window adds one operation to the last window, or begins another.
func (r *Result) window(x *explorer, l *life, j int, g danger) {
	w := Window{First: j, Last: j, By: l.by(j)}
	for _, k := range g.kinds.Kinds() {
		w.Faults = append(w.Faults, k.String())
	}
	for i := range invariants {
		if g.broken.has(i) && x.sc.applies(i) {
			w.Invariants = append(w.Invariants, i.String())
		}
	}
	if j < len(l.ops) {
		op := l.ops[j]
		w.Operation, w.Address, w.Partition = opText(op), op.Addr, x.partition(op.Addr, &op)
	} else {
		w.Operation = "everything was done"
	}
	if n := len(r.Windows); n > 0 && r.Windows[n-1].joins(w) {
		r.Windows[n-1].Last = j
		r.Windows[n-1].Faults = union(r.Windows[n-1].Faults, w.Faults)
		return
	}
	r.Windows = append(r.Windows, w)
}

// joins tells whether an operation belongs to the window before it.
func (w Window) joins(next Window) bool {
	return w.Last+1 == next.First && w.By == next.By && w.Partition == next.Partition && w.Partition != "" &&
		strings.Join(w.Invariants, " ") == strings.Join(next.Invariants, " ")
}

// union merges lists of kinds, in the order of the kinds.
func union(a, b []string) []string {
	s, _ := fault.Parse(strings.Join(append(append([]string(nil), a...), b...), ",")) // names of this package
	var out []string
	for _, k := range s.Kinds() {
		out = append(out, k.String())
	}
	return out
}
