package parttable

import "strings"

// maxLine bounds a line after its variables were filled in, in bytes.
const maxLine = 1 << 16

// expand fills in the variables $NAME and ${NAME} of a line. A name without a
// value stays as it is, but the reference complains if the line begins with it.
func (o Options) expand(line string) (string, error) {
	if !strings.Contains(line, "$") {
		return line, nil
	}
	var b strings.Builder
	for line != "" {
		head, rest, _ := strings.Cut(line, "$")
		b.WriteString(head)
		if len(head) == len(line) {
			break
		}
		name, length := variable(rest)
		value, ok := o.getenv(name, length)
		if !ok {
			value = "$" + rest[:length]
		}
		b.WriteString(value)
		if b.Len() > maxLine {
			return "", &LimitError{"a line of the CSV is longer than 64 KiB with its variables filled in"}
		}
		line = rest[length:]
	}
	return b.String(), unknownVariable(b.String())
}

func (o Options) getenv(name string, length int) (string, bool) {
	if length == 0 || o.Getenv == nil {
		return "", false
	}
	return o.Getenv(name)
}

// variable reads the name of a variable behind its dollar sign, and how many
// bytes it takes there: none if there is no name.
func variable(text string) (name string, length int) {
	if strings.HasPrefix(text, "{") {
		if end := strings.IndexByte(text, '}'); end > 0 {
			return text[1:end], end + 1
		}
		return "", 0
	}
	for length < len(text) && wordByte(text[length]) {
		length++
	}
	return text[:length], length
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// unknownVariable complains of a line that still begins with a variable.
func unknownVariable(line string) error {
	if !strings.HasPrefix(line, "$") {
		return nil
	}
	name, length := variable(line[1:])
	if length == 0 || line[1] == '{' || line[1] >= '0' && line[1] <= '9' {
		return nil
	}
	return inputErrorf("unknown variable '%s'", name)
}
