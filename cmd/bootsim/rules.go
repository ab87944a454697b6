package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/bootsim/bootsim/bootsim/rules"
)

func (a *app) rules(args []string) error {
	fs := pflag.NewFlagSet("rules [RULE]", pflag.ContinueOnError)
	markdown := fs.Bool("markdown", false, "print docs/rules.md")
	asJSON := fs.Bool("json", false, "print the catalogue as JSON")
	if more, err := a.parse(fs, args, "Lists every rule, or explains one: its cause, what the device prints, and the remedy."); !more {
		return err
	}
	switch {
	case fs.NArg() > 1:
		return usagef("rules takes one rule, not %d", fs.NArg())
	case fs.NArg() == 1:
		return a.explain(fs.Arg(0))
	case *markdown:
		return rules.Markdown(a.stdout)
	case *asJSON:
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(rules.All())
	}
	for _, r := range rules.All() {
		fmt.Fprintf(a.stdout, "%-32s %-8s %s\n", r.ID, r.Severity, r.Title)
	}
	return nil
}

func (a *app) explain(id string) error {
	r, ok := rules.Lookup(id)
	if !ok {
		return usagef("there is no rule %q; `bootsim rules` lists them", id)
	}
	explainRule(a.stdout, r)
	return nil
}

func explainRule(w io.Writer, r rules.Rule) {
	fmt.Fprintf(w, "%s (%s)\n%s\n\n", r.ID, r.Severity, r.Title)
	fmt.Fprintf(w, "Cause:  %s\n\nPrints: %s\n\nRemedy: %s\n", r.Cause, r.Prints, r.Remedy)
}
