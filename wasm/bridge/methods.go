//go:build js

package bridge

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"syscall/js"
	"unicode/utf8"

	"wirelab/stack/problem"
)

// A param is an argument's name and kind, for the sentence that refuses a wrong one.
type param struct{ name, kind string }

type method struct {
	params []param
	long   bool // answered when the session is no longer busy
	do     func(b *Bridge, args []js.Value) (any, error)
}

// methods is the contract of window.wirelab; it only grows.
var methods = map[string]method{
	"open": {[]param{{"data", "Uint8Array"}}, true, func(b *Bridge, a []js.Value) (any, error) {
		data, err := fromBytes(a[0])
		if err != nil {
			return nil, err
		}
		return nothing(b.session.Open(data))
	}},
	"save": {nil, false, func(b *Bridge, _ []js.Value) (any, error) {
		data, err := b.session.Save()
		if err != nil {
			return nil, err
		}
		return toBytes(data), nil
	}},
	"example": {[]param{{"name", "string"}}, true, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Example(a[0].String()))
	}},
	"play": {nil, false, func(b *Bridge, _ []js.Value) (any, error) {
		b.session.Play()
		return js.Undefined(), nil
	}},
	"pause": {nil, false, func(b *Bridge, _ []js.Value) (any, error) {
		b.session.Pause()
		return js.Undefined(), nil
	}},
	"speed": {[]param{{"x", "number"}}, false, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Speed(a[0].Float()))
	}},
	"seek": {[]param{{"seconds", "number"}}, true, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Seek(a[0].Float()))
	}},
	"step": {[]param{{"kind", "string"}}, true, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Step(a[0].String()))
	}},
	"run": {[]param{{"until", "string or number"}}, true, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Run(until(a[0])))
	}},
	"exec": {[]param{{"host", "string"}, {"commandLine", "string"}}, false, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Exec(a[0].String(), a[1].String()))
	}},
	"output": {[]param{{"host", "string"}}, false, func(b *Bridge, a []js.Value) (any, error) {
		text, err := b.session.Output(a[0].String())
		return strings.ToValidUTF8(text, "\uFFFD"), err
	}},
	"command": {[]param{{"line", "string"}}, false, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Command(a[0].String()))
	}},
	"why": {[]param{{"what", "string or number"}}, false, func(b *Bridge, a []js.Value) (any, error) {
		what := a[0].String()
		if a[0].Type() == js.TypeNumber {
			what = strconv.FormatUint(uint64(max(a[0].Float(), 0)), 10)
		}
		lines, err := b.session.WhyText(what)
		return strings.Join(lines, "\n"), err
	}},
	"export": {[]param{{"kind", "string"}}, false, func(b *Bridge, a []js.Value) (any, error) {
		return exported(b, a[0].String())
	}},
	"lang": {[]param{{"code", "string"}}, false, func(b *Bridge, a []js.Value) (any, error) {
		return nothing(b.session.Lang(a[0].String()))
	}},
	"status": {nil, false, func(b *Bridge, _ []js.Value) (any, error) {
		text, err := json.Marshal(b.status())
		if err != nil {
			return nil, err
		}
		return js.Global().Get("JSON").Call("parse", string(text)), nil
	}},
}

// exported gives texts as strings and captures as bytes.
func exported(b *Bridge, kind string) (any, error) {
	data, err := b.session.Export(kind)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(kind, "pcapng") || !utf8.Valid(data) {
		return toBytes(data), nil
	}
	return string(data), nil
}

// until lets run(10) mean ten seconds, as seek(10) does.
func until(v js.Value) string {
	if v.Type() == js.TypeNumber {
		return strconv.FormatFloat(v.Float(), 'f', -1, 64) + "s"
	}
	return v.String()
}

func nothing(err error) (any, error) { return js.Undefined(), err }

// checkArgs refuses arguments that syscall/js would otherwise turn into a panic or into nonsense.
func checkArgs(name string, params []param, args []js.Value) error {
	var shape []string
	for _, p := range params {
		shape = append(shape, p.name)
	}
	usage := fmt.Sprintf("wirelab.%s(%s)", name, strings.Join(shape, ", "))
	if len(args) < len(params) {
		missing := params[len(args)]
		return &failure{"bad_argument", problem.New("%s needs %s, a %s.", usage, missing.name, missing.kind)}
	}
	for i, p := range params {
		if !fits(args[i], p.kind) {
			return &failure{"bad_argument", problem.New("%s: %s must be a %s, not %s.", usage, p.name, p.kind, describe(args[i]))}
		}
	}
	return nil
}

func fits(v js.Value, kind string) bool {
	switch kind {
	case "string":
		return v.Type() == js.TypeString
	case "number":
		return v.Type() == js.TypeNumber && !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0)
	case "string or number":
		return fits(v, "string") || fits(v, "number")
	default:
		return isBytes(v)
	}
}

// typedArray is what all typed arrays inherit from. Its getters tell the truth about an object, also about one of a framing page; what an
// object says of itself may be forged.
var typedArray = js.Global().Get("Object").Call("getPrototypeOf", js.Global().Get("Uint8Array").Get("prototype"))

// trueProperty reads a property of a typed array by the getter that all of them share; undefined if v is none.
func trueProperty(v js.Value, name any) js.Value {
	reflect := js.Global().Get("Reflect")
	getter := reflect.Call("getOwnPropertyDescriptor", typedArray, name).Get("get")
	return reflect.Call("apply", getter, v, js.Global().Get("Array").New())
}

func isBytes(v js.Value) bool {
	if v.Type() != js.TypeObject {
		return false
	}
	tag := trueProperty(v, js.Global().Get("Symbol").Get("toStringTag"))
	return tag.Type() == js.TypeString && tag.String() == "Uint8Array"
}

func describe(v js.Value) any {
	switch v.Type() {
	case js.TypeString:
		return strconv.Quote(v.String())
	case js.TypeNumber:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case js.TypeObject:
		tag := js.Global().Get("Object").Get("prototype").Get("toString").Call("call", v).String()
		return problem.New("a value of type %s", strings.TrimSuffix(strings.TrimPrefix(tag, "[object "), "]"))
	default:
		return v.Type().String()
	}
}

// maxBytes is more than any lab has.
const maxBytes = 64 << 20

func fromBytes(v js.Value) ([]byte, error) {
	if n := trueProperty(v, "byteLength").Int(); n > maxBytes {
		return nil, &failure{"bad_argument", problem.New("the array has %d bytes, more than any lab", n)}
	}
	own := js.Global().Get("Uint8Array").New(v)
	data := make([]byte, trueProperty(own, "byteLength").Int())
	js.CopyBytesToGo(data, own)
	return data, nil
}

func toBytes(data []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(v, data)
	return v
}
