package main

import (
	"fmt"
	"runtime/debug"
)

func (a *app) version([]string) error {
	_, err := fmt.Fprintln(a.stdout, "bootsim "+buildVersion())
	return err
}

// buildVersion is the module's version as the Go tool recorded it.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
