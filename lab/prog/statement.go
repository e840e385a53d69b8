package prog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// statement is one line of a socket script: a call, and the variable that takes its result.
type statement struct {
	into, call string
	args       []argument
}

// argument is a word, a number or a string of a call.
type argument struct {
	text   string
	quoted bool
}

const maxArguments = 8

// parseStatement reads a line such as fd = socket(AF_INET, SOCK_STREAM, 0); or send(fd, "hello\n"). A line
// that is empty, or a comment, is no statement: then call is "".
func parseStatement(line string) (st statement, err error) {
	code, _, err := cutComment(line)
	if err != nil {
		return st, err
	}
	code = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(code), ";"))
	if code == "" {
		return st, nil
	}
	head, inside, ok := strings.Cut(code, "(")
	if !ok || !strings.HasSuffix(inside, ")") {
		return st, fmt.Errorf("%q is not a call such as fd = socket(AF_INET, SOCK_STREAM, 0)", code)
	}
	st.call = strings.TrimSpace(head)
	if into, call, ok := strings.Cut(head, "="); ok {
		st.into, st.call = strings.TrimSpace(into), strings.TrimSpace(call)
		st.into = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(st.into, "int "), "ssize_t "))
		if !isName(st.into) {
			return st, fmt.Errorf("%q is not the name of a variable", st.into)
		}
	}
	if !isName(st.call) {
		return st, fmt.Errorf("%q is not the name of a call", st.call)
	}
	st.args, err = parseArguments(inside[:len(inside)-1])
	return st, err
}

// cutComment takes // and what follows off a line, unless it stands in a string.
func cutComment(line string) (code, comment string, err error) {
	inString := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && inString:
			i++
		case c == '"':
			inString = !inString
		case c == '/' && !inString && strings.HasPrefix(line[i:], "//"):
			return line[:i], line[i:], nil
		}
	}
	if inString {
		return "", "", errors.New("a string has no end")
	}
	return line, "", nil
}

// splitStatements takes statements apart at semicolons and line ends, but not within strings.
func splitStatements(text string) (list []string) {
	from, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && inString:
			i++
		case c == '"':
			inString = !inString
		case c == ';' && !inString:
			if s := strings.TrimSpace(text[from:i]); s != "" {
				list = append(list, s+";")
			}
			from = i + 1
		}
	}
	if s := strings.TrimSpace(text[min(from, len(text)):]); s != "" {
		list = append(list, s)
	}
	return list
}

func isName(s string) bool {
	for i, c := range []byte(s) {
		if !(c == '_' || c|32 >= 'a' && c|32 <= 'z' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

// parseArguments reads what stands between the parentheses.
func parseArguments(text string) (args []argument, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for i := 0; ; {
		for i < len(text) && text[i] == ' ' {
			i++
		}
		var a argument
		if i < len(text) && text[i] == '"' {
			if a.text, i, err = parseString(text, i+1); err != nil {
				return nil, err
			}
			a.quoted = true
		} else {
			from, depth := i, 0
			for i < len(text) && (text[i] != ',' || depth > 0) && text[i] != '"' {
				switch text[i] {
				case '{':
					depth++
				case '}':
					depth--
				}
				i++
			}
			if a.text = strings.TrimSpace(text[from:i]); a.text == "" {
				return nil, errors.New("an argument is missing")
			}
		}
		if args = append(args, a); len(args) > maxArguments {
			return nil, errors.New("that is too many arguments")
		}
		for i < len(text) && text[i] == ' ' {
			i++
		}
		if i >= len(text) {
			return args, nil
		}
		if text[i] != ',' {
			return nil, fmt.Errorf("a comma is missing before %q", text[i:])
		}
		i++
	}
}

// parseString reads a string of C from its first character on.
func parseString(text string, i int) (s string, next int, err error) {
	var b []byte
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return string(b), i + 1, nil
		case c == '\\' && i+1 < len(text):
			i++
			switch text[i] {
			case 'n':
				b = append(b, '\n')
			case 'r':
				b = append(b, '\r')
			case 't':
				b = append(b, '\t')
			case '0':
				b = append(b, 0)
			case 'x':
				n, err := strconv.ParseUint(text[min(i+1, len(text)):min(i+3, len(text))], 16, 8)
				if err != nil {
					return "", 0, errors.New(`\x takes two hexadecimal digits`)
				}
				b, i = append(b, byte(n)), i+2
			default:
				b = append(b, text[i])
			}
		default:
			b = append(b, c)
		}
	}
	return "", 0, errors.New("a string has no end")
}

// quoteC writes bytes as a string of C, as strace does; long ones end in dots.
func quoteC(b []byte) string {
	const most = 32
	var out strings.Builder
	out.WriteByte('"')
	for i, c := range b {
		if i == most {
			out.WriteString(`"...`)
			return out.String()
		}
		switch {
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\r':
			out.WriteString(`\r`)
		case c == '\t':
			out.WriteString(`\t`)
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteByte(c)
		case c < ' ' || c > '~':
			digits := fmt.Sprintf(`\%o`, c)
			if i+1 < len(b) && b[i+1] >= '0' && b[i+1] <= '9' { // else the digit would count
				digits = fmt.Sprintf(`\%03o`, c)
			}
			out.WriteString(digits)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}
