package report

import (
	"net/url"
	"strings"

	"github.com/bootsim/bootsim/bootsim/rules"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string        `json:"id"`
	Short   sarifText     `json:"shortDescription"`
	Full    *sarifText    `json:"fullDescription,omitempty"`
	Help    *sarifHelp    `json:"help,omitempty"`
	Default *sarifDefault `json:"defaultConfiguration,omitempty"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifHelp struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   sarifProperties   `json:"properties"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name     string `json:"name"`
	FullName string `json:"fullyQualifiedName"`
	Kind     string `json:"kind"`
}

type sarifProperties struct {
	Lot       string   `json:"lot,omitempty"`
	Release   string   `json:"release,omitempty"`
	Scenario  string   `json:"scenario,omitempty"`
	Evidence  []string `json:"evidence,omitempty"`
	DependsOn string   `json:"dependsOn,omitempty"`
}

// fileURI makes a URI reference of a path with forward slashes: relative
// stays relative, absolute becomes a file URI. Bytes that are no UTF-8 are
// percent-encoded like all others.
func fileURI(path string) string {
	if path == "" {
		return ""
	}
	if len(path) > 2 && path[1] == ':' && path[2] == '/' {
		path = "/" + path // a Windows drive
	}
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

// help puts a rule's texts under headings.
func help(r rules.Rule) *sarifHelp {
	var text, markdown []string
	for _, part := range []struct{ heading, body string }{
		{"Cause", r.Cause}, {"The console shows", r.Prints}, {"Remedy", r.Remedy},
	} {
		if part.body != "" {
			text = append(text, part.heading+": "+block(part.body))
			markdown = append(markdown, "**"+part.heading+"**\n\n"+block(part.body))
		}
	}
	if text == nil {
		return nil
	}
	return &sarifHelp{Text: strings.Join(text, "\n\n"), Markdown: strings.Join(markdown, "\n\n")}
}
