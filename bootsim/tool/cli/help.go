package cli

import (
	"fmt"
	"strings"
)

// helpWidth is the width of help pages in columns, helpIndent where the
// explanation of an option starts.
const (
	helpWidth  = 100
	helpIndent = 30
)

// ShowHelp writes the help page of a command, or of the tool if command is nil.
func (t *Tool) ShowHelp(env Env, command *Command) {
	if command == nil {
		env.Print(env.usageLine(env.Prog, t.usage()) + "\n\n" + paragraphs(t.Brief))
		env.Printf("%s", optionsHelp(t.Options))
		env.Print("\nCommands:")
		for i := range t.Commands {
			env.Printf("%s", row(t.Commands[i].Name, t.Commands[i].Brief))
		}
		return
	}
	env.Print(env.usageLine(env.Prog+" "+command.Name, command.usage()) + "\n")
	env.Print(paragraphs(command.Help))
	env.Printf("%s", optionsHelp(command.Options))
}

func optionsHelp(options []Option) string {
	text := "Options:\n"
	for _, o := range append(append([]Option(nil), options...), helpOption()) {
		text += row(o.title(), o.Help)
	}
	return text
}

// title is the left column of an option in a help page.
func (o *Option) title() string {
	title := "--" + o.Name
	if o.Short != "" {
		title = "-" + o.Short + ", " + title
	}
	if o.Off != "" {
		title += " / --" + o.Off
	}
	if o.Choices != nil && o.Metavar == "" {
		return title + " [" + strings.Join(o.Choices, "|") + "]"
	}
	if !o.Flag {
		title += " " + o.Metavar
	}
	return title
}

// row is a title and its explanation in two columns.
func row(title, text string) string {
	lines := wrap(text, helpWidth-helpIndent)
	out := fmt.Sprintf("  %-*s", helpIndent-2, title)
	if len(title) > helpIndent-4 {
		out = "  " + title + "\n" + strings.Repeat(" ", helpIndent)
	}
	return out + strings.Join(lines, "\n"+strings.Repeat(" ", helpIndent)) + "\n"
}

// paragraphs wraps text whose paragraphs are set apart by an empty line.
func paragraphs(text string) string {
	var out strings.Builder
	for _, p := range strings.Split(text, "\n\n") {
		for _, line := range wrap(p, helpWidth-2) {
			out.WriteString("  " + line + "\n")
		}
		out.WriteString("\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) > width:
			lines = append(lines, word)
		default:
			*last += " " + word
		}
	}
	return lines
}
