package main

import (
	"errors"

	"github.com/bootsim/bootsim/bootsim/config"
	"github.com/bootsim/bootsim/bootsim/input"
	"github.com/bootsim/bootsim/bootsim/provision/planfile"
	"github.com/bootsim/bootsim/bootsim/release"
	"github.com/bootsim/bootsim/bootsim/release/bundle"
	"github.com/bootsim/bootsim/bootsim/report"
)

// exitCode prints an error and tells the code that stands for it.
func (a *app) exitCode(err error) int {
	var (
		usage   *usageError
		format  *report.FormatError
		cfg     *config.Error
		cfgs    *config.Errors
		nothing *input.NothingFoundError
		empty   *planfile.EmptyError
		lot     *release.LotError
		limit   *bundle.LimitError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.As(err, &usage):
		a.complain(err, "`bootsim help` lists commands, `bootsim COMMAND --help` options")
		return exitUsage
	case errors.As(err, &format), errors.As(err, &cfg), errors.As(err, &cfgs), errors.As(err, &empty), errors.As(err, &lot), errors.As(err, &limit):
		a.complain(err, "")
		return exitUsage
	case errors.As(err, &nothing):
		a.complain(err, "")
		return exitInput
	}
	a.complain(err, "")
	return exitInput
}
