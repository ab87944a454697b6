package espefuse

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bootsim/bootsim/bootsim/tool/cli"
	"github.com/bootsim/bootsim/emu/efuse"
)

// showHelp shows the help page of a command, with the names that it takes.
func (s *session) showHelp(spec *cli.Command) {
	shown := *spec
	switch spec.Name {
	case "burn-efuse":
		shown.Help += "\n\nFields: " + s.helpNames(func(efuse.Field) bool { return true }) + "."
	case "read-protect-efuse":
		shown.Help += "\n\nFields: " + s.helpNames(readable) + "."
	case "write-protect-efuse":
		shown.Help += "\n\nFields: " + s.helpNames(writeable) + "."
	case "burn-key":
		shown.Help += "\n\nBlocks: " + strings.Join(keyBlocks(), ", ") + "."
	case "burn-block-data":
		shown.Help += "\n\nBlocks: " + strings.Join(blockNames(), ", ") + "."
	}
	s.tool.ShowHelp(s.env, &shown)
}

func (s *session) helpNames(ok func(efuse.Field) bool) string {
	var names []string
	for _, f := range s.chip.fields {
		if ok(f) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// keyBlocks are the names that burn-key takes.
func keyBlocks() (names []string) {
	for i := 1; i < efuse.BlockCount; i++ {
		names = append(append(names, blockName(i)), blockAliases(i)...)
	}
	return names
}

func blockNames() (names []string) {
	for i := range efuse.BlockCount {
		names = append(names, blockName(i))
	}
	return names
}

// blockByName returns the number of a block.
func blockByName(name string) int {
	for i := range efuse.BlockCount {
		if name == blockName(i) || slices.Contains(blockAliases(i), name) {
			return i
		}
	}
	return -1
}

// misused makes an error about the first argument of a command.
func (s *session) misused(call cli.Call, format string, args ...any) error {
	return s.misusedAs(call, call.Command.Args[0].Metavar, format, args...)
}

func (s *session) misusedAs(call cli.Call, arg, format string, args ...any) error {
	return s.tool.Misused(s.env, call.Command, "Invalid value for '%s': %s", arg, fmt.Sprintf(format, args...))
}

// choice refuses a word that is not one of several.
func (s *session) choice(call cli.Call, arg, word string, choices []string) error {
	if slices.Contains(choices, word) {
		return nil
	}
	return s.misusedAs(call, arg, "'%s' is not one of %s.", word, cli.Quoted(choices))
}

// input is a file that a command line names, already read.
type input struct {
	block string
	data  []byte
}

// maxInput is the largest file that burns are made from, in bytes. Only the
// first few can matter; the size is told in the error.
const maxInput = 1 << 20

func (s *session) readInput(call cli.Call, name string) ([]byte, error) {
	data, err := s.env.ReadInput(name, maxInput)
	if err != nil {
		return nil, s.misused(call, "'%s': %s", name, cli.Reason(err))
	}
	if len(data) > maxInput {
		return nil, s.misused(call, "'%s' is larger than 1 MB", name)
	}
	return data, nil
}

// blockFiles reads pairs of a block and a file.
func (s *session) blockFiles(call cli.Call, choices []string) (pairs []input, err error) {
	words := call.Values.Args
	if len(words) > 2*len(choices) {
		return nil, s.misused(call, "Expected at most %d groups (2 values each), got %d (values: %s)",
			len(choices), len(words), tuple(words))
	}
	if len(words)%2 != 0 {
		return nil, s.misused(call, "Expected multiple of 2 values, got %d (values: %s)", len(words), tuple(words))
	}
	for i := 0; i < len(words); i += 2 {
		if err := s.choice(call, call.Command.Args[0].Metavar, words[i], choices); err != nil {
			return nil, err
		}
		data, err := s.readInput(call, words[i+1])
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, input{words[i], data})
	}
	return pairs, nil
}

// tuple writes words as Python writes a tuple.
func tuple(words []string) string {
	if len(words) == 1 {
		return "(" + cli.Quoted(words) + ",)"
	}
	return "(" + cli.Quoted(words) + ")"
}

// checkRepeated refuses names that come twice.
func checkRepeated(names []string) error {
	var twice []string
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			twice = append(twice, name)
		}
	}
	if twice == nil {
		return nil
	}
	return cli.Fatalf("Found repeated %s in the name list.", list(twice))
}

// readLine reads an answer; ok is false when there is none.
func (s *session) readLine() (answer string, ok bool) {
	if s.answers == nil {
		s.answers = bufio.NewReader(io.LimitReader(s.env.Stdin, maxInput))
	}
	line, err := s.answers.ReadString('\n')
	if err != nil && line == "" {
		return "", false
	}
	return strings.TrimRight(line, "\r\n"), true
}
