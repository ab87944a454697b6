package bootloader

// Tri is a build option of a bootloader that may leave no trace in the binary.
type Tri uint8

// The values of a Tri. The zero value is Unknown.
const (
	Unknown Tri = iota
	No
	Yes
)

// TriOf returns Yes or No.
func TriOf(b bool) Tri {
	if b {
		return Yes
	}
	return No
}

// Or returns t, or TriOf(assumed) where t is Unknown.
func (t Tri) Or(assumed bool) bool {
	if t == Unknown {
		return assumed
	}
	return t == Yes
}

func (t Tri) String() string {
	return [...]string{"unknown", "no", "yes"}[t]
}
