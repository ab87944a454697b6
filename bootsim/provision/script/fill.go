package script

import (
	"regexp"
	"strconv"
	"strings"
)

// fill compiles the two usual ways of making a file of one byte:
// head -c SIZE /dev/zero | tr '\0' '\377' > FILE, and dd.
func (r *reader) fill(line int, calls []call, text string) {
	size, ok := sizeOf(calls[0].words)
	value, file := "0", calls[len(calls)-1].output
	if len(calls) == 2 {
		to := calls[1].words
		ok = ok && len(to) == 3 && to[0].text == "tr" && strings.Trim(to[1].text, `\0`) == "" && strings.Trim(to[2].text, `\`) == "377"
		value = "255"
	} else if name := calls[0].words[0].text; name == "dd" {
		file = argument(calls[0].words, "of=", file)
	}
	if !ok || file == "" || len(calls) > 2 || size > maxFill {
		r.refuse(line, text, "what it writes")
		return
	}
	c := call{words: []token{{text: "fill"}, {text: strconv.Itoa(size)}, {text: value}, {text: file}}}
	r.add(line, text, "fill", c)
}

// maxFill bounds such a file, in bytes: no flash is larger.
const maxFill = 16 << 20

var sizeForm = regexp.MustCompile(`^(\d+)([kKmM]?)[bB]?$`)

// sizeOf returns how many zeros head -c or dd read from /dev/zero.
func sizeOf(words []token) (int, bool) {
	text := show(words)
	if !strings.Contains(text, "/dev/zero") {
		return 0, false
	}
	if words[0].text == "dd" {
		bs, ok1 := number(argument(words, "bs=", "512"))
		count, ok2 := number(argument(words, "count=", ""))
		return bs * count, ok1 && ok2 && bs <= maxFill && count <= maxFill
	}
	for i, w := range words {
		if w.text == "-c" && i+1 < len(words) {
			return number(words[i+1].text)
		}
		if s, ok := strings.CutPrefix(w.text, "-c"); ok && s != "" {
			return number(s)
		}
	}
	return 0, false
}

func argument(words []token, prefix, otherwise string) string {
	for _, w := range words {
		if v, ok := strings.CutPrefix(w.text, prefix); ok {
			return v
		}
	}
	return otherwise
}

func number(s string) (int, bool) {
	m := sizeForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	n *= map[string]int{"": 1, "K": 1 << 10, "M": 1 << 20}[strings.ToUpper(m[2])]
	return n, err == nil && n >= 0 && n <= maxFill
}
