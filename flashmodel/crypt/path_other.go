//go:build purego || !(amd64 || arm64)

package crypt

// paths returns the paths of this machine.
func paths() []path { return []path{pathPlain} }

// groups carries out groups of units, one base each, of the given width.
func (p path) groups(d direction, _ uint32, dst, src []byte, bases []words, _ *tweak) {
	kernel(d, dst, src, bases)
}
