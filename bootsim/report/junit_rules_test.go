package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// junitRule is what the common schemas of JUnit XML (those of the Jenkins
// xUnit plugin and of Ant) agree on for one element, as far as bootsim writes it.
type junitRule struct {
	required, optional []string // attributes
	children           []string // in this order, each any number of times
	most               int      // children in all; 0: no limit
}

func junitRules() map[string]junitRule {
	result := junitRule{required: []string{"type", "message"}}
	return map[string]junitRule{
		"testsuites": {optional: []string{"name", "time", "tests", "failures", "errors"}, children: []string{"testsuite"}},
		"testsuite": {
			required: []string{"name", "tests", "failures", "errors", "id", "package", "time"}, optional: []string{"skipped"},
			children: []string{"properties", "testcase", "system-out", "system-err"},
		},
		"properties": {children: []string{"property"}},
		"property":   {required: []string{"name", "value"}},
		"testcase":   {required: []string{"name", "classname", "time"}, children: []string{"failure", "error"}, most: 1},
		"failure":    result, "error": result, "system-out": {}, "system-err": {},
	}
}

// checkJUnit walks a document and returns the first thing that breaks a rule.
func checkJUnit(b []byte) error {
	d := xml.NewDecoder(strings.NewReader(string(b)))
	type open struct {
		name     string
		children []string
	}
	stack := []open{{name: ""}}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch el := tok.(type) {
		case xml.StartElement:
			stack[len(stack)-1].children = append(stack[len(stack)-1].children, el.Name.Local)
			if err := checkAttributes(el); err != nil {
				return err
			}
			stack = append(stack, open{name: el.Name.Local})
		case xml.EndElement:
			if err := checkChildren(el.Name.Local, stack[len(stack)-1].children); err != nil {
				return err
			}
			stack = stack[:len(stack)-1]
		}
	}
}

func checkAttributes(el xml.StartElement) error {
	rule, ok := junitRules()[el.Name.Local]
	if !ok {
		return fmt.Errorf("unknown element %s", el.Name.Local)
	}
	var have []string
	for _, a := range el.Attr {
		have = append(have, a.Name.Local)
		if !slices.Contains(rule.required, a.Name.Local) && !slices.Contains(rule.optional, a.Name.Local) {
			return fmt.Errorf("%s has no attribute %s", el.Name.Local, a.Name.Local)
		}
		if err := checkValue(a.Name.Local, a.Value); err != nil {
			return fmt.Errorf("%s: %w", el.Name.Local, err)
		}
	}
	for _, name := range rule.required {
		if !slices.Contains(have, name) {
			return fmt.Errorf("%s lacks %s", el.Name.Local, name)
		}
	}
	return nil
}

func checkValue(name, value string) error {
	switch name {
	case "tests", "failures", "errors", "skipped", "id", "time":
		if n, err := strconv.Atoi(value); err != nil || n < 0 {
			return fmt.Errorf("%s is %q", name, value)
		}
	case "name", "classname", "package":
		if strings.TrimSpace(value) == "" {
			return fmt.Errorf("%s is empty", name)
		}
	}
	return nil
}

func checkChildren(name string, children []string) error {
	rule := junitRules()[name]
	at := 0
	for _, c := range children {
		i := slices.Index(rule.children, c)
		if i < at {
			return fmt.Errorf("%s inside %s is not allowed there", c, name)
		}
		at = i
	}
	if rule.most > 0 && len(children) > rule.most {
		return fmt.Errorf("%d elements inside %s", len(children), name)
	}
	return nil
}

func TestSampleFollowsJUnitRules(t *testing.T) {
	require.NoError(t, checkJUnit(written(t, "junit", Options{}, sample())))
}

// Counts are those of the elements that they count.
func TestJUnitCounts(t *testing.T) {
	requireCounts(t, decodeJUnit(t, written(t, "junit", Options{}, sample())))
}

type xmlCase struct {
	Name    string     `xml:"name,attr"`
	Failure *xmlResult `xml:"failure"`
	Error   *xmlResult `xml:"error"`
}

type xmlResult struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type xmlSuite struct {
	Name     string    `xml:"name,attr"`
	Tests    int       `xml:"tests,attr"`
	Failures int       `xml:"failures,attr"`
	Errors   int       `xml:"errors,attr"`
	Cases    []xmlCase `xml:"testcase"`
	Out      string    `xml:"system-out"`
}

type xmlSuites struct {
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Suites   []xmlSuite `xml:"testsuite"`
}

func decodeJUnit(t require.TestingT, b []byte) xmlSuites {
	var out xmlSuites
	require.NoError(t, xml.Unmarshal(b, &out), string(b))
	return out
}

func requireCounts(t require.TestingT, all xmlSuites) {
	var tests, failures, errors int
	for _, s := range all.Suites {
		failed, broken := 0, 0
		for _, c := range s.Cases {
			if c.Failure != nil {
				failed++
			}
			if c.Error != nil {
				broken++
			}
		}
		require.Equal(t, []int{len(s.Cases), failed, broken}, []int{s.Tests, s.Failures, s.Errors}, s.Name)
		tests, failures, errors = tests+s.Tests, failures+s.Failures, errors+s.Errors
	}
	require.Equal(t, []int{tests, failures, errors}, []int{all.Tests, all.Failures, all.Errors})
}
