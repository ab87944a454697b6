package crypt

// Paths returns the names of the paths of this machine, the plain one first.
func Paths() []string {
	var names []string
	for _, p := range paths() {
		names = append(names, p.String())
	}
	return names
}

// NewOn is New, or NewReferenceTool, on a certain path.
func NewOn(name string, k Key, c Config, tool bool) *Cipher {
	for _, p := range paths() {
		if p.String() == name {
			return newOn(p, newSchedule(k, c, tool))
		}
	}
	return nil
}
