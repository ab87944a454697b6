// Package fault is what can go wrong with one operation on flash or eFuses, or
// with flash at rest, as data: kinds, the ways that each kind has for an
// operation, and what a way leaves in the cells. Nothing here is drawn from the
// clock; samples follow from a seed, the operation and the number of the way.
package fault

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is a kind of fault. The numbers are part of replay tokens: new kinds go
// to the end.
type Kind uint8

// The kinds. After the first five the power is gone: RAM, caches and RTC memory
// are lost, flash and eFuses stay.
const (
	Cut     Kind = iota // power off before the operation begins
	Torn                // power off in a page program: a prefix of its bytes is written
	Words               // power off in a page program: some words, or bits, are written in any order
	Erase               // power off in an erase: some bits are back to one
	Burn                // power off in an eFuse burn: some of its bits are set
	Warm                // watchdog or software reset before the operation; RTC memory stays
	Flip                // at rest: one bit of flash changes
	Flip2               // at rest: two bits of flash change
	Stuck               // at rest: one bit takes its other value and keeps it for ever
	Read                // a read by the application fails with an error
	NoErase             // an erase does nothing and reports success
	Refused             // a program or erase does nothing and reports an error: a protected region
	kinds
)

var names = [kinds]string{"cut", "torn", "words", "erase", "burn", "warm", "flip", "flip2", "stuck", "read", "no-erase", "refused"}

// String is the kind's name on command lines and in reports.
func (k Kind) String() string {
	if k >= kinds {
		return fmt.Sprintf("kind %d", uint8(k))
	}
	return names[k]
}

// PowerLost tells whether the power is off after a fault of the kind.
func (k Kind) PowerLost() bool { return k <= Burn }

// AtRest tells whether the kind strikes flash while nobody works on it.
func (k Kind) AtRest() bool { return k == Flip || k == Flip2 || k == Stuck }

// RunsOn tells whether the program that met the fault goes on.
func (k Kind) RunsOn() bool { return k == Read || k == NoErase || k == Refused }

// Set is a set of kinds.
type Set uint16

// Power is every way in which the power can be lost.
const Power = Set(1<<Cut | 1<<Torn | 1<<Words | 1<<Erase | 1<<Burn)

// All is every kind.
const All = Set(1<<kinds - 1)

// Of returns the set of some kinds.
func Of(list ...Kind) (s Set) {
	for _, k := range list {
		s |= 1 << k
	}
	return s
}

// Has tells whether a kind is in.
func (s Set) Has(k Kind) bool { return s>>k&1 == 1 }

// Without returns the set without one kind.
func (s Set) Without(k Kind) Set { return s &^ (1 << k) }

// Kinds lists what is in, in order.
func (s Set) Kinds() (list []Kind) {
	for k := range kinds {
		if s.Has(k) {
			list = append(list, k)
		}
	}
	return list
}

// String is the form that Parse reads.
func (s Set) String() string {
	var list []string
	for _, k := range s.Kinds() {
		list = append(list, k.String())
	}
	return strings.Join(list, ",")
}

// NameError is a kind of fault that does not exist.
type NameError struct{ Name string }

// Error lists those that exist.
func (e *NameError) Error() string {
	return fmt.Sprintf("there is no kind of fault %q: use %s, power (the first five) or all", e.Name, strings.Join(names[:], ", "))
}

// Parse reads names separated by commas; "power" and "all" stand for several.
// The error is a *NameError.
func Parse(list string) (s Set, err error) {
	for _, name := range strings.Split(list, ",") {
		name = strings.TrimSpace(name)
		switch at := slices.Index(names[:], name); {
		case name == "power":
			s |= Power
		case name == "all":
			s |= All
		case at < 0:
			return 0, &NameError{Name: name}
		default:
			s |= 1 << at
		}
	}
	return s, nil
}
