package sweep

// Depends tells whether what a sweep finds depends on the sector at an address: a
// state that differs there is not taken for the same.
func Depends(sc *Scenario, opt Options, addr uint32) bool {
	x := newExplorer(sc, opt)
	x.depth = opt.Depth
	sum := x.explore(x.begin(), opt.Depth)
	return sum.deps.Has(addr)
}
