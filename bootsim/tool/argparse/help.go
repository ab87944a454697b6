package argparse

import (
	"fmt"
	"io"
	"strings"
)

const (
	width  = 100 // columns of usage and help
	indent = 30  // column in which explanations start
)

// usage returns the usage lines of the parser, or of an operation.
func (p *Parser) usage(o *Operation) string {
	prog, options := p.Prog, p.Options
	if o != nil {
		prog, options = prog+" "+o.Name, o.Options
	}
	words := []string{"[-h]"}
	for i := range options {
		words = append(words, options[i].usage())
	}
	if o == nil {
		words = append(words, p.positionals()...)
	}
	return fold(prog, words, len("usage: "))
}

func (p *Parser) positionals() (words []string) {
	for _, a := range p.Args {
		if a.Optional {
			words = append(words, "["+a.Name+"]")
			continue
		}
		words = append(words, a.Name)
	}
	if p.Operations != nil {
		words = append(words, "{"+strings.Join(p.operationNames(), ",")+"}", "...")
	}
	return words
}

// usage returns an option as it stands in a usage line.
func (o *Option) usage() string {
	text := strings.TrimSuffix("--"+o.Name+" "+o.values(), " ")
	if o.Required {
		return text
	}
	return "[" + text + "]"
}

func (o *Option) values() string {
	m := o.metavar()
	switch o.Count {
	case One:
		return m
	case Maybe:
		return "[" + m + "]"
	case Any:
		return "[" + m + " ...]"
	case Some:
		return m + " [" + m + " ...]"
	}
	return ""
}

// fold sets words behind a program's name, in lines.
func fold(prog string, words []string, first int) string {
	margin := strings.Repeat(" ", first+len(prog)+1)
	line, out := prog, ""
	length := first + len(prog)
	for _, w := range words {
		if length+1+len(w) > width && length > len(margin) {
			out, line, length = out+line+"\n", margin+w, len(margin)+len(w)
			continue
		}
		line, length = line+" "+w, length+1+len(w)
	}
	return out + line
}

// PrintHelp writes the help page of the parser, or of the operation that the
// values name.
func (p *Parser) PrintHelp(w io.Writer, v *Values) {
	o := p.operation(v.Operation)
	options, about := p.Options, p.About
	if o != nil {
		options, about = o.Options, o.Help
	}
	_, _ = fmt.Fprintf(w, "usage: %s\n\n%s\n", p.usage(o), strings.Join(wrap(about, width), "\n"))
	if o == nil {
		p.printPositionals(w)
	}
	_, _ = fmt.Fprint(w, "\noptions:\n"+row("-h, --help", "show this page and exit"))
	for i := range options {
		_, _ = fmt.Fprint(w, row(options[i].title(), options[i].Help))
	}
}

func (p *Parser) printPositionals(w io.Writer) {
	_, _ = fmt.Fprint(w, "\narguments:\n")
	for _, a := range p.Args {
		_, _ = fmt.Fprint(w, row(a.Name, a.Help))
	}
	for i := range p.Operations {
		_, _ = fmt.Fprint(w, row(p.Operations[i].Name, p.Operations[i].Help))
	}
}

func (o *Option) title() string {
	title := strings.TrimSuffix("--"+o.Name+" "+o.values(), " ")
	if o.Short != "" {
		title += ", -" + o.Short
	}
	return title
}

// row is a title and its explanation in two columns.
func row(title, text string) string {
	margin := strings.Repeat(" ", indent)
	head := fmt.Sprintf("  %-*s", indent-2, title)
	if len(title) > indent-4 {
		head = "  " + title + "\n" + margin
	}
	return head + strings.Join(wrap(text, width-indent), "\n"+margin) + "\n"
}

func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		if *last != "" && len(*last)+1+len(word) > width {
			lines = append(lines, word)
			continue
		}
		*last = strings.TrimPrefix(*last+" "+word, " ")
	}
	return lines
}
