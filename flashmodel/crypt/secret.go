package crypt

// secret holds a value that package fmt does not get to see, wherever the
// secret is embedded. A Formatter alone does not do: fmt calls no method of a
// value in an unexported field, and none at all for %p, but walks the fields
// by reflection. There it follows one pointer at most, so two hide the value.
// The zero secret holds the zero value.
type secret[T any] struct {
	_ [0]func() // comparing with == would compare places; make that an error
	p **T
}

func newSecret[T any](v T) secret[T] {
	p := &v
	return secret[T]{p: &p}
}

// get returns the value, which is not to be altered.
func (s secret[T]) get() *T {
	if s.p == nil {
		return new(T)
	}
	return *s.p
}
