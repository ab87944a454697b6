package report

import (
	"encoding/xml"
	"io"
	"strings"

	"github.com/bootsim/bootsim/bootsim"
)

// junitWriter writes a testsuite for each lot with a testcase for each
// scenario. A scenario that failed has one failure, which holds its findings
// and its console log; one without a verdict has an error. Findings that belong
// to no scenario have a testcase of their own. Times are 0: none is modelled.
type junitWriter struct{}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Package    string          `xml:"package,attr"`
	ID         int             `xml:"id,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        xmlText         `xml:"system-out"`
	Err        xmlText         `xml:"system-err"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name      string       `xml:"name,attr"`
	Classname string       `xml:"classname,attr"`
	Time      string       `xml:"time,attr"`
	Failure   *junitResult `xml:"failure"`
	Error     *junitResult `xml:"error"`
}

type junitResult struct {
	Type, Message, Text string
}

// MarshalXML writes type and message as attributes and the text inside.
func (r junitResult) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Attr = []xml.Attr{
		{Name: xml.Name{Local: "type"}, Value: r.Type},
		{Name: xml.Name{Local: "message"}, Value: r.Message},
	}
	return xmlText(r.Text).MarshalXML(e, start)
}

// xmlText is character data whose newlines stay readable: the encoder's own
// way is to write each as a character reference.
type xmlText string

// MarshalXML writes the text inside the element.
func (t xmlText) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if err := e.EncodeToken(xml.CharData(t)); err != nil {
		return err
	}
	return e.EncodeToken(start.End())
}

func (junitWriter) Write(w io.Writer, r *bootsim.Report) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suites(arrange(r))); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func suites(v view) junitSuites {
	out := junitSuites{Name: "bootsim", Time: "0"}
	for i := range v.lots {
		out.add(suite(&v.lots[i], i))
	}
	if len(v.general) > 0 {
		s := lotView{LotReport: &bootsim.LotReport{Name: "bootsim", Verdict: v.report.Verdict}, findings: v.general}
		out.add(suite(&s, len(v.lots)))
	}
	return out
}

func (s *junitSuites) add(suite junitSuite) {
	s.Suites = append(s.Suites, suite)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Errors += suite.Errors
}

func suite(l *lotView, id int) junitSuite {
	name := named(l.Name, "lot")
	s := junitSuite{Name: name, Package: "bootsim", ID: id, Time: "0", Properties: properties(l.LotReport)}
	for i := range l.Scenarios {
		s.add(scenarioCase(l, &l.Scenarios[i], name))
	}
	for _, f := range l.findings {
		if !l.shows(f) {
			s.add(findingCase(f, name))
		}
	}
	s.Out = xmlText(suiteLog(l))
	return s
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
}

// named is a name that is never empty, as the schemas ask.
func named(s, fallback string) string {
	if strings.TrimSpace(s) == "" {
		return fallback
	}
	return visible(s)
}
