package cli

import (
	"strings"

	"github.com/spf13/afero"
)

// maxArgFile is the largest file of arguments that is read, in bytes.
const maxArgFile = 1 << 20

// ExpandFiles replaces every argument that starts with @ by the words in the
// file that it names, split as a shell splits them. The result is shown on
// standard output, as the tools show it.
func ExpandFiles(env Env, args []string) ([]string, error) {
	var out []string
	expanded := false
	for _, arg := range args {
		if !strings.HasPrefix(arg, "@") {
			out = append(out, arg)
			continue
		}
		words, err := fileWords(env.FS, arg[1:])
		if err != nil {
			return nil, err
		}
		out, expanded = append(out, words...), true
	}
	if expanded {
		env.Print("esptool " + strings.Join(out, " "))
	}
	return out, nil
}

func fileWords(fs afero.Fs, name string) ([]string, error) {
	info, err := fs.Stat(name)
	if err != nil {
		return nil, Brokenf("cannot read arguments from %s: %v", name, Reason(err))
	}
	if info.IsDir() || info.Size() > maxArgFile {
		return nil, Brokenf("cannot read arguments from %s: give a text file of at most 1 MB", name)
	}
	b, err := afero.ReadFile(fs, name)
	if err != nil {
		return nil, Brokenf("cannot read arguments from %s: %v", name, Reason(err))
	}
	var words []string
	for _, line := range strings.Split(string(b), "\n") {
		w, ok := shellWords(line)
		if !ok {
			return nil, Brokenf("%s has a line with an unfinished quotation", name)
		}
		words = append(words, w...)
	}
	return words, nil
}

// shellWords splits a line at blanks. Quotes keep blanks, a backslash keeps the
// next character.
func shellWords(line string) (words []string, ok bool) {
	var word strings.Builder
	quote, escaped, started := byte(0), false, false
	for i := range len(line) {
		c := line[i]
		switch {
		case escaped:
			if quote == '"' && c != '"' && c != '\\' {
				word.WriteByte('\\')
			}
			word.WriteByte(c)
			escaped = false
		case c == '\\' && quote != '\'':
			escaped, started = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteByte(c)
		case c == '\'' || c == '"':
			quote, started = c, true
		case strings.IndexByte(" \t\r\n", c) >= 0:
			if started {
				words = append(words, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words, quote == 0 && !escaped
}
