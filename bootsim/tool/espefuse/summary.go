package espefuse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/afero"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

func prepareSummary(s *session, call cli.Call) (action, error) {
	return func() error { return s.summary(call.Values) }, nil
}

func (s *session) summary(v *cli.Values) error {
	names, format := v.Args, v.Text(optFormat)
	if format == "value_only" && len(names) != 1 {
		return cli.Fatalf("The 'value_only' format can be used exactly for one eFuse.")
	}
	if v.Given(optOutput) {
		s.env.Print("Saving eFuse values to " + v.Text(optOutput))
	}
	text := ""
	switch format {
	case "json":
		text = s.jsonSummary(names)
	case "value_only":
		text = s.plainValue(names[0])
	default:
		text = s.textSummary(names)
	}
	return s.putSummary(text, v, format == "json")
}

// putSummary writes a summary where it belongs. JSON on the screen ends in a
// line feed, in a file it does not.
func (s *session) putSummary(text string, v *cli.Values, isJSON bool) error {
	if !v.Given(optOutput) {
		s.env.Printf("%s", text)
	} else if err := afero.WriteFile(s.env.FS, v.Text(optOutput), []byte(text), 0o666); err != nil {
		return cli.Brokenf("Could not open file '%s': %s", v.Text(optOutput), cli.Reason(err))
	}
	switch {
	case isJSON:
		s.env.Print()
	case v.Given(optOutput):
		s.env.Print("Done")
	}
	return nil
}

func (s *session) plainValue(name string) (text string) {
	for _, f := range s.byCategory() {
		if f.Name == name {
			text += s.shownValue(f) + "\n"
		}
	}
	return text
}

// byCategory sorts the fields by heading and otherwise leaves their order.
func (s *session) byCategory() []efuse.Field {
	fields := slices.Clone(s.chip.fields)
	slices.SortStableFunc(fields, func(a, b efuse.Field) int {
		return strings.Compare(titled(a.Category), titled(b.Category))
	})
	return fields
}

// titled writes the first letter of every word as a capital, and no other.
func titled(text string) string {
	words := strings.Split(strings.ToLower(text), " ")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// shownValue is a field's value as summaries show it.
func (s *session) shownValue(f efuse.Field) string {
	switch v := s.chip.value(f).(type) {
	case bool:
		return strings.ToUpper(fmt.Sprint(v)[:1]) + fmt.Sprint(v)[1:]
	default:
		return fmt.Sprint(v)
	}
}
