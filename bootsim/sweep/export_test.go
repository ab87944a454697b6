package sweep

// RunPlainly is Run without any reuse: every state is run from power on to
// rest, every boot carried out, every image looked at.
func RunPlainly(sc *Scenario, opt Options) (*Result, error) {
	x := newExplorer(sc, opt)
	x.plain, x.memoised.off, x.ids.off, x.valid.off = true, true, true, true
	return x.sweep()
}
