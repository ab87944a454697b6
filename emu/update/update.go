// Package update is what updates a device in the field: small programs that run
// as the application after every boot, against the flash as an application has
// it. Those that ship are ESP-IDF's own ways and the ones that people made up
// for pre-encrypted images; any other is one that implements Updater.
//
// A program keeps nothing in RAM: power may be lost after any operation, and
// the next run starts from what flash, eFuses and, after a warm reset, RTC
// memory hold. So Run decides anew each time from what it finds.
package update

import "errors"

// Updater is the software of a device as far as it concerns updating. It is
// run by whichever application was started, the old one or the new one, until
// nothing is left to do.
type Updater interface {
	// Name is what reports and tokens call it.
	Name() string
	// Run does what the application that has just started does. Nil means that
	// it is up to date and stays; ErrRestart that it restarted the chip. Any
	// other error leaves the application running with the update not done: a
	// refusal of its own rules, or the error of an operation.
	//
	// Run must follow from the device alone: no clock, no randomness, nothing
	// kept between calls. Errors of operations have to be returned.
	Run(d *Device) error
}

// ErrRestart is what Run returns when it has called esp_restart.
var ErrRestart = errors.New("the application restarts the chip")

// ErrRead is the error of a read that failed.
var ErrRead = errors.New("reading flash failed")

// Func makes an Updater of a function.
func Func(name string, run func(*Device) error) Updater { return function{name, run} }

type function struct {
	name string
	run  func(*Device) error
}

func (f function) Name() string { return f.name }

// Run calls the function.
func (f function) Run(d *Device) error { return f.run(d) }
