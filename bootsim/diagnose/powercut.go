package diagnose

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

// PowerCut is the finding for a release during which a loss of power leaves a
// device that no longer boots or updates.
func PowerCut(lot *bootsim.Lot, s *bootsim.Swept) bootsim.Finding {
	return bootsim.Finding{Rule: "update-power-cut", Severity: bootsim.Error, Lot: lot.Name, Release: s.Release, DependsOn: s.DependsOn,
		Message:  fmt.Sprintf("A loss of power while %s installs release %s breaks: %s.", s.Updater, s.Release, strings.Join(s.Broken, ", ")),
		Remedy:   "Run `bootsim sweep` with this updater for the shortest history, and change the way of updating.",
		Evidence: s.Evidence}
}
