package execute

import (
	"fmt"
	"io"
	"strings"

	"github.com/bootsim/bootsim/emu"
	"github.com/bootsim/bootsim/emu/engine"
	"github.com/bootsim/bootsim/emu/esp32"
	"github.com/bootsim/bootsim/emu/rom"
	"github.com/bootsim/bootsim/emu/xtensa"
)

// TraceOptions say what a trace shows.
type TraceOptions struct {
	Symbols *Symbols
	// Instructions is how many instructions are listed one by one; calls and
	// operations are listed all the same.
	Instructions uint64
	// From is the address at which the listing of instructions begins; 0 is the
	// entry.
	From uint32
	// AppSteps is how far the application is followed.
	AppSteps uint64
}

// Trace executes the second stage of a device and writes what happens: ROM
// calls, operations on flash and eFuses, the console, and instructions. The
// error is the writer's. The result is nil when the ROM starts nothing.
func Trace(w io.Writer, d *emu.Device, o TraceOptions) (*esp32.Result, error) {
	first := rom.Run(d)
	t := &tracer{w: w, options: o}
	for _, l := range first.Log {
		t.printf("| %s\n", l.String())
	}
	if first.Loaded == nil {
		t.printf("the ROM starts nothing%s\n", orNothing(first.NotModelled))
		return nil, t.err
	}
	m := esp32.New(d, first.Loaded, esp32.Options{Tracer: t})
	t.m = m
	t.run()
	r := m.Result()
	t.ending()
	if r.How == esp32.Entered && o.AppSteps > 0 {
		m.Resume()
		t.advance(o.AppSteps)
		t.ending()
	}
	return r, t.err
}

func orNothing(s string) string {
	if s == "" {
		return ""
	}
	return ": " + s
}

// tracer writes a trace. It implements esp32.Tracer.
type tracer struct {
	w       io.Writer
	options TraceOptions
	m       *esp32.Machine
	err     error
	shown   int    // bytes of the console that were written
	last    string // function called last
	repeats int    // calls of it that were not written
	line    string // of the call under way
}

func (t *tracer) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

// run executes to the end, listing instructions where that is asked for.
func (t *tracer) run() {
	if from := t.options.From; t.options.Instructions > 0 && from != 0 {
		if _, done := t.m.Advance(esp32.DefaultBudget, func(pc uint32) bool { return pc == from }); done {
			return
		}
	}
	for range t.options.Instructions {
		t.instruction()
		if _, done := t.m.Advance(1, nil); done || t.err != nil {
			return
		}
	}
	t.m.Run()
}

func (t *tracer) advance(steps uint64) {
	for range steps {
		t.instruction()
		if _, done := t.m.Advance(1, nil); done || t.err != nil {
			return
		}
	}
}

// instruction lists the next instruction.
func (t *tracer) instruction() {
	t.flush()
	pc := t.m.CPU.PC
	if s := t.options.Symbols.Start(pc); s != "" {
		t.printf("%s:\n", s)
	}
	w := uint32(0)
	for i := range uint32(3) {
		b, cause := t.m.CPU.Read(pc+i, 1)
		if cause != xtensa.NoCause {
			break
		}
		w |= b << (8 * i)
	}
	in := xtensa.Decode(w)
	t.printf("%12d  0x%08x  %s\n", t.m.CPU.Instructions(), pc, t.options.Symbols.Annotate(strings.ReplaceAll(in.Text(pc), "\t", " ")))
}

// Call implements esp32.Tracer.
func (t *tracer) Call(pc uint32, f *esp32.Function, arg func(int) uint32) {
	if f.Name == t.last && f.Name == "__bswapsi2" {
		t.repeats++
		t.line = ""
		return
	}
	t.flush()
	t.last = f.Name
	list := make([]string, f.Arguments())
	for i := range list {
		list[i] = fmt.Sprintf("0x%x", arg(i))
	}
	t.line = fmt.Sprintf("%12d  %s  %s(%s)", t.m.CPU.Instructions(), t.place(pc), f.Name, strings.Join(list, ", "))
}

// Return implements esp32.Tracer.
func (t *tracer) Return(_ *esp32.Function, low, _ uint32) {
	if t.line == "" {
		return
	}
	t.printf("%s = 0x%x\n", t.line, low)
	t.line = ""
	t.console()
}

// Operation implements esp32.Tracer.
func (t *tracer) Operation(pc uint32, text string) {
	t.flush()
	t.last = ""
	t.printf("%12d  %s  %s\n", t.m.CPU.Instructions(), t.place(pc), text)
}

func (t *tracer) place(pc uint32) string {
	return t.options.Symbols.Annotate(fmt.Sprintf("0x%08x", pc))
}

// flush writes how often a call was repeated.
func (t *tracer) flush() {
	if t.repeats > 0 {
		t.printf("%12s  … %d more calls of %s\n", "", t.repeats, t.last)
		t.repeats = 0
	}
}

// console writes the lines that were printed since.
func (t *tracer) console() {
	text := t.m.Console()
	for {
		line, _, ok := strings.Cut(text[t.shown:], "\n")
		if !ok {
			return
		}
		t.printf("| %s\n", engine.Plain(line))
		t.shown += len(line) + 1
	}
}

func (t *tracer) ending() {
	t.flush()
	t.console()
	if r := t.m.Result(); r != nil {
		t.printf("%12d  %s\n", t.m.CPU.Instructions(), t.options.Symbols.Annotate(r.Ending()))
	}
	for _, n := range t.m.Notes() {
		t.printf("note: %s\n", t.options.Symbols.Annotate(n))
	}
}
