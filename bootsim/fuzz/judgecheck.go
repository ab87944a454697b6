package fuzz

import (
	"fmt"
	"slices"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/emu"
)

// checkable tells whether a check is told all of the mutated device: straps,
// causes and pins are no part of a lot.
func (t *trial) checkable() bool {
	d, b := t.before, t.Device
	return d.Strap == b.Strap && d.Cause == b.Cause && d.TestAppHeld == b.TestAppHeld && d.FactoryResetHeld == b.FactoryResetHeld &&
		t.sameKey()
}

// verdict compares the check with the boot.
func (t *trial) verdict() *Failure {
	last := t.course[len(t.course)-1].out
	if !t.checkable() || t.report.Verdict != bootsim.Pass || last.End == emu.EndApp || t.newBootloader() {
		return nil
	}
	return &Failure{OracleVerdict, fmt.Sprintf("the check passes a device that starts no app (end %d, %s)", last.End, last.NotModelled)}
}

// unexplained are rules that name no cause.
var unexplained = [...]string{"boot-fails"}

// diagnosis wants a cause for every check that does not pass.
func (t *trial) diagnosis() *Failure {
	if t.report.Verdict == bootsim.Pass {
		return nil
	}
	worst := ""
	for _, f := range t.report.Findings {
		if f.Severity != bootsim.Error {
			continue
		}
		if f.Message == "" || f.Remedy == "" {
			return &Failure{OracleDiagnosis, fmt.Sprintf("finding %s has no message or no remedy", f.Rule)}
		}
		if !slices.Contains(unexplained[:], f.Rule) {
			return nil
		}
		worst = f.Rule + ": " + f.Message
	}
	if worst == "" {
		return &Failure{OracleDiagnosis, fmt.Sprintf("verdict %s without a finding", t.report.Verdict)}
	}
	return &Failure{OracleDiagnosis, "no cause: " + worst}
}

// benignBoots wants a device that passed to pass.
func (t *trial) benignBoots() *Failure {
	if !t.mutation.Benign || !t.passes || t.report.Verdict == bootsim.Pass {
		return nil
	}
	why := "no finding"
	if len(t.report.Findings) > 0 {
		why = t.report.Findings[0].Rule + ": " + t.report.Findings[0].Message
	}
	return &Failure{OracleBenign, "no longer passes its check: " + why}
}
