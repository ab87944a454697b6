// Package provision runs the procedure of a production line on a simulated
// device and judges it before anybody runs it on a real one, whose eFuses
// cannot be unburnt.
//
// A plan is a list of steps: command lines of Espressif's tools, which
// bootsim/tool carries out, and resets. Every step works on a fork of the device
// and on a layer of files in memory, so that input files are never written and
// the plan can be cut off anywhere, continued, and tried in another order.
package provision

import (
	"fmt"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/provision/script"
)

// Mode is what the devices are made for.
type Mode string

// The modes, named as ESP-IDF names those of flash encryption.
const (
	Development Mode = "development"
	Release     Mode = "release"
)

// Step is one thing that is done to a device or to files.
type Step struct {
	script.Command
	Number int    // from 1
	Name   string // as the plan names it; may be empty
	Boot   bool   // no command: the device is reset or power-cycled and boots
}

// String names the step as the plan does, or by its command line.
func (s Step) String() string {
	text := s.Name
	switch {
	case text != "":
	case s.Boot:
		text = "power cycle"
	default:
		text = s.Text
	}
	return text
}

// At names the step and its line for messages: step 7 (line 58).
func (s Step) At() string { return fmt.Sprintf("step %d (line %d)", s.Number, s.Line) }

// Plan is a procedure.
type Plan struct {
	Name   string
	Source string // file that describes it
	// Device is the device before the first step: size, revision, eFuses. Its
	// Expect is what it boots after the last.
	Device bootsim.Lot
	Mode   Mode
	Steps  []Step
	// Passed and Unmodelled are lines of the plan that are no step.
	Passed, Unmodelled []script.Remark

	Dir    string   // relative names of files start here
	Given  []Given  // where files lie that the steps name otherwise; the first counts
	Images []string // folders in which a file that is absent is looked for by its last name
	Seed   string   // of the random numbers that the steps draw
	Inputs []string // files that were read for the plan itself
	Read   []string // files that its steps read, once it was run or checked
}

// Given tells where a file lies that the steps name otherwise.
type Given struct{ Name, Place string }
