package report

import (
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
	"github.com/bootsim/bootsim/bootsim/rules"
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sarifWriter writes SARIF 2.1.0 with one run.
type sarifWriter struct{ rules []rules.Rule }

func (s sarifWriter) Write(w io.Writer, r *bootsim.Report) error {
	v := arrange(r)
	catalogue := newCatalogue(s.rules)
	prints := newFingerprints()
	results := []sarifResult{}
	for _, f := range v.all() {
		results = append(results, result(v, f, catalogue.index(f), prints.of(f)))
	}
	name, version := tool(r.Tool)
	driver := sarifDriver{Name: name, Version: version, Rules: catalogue.list}
	return encode(w, sarifLog{
		Schema: sarifSchema, Version: "2.1.0",
		Runs: []sarifRun{{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: results}},
	})
}

// tool splits the report's "name version".
func tool(s string) (name, version string) {
	name, version, _ = strings.Cut(strings.TrimSpace(s), " ")
	if name == "" {
		name = "bootsim"
	}
	return visible(name), visible(version)
}

func result(v view, f bootsim.Finding, index int, print string) sarifResult {
	out := sarifResult{
		RuleID: visible(f.Rule), RuleIndex: index, Level: level(f.Severity),
		Message:      sarifText{unlinked(description(f))},
		Fingerprints: map[string]string{"bootsimFinding/v1": print},
		Properties:   sarifProperties{Lot: f.Lot, Release: f.Release, Scenario: f.Scenario, Evidence: f.Evidence, DependsOn: f.DependsOn},
	}
	if l := location(v, f); l.Physical != nil || len(l.Logical) > 0 {
		out.Locations = []sarifLocation{l}
	}
	return out
}

// unlinked keeps a viewer from making a link of a name that looks like one.
func unlinked(s string) string { return strings.ReplaceAll(s, "](", "] (") }

// location is the file, and the partition or flash address as a logical location.
func location(v view, f bootsim.Finding) sarifLocation {
	var l sarifLocation
	if uri := fileURI(v.path(f)); uri != "" {
		// An image has no lines, but code scanning shows only what has a region.
		l.Physical = &sarifPhysical{Artifact: sarifArtifact{uri}, Region: sarifRegion{1}}
	}
	name, kind := f.Partition, "partition"
	if name == "" && f.Offset != nil {
		name, kind = hex(*f.Offset), "flash address"
	}
	if name == "" {
		return l
	}
	full := []string{f.Lot, name}
	if f.Offset != nil && kind == "partition" {
		full = append(full, hex(*f.Offset))
	}
	l.Logical = []sarifLogical{{Name: visible(name), Kind: kind, FullName: visible(strings.Join(full, "/"))}}
	return l
}

// catalogue numbers rules; one that a finding names and nobody described gets a bare entry.
type catalogue struct {
	list []sarifRule
	at   map[string]int
}

func newCatalogue(rs []rules.Rule) *catalogue {
	c := &catalogue{list: []sarifRule{}, at: map[string]int{}}
	for _, r := range rs {
		if _, ok := c.at[r.ID]; !ok {
			c.add(r.ID, describe(r))
		}
	}
	return c
}

func (c *catalogue) add(id string, r sarifRule) {
	c.at[id] = len(c.list)
	c.list = append(c.list, r)
}

func (c *catalogue) index(f bootsim.Finding) int {
	if _, ok := c.at[f.Rule]; !ok {
		c.add(f.Rule, bare(f.Rule))
	}
	return c.at[f.Rule]
}

// bare is a rule of which only the id is known.
func bare(id string) sarifRule {
	return sarifRule{ID: visible(id), Short: sarifText{visible(id)}}
}

func describe(r rules.Rule) sarifRule {
	out := bare(r.ID)
	out.Short = sarifText{or(block(r.Title), r.ID)}
	if r.Cause != "" {
		out.Full = &sarifText{block(r.Cause)}
	}
	out.Help = help(r)
	out.Default = &sarifDefault{level(r.Severity)}
	return out
}

func or(s, fallback string) string {
	if s == "" {
		return visible(fallback)
	}
	return s
}

func level(s bootsim.Severity) string {
	switch s {
	case bootsim.Note, bootsim.Warning:
		return string(s)
	}
	return "error"
}
