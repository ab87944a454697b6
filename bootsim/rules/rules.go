// Package rules is the catalogue of everything that a check can find: one rule
// a root cause, with what the device prints and what to do about it. The text
// of `bootsim rules` and docs/rules.md comes from here.
package rules

import (
	"slices"

	"github.com/bootsim/bootsim/bootsim"
)

// Rule describes one root cause.
type Rule struct {
	ID       string           // stable, kebab-case
	Severity bootsim.Severity // unless a finding says otherwise
	Title    string           // one line
	Cause    string           // how it comes about
	Prints   string           // what the serial console shows
	Remedy   string           // what to do
	Spec     []int            // conditions of spec section 9 that it covers
}

// All returns every rule, by area and in a fixed order.
func All() []Rule {
	return slices.Concat(bootloaderRules(), chipRules(), digestRules(), signedRules(), encryptionRules(), stateRules(), efuseRules(), tableRules(), layoutRules(),
		otadataRules(), appRules(), appImageRules(), appSignedRules(), releaseRules(), Plans())
}

// Plans returns the rules that are found in provisioning plans alone.
func Plans() []Rule { return slices.Concat(planRules(), releaseModeRules()) }

// Lookup returns the rule with an id.
func Lookup(id string) (Rule, bool) {
	all := All()
	i := slices.IndexFunc(all, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return all[i], true
}
