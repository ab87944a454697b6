package espefuse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// checkGiven refuses a name that is written twice.
func checkGiven(fields []customField) error {
	seen := map[string]bool{}
	for _, f := range fields {
		name := strings.ReplaceAll(f.Name, ".", "_")
		if name != "" && seen[name] {
			return fmt.Errorf("the name %s comes twice", clip(f.Name))
		}
		seen[name] = true
	}
	return nil
}

// named gives rows without a name that of the row above, and then numbers rows
// that share one.
func named(fields []customField) []customField {
	for i := range fields {
		if fields[i].Name == "" {
			fields[i].Name = fields[i-1].Name
		}
	}
	count := map[string]int{}
	for _, f := range fields {
		count[f.Name]++
	}
	number := map[string]int{}
	for i := range fields {
		f := &fields[i]
		suffix := ""
		if count[f.Name] > 1 {
			suffix = fmt.Sprintf("_%d", number[f.Name])
			number[f.Name]++
		}
		f.Name = strings.ReplaceAll(f.Name+suffix, ".", "_")
		for a := range f.Aliases {
			f.Aliases[a] = strings.ReplaceAll(f.Aliases[a]+suffix, ".", "_")
		}
	}
	return fields
}

// checkUnique refuses names that another field has as well.
func (s *session) checkUnique(custom []customField) error {
	var all, twice []string
	for _, f := range efuse.Fields() {
		all = append(append(all, f.Name), f.Aliases...)
	}
	for _, f := range custom {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if slices.Contains(all, name) {
				twice = append(twice, name)
			}
			all = append(all, name)
		}
	}
	if twice == nil {
		return nil
	}
	s.env.Print("Names that are not unique: " + strings.Join(twice, ", "))
	return cli.Fatalf("Duplicate names found in eFuses")
}

// clip keeps text from a file short enough for an error.
func clip(text string) string {
	if len(text) > 40 {
		return text[:40] + "..."
	}
	return text
}
