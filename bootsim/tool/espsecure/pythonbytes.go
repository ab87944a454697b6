package espsecure

import (
	"bytes"
	"fmt"
	"strings"
)

// pythonBytes shows bytes as the reference's messages do, in Python's notation.
func pythonBytes(b []byte) string {
	quote := byte('\'')
	if bytes.IndexByte(b, '\'') >= 0 && bytes.IndexByte(b, '"') < 0 {
		quote = '"'
	}
	named := map[byte]string{'\t': `\t`, '\n': `\n`, '\r': `\r`, '\\': `\\`, quote: `\` + string(quote)}
	var out strings.Builder
	out.WriteString("b" + string(quote))
	for _, c := range b {
		switch name, ok := named[c]; {
		case ok:
			out.WriteString(name)
		case c < ' ' || c > '~':
			fmt.Fprintf(&out, `\x%02x`, c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String() + string(quote)
}
