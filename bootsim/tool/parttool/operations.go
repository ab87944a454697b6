package parttool

import (
	"fmt"
	"strings"

	"github.com/bootsim/bootsim/flashmodel/parttable"
)

// info prints what the table says. Like the reference it prints nothing, and
// succeeds, if there is no such partition.
func (t *tool) info() {
	parts, err := t.target.FindAll(t.choice)
	if err != nil {
		return
	}
	what := t.values.List("info")
	if what == nil {
		what = []string{"offset", "size"}
	}
	var words []string
	for _, p := range parts {
		for _, w := range what {
			words = append(words, describe(p, w))
		}
	}
	t.env.Print(strings.Join(words, " "))
}

func describe(p parttable.Part, what string) string {
	truth := map[bool]string{true: "True", false: "False"}
	switch what {
	case "name":
		return p.Name
	case "type":
		return fmt.Sprint(p.Type)
	case "subtype":
		return fmt.Sprint(p.Subtype)
	case "offset":
		return fmt.Sprintf("0x%x", p.Offset)
	case "size":
		return fmt.Sprintf("0x%x", p.Size)
	case "encrypted":
		return truth[p.Encrypted]
	}
	return truth[p.ReadOnly]
}

func (t *tool) status(format string, args ...any) {
	if !t.values.Flag("quiet") {
		t.env.Printf(format+"\n", args...)
	}
}

func (t *tool) read() error {
	output := t.values.Text("output")
	if output == "" {
		return Exceptionf("TypeError", "name the file for the partition's content with --output")
	}
	p, err := t.target.Find(t.choice)
	if err != nil {
		return err
	}
	b, err := t.target.Read(p)
	if err != nil {
		return err
	}
	if err := t.target.WriteFile(output, b); err != nil {
		return err
	}
	t.status("Read partition '%s' contents from device at offset 0x%x to file '%s'", p.Name, p.Offset, output)
	return nil
}

func (t *tool) write() error {
	p, err := t.target.Find(t.choice)
	if err != nil {
		return err
	}
	input := t.values.Text("input")
	b, err := t.target.ReadFile(input)
	if err != nil {
		return err
	}
	if err := t.target.Write(p, b, t.values.Flag("ignore-readonly")); err != nil {
		return err
	}
	t.status("Written contents of file '%s' at offset 0x%x", input, p.Offset)
	return nil
}

func (t *tool) erase() error {
	p, err := t.target.Find(t.choice)
	if err != nil {
		return err
	}
	if err := t.target.Erase(p); err != nil {
		return err
	}
	t.status("Erased partition '%s' at offset 0x%x", p.Name, p.Offset)
	return nil
}
