package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// reader reads one file, and goes on after a problem to find them all.
type reader struct {
	file     string
	lines    []string
	at       map[string]place // where each key's value stands, by the key's path
	problems Problems
	// unread are the keys whose values were not understood; their defaults are not worth checking.
	unread map[string]bool
}

// place is a position in the file, from 1.
type place struct{ line, column int }

func splitLines(data []byte) []string {
	return strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
}

// refuse reports a value that is not understood.
func (r *reader) refuse(at place, key, format string, args ...any) {
	r.unread[key] = true
	r.problem(at, key, format, args...)
}

func (r *reader) problem(at place, key, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, at.line, at.column, key, fmt.Sprintf(format, args...)})
}

// read puts what the file says over c.
func (r *reader) read(data []byte, c *Config) {
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at, text := place{1, 1}, err.Error()
		var y yaml.Error
		if errors.As(err, &y) {
			text = y.GetMessage()
			if token := y.GetToken(); token != nil {
				at = place{token.Position.Line, token.Position.Column}
			}
		}
		r.problem(at, "", "this is not YAML, %s: indent with spaces, and put text with : or # in it in quotes", text)
		return
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.NullType {
			bodies = append(bodies, doc.Body)
		}
	}
	for _, extra := range bodies[min(len(bodies), 1):] {
		r.problem(start(extra), "", "this is a second document: keep the configuration in one, without ---")
	}
	if len(bodies) > 0 {
		r.value(bodies[0], reflect.ValueOf(c).Elem(), "")
	}
}

// start is where a node begins.
func start(node ast.Node) place {
	if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		node = m.Values[0].Key
	}
	if m, ok := node.(*ast.MappingValueNode); ok {
		node = m.Key
	}
	token := node.GetToken()
	if token == nil {
		return place{1, 1}
	}
	return place{token.Position.Line, token.Position.Column}
}

// value reads a node into a Go value. A key without a value leaves the default.
func (r *reader) value(node ast.Node, into reflect.Value, key string) {
	at := start(node)
	switch n := node.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		r.refuse(at, key, "anchors and aliases are not read here: write the value out")
		return
	case *ast.TagNode:
		r.refuse(at, key, "tags are not read here: write the value without %s", n.GetToken().Value)
		return
	case *ast.NullNode:
		if into.Kind() == reflect.Pointer {
			r.refuse(at, key, "this is empty: write {} to turn it on with what is usual, or take the key out")
		}
		return
	}
	r.at[key] = at
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.value(node, into.Elem(), key)
	case reflect.Struct:
		r.section(node, into, key)
	case reflect.Slice:
		r.list(node, into, key)
	case reflect.String:
		text, ok := textOf(node)
		if !ok {
			r.refuse(at, key, "this is %s, where text belongs: put it in quotes if it is text", kindOf(node))
			return
		}
		into.SetString(strings.TrimRight(text, "\r\n"))
	case reflect.Int:
		number, ok := node.(*ast.IntegerNode)
		if !ok {
			r.refuse(at, key, "this is %s, where a whole number belongs: write it in digits, without quotes", kindOf(node))
			return
		}
		switch v := number.Value.(type) {
		case int64:
			into.SetInt(v)
		case uint64:
			into.SetInt(int64(min(v, 1<<62)))
		}
	case reflect.Bool:
		switch b, ok := node.(*ast.BoolNode); {
		case ok:
			into.SetBool(b.Value)
		default:
			r.refuse(at, key, "this is %s, where true or false belongs: write it without quotes", kindOf(node))
		}
	case reflect.Float64:
		switch n := node.(type) {
		case *ast.FloatNode:
			into.SetFloat(n.Value)
		case *ast.IntegerNode:
			number, err := strconv.ParseFloat(n.GetToken().Value, 64)
			if err != nil {
				r.refuse(at, key, "this is no number: write it in digits, without quotes")
			}
			into.SetFloat(number)
		default:
			r.refuse(at, key, "this is %s, where a number belongs: write it in digits, without quotes", kindOf(node))
		}
	default:
		panic("config: nothing reads a " + into.Kind().String()) // a field of a new kind
	}
}

func (r *reader) list(node ast.Node, into reflect.Value, key string) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		r.refuse(start(node), key, "this is %s, where a list belongs: begin each item with - on its own line", kindOf(node))
		return
	}
	items := reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		itemKey := fmt.Sprintf("%s[%d]", key, i)
		if item.Type() == ast.NullType {
			r.refuse(start(item), itemKey, "this item is empty: fill it in or take it out")
			continue
		}
		r.value(item, items.Index(i), itemKey)
	}
	into.Set(items)
}

func (r *reader) section(node ast.Node, into reflect.Value, key string) {
	var pairs []*ast.MappingValueNode
	switch m := node.(type) {
	case *ast.MappingNode:
		pairs = m.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{m}
	default:
		r.refuse(start(node), key, "this is %s, where keys belong: %s", kindOf(node), sentence(keysOf(into.Type())))
		return
	}
	given := map[string]place{}
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		path, at := joined(key, name), start(pair.Key)
		if first, twice := given[name]; twice {
			r.problem(at, path, "this key is on line %d already: keep one of the two", first.line)
			continue
		}
		given[name] = at
		field, ok := fieldOf(into, name)
		if !ok {
			r.unknown(at, key, name, into.Type())
			continue
		}
		r.value(pair.Value, field, path)
	}
}

// unknown reports a key that does not exist, with the one that was most likely meant.
func (r *reader) unknown(at place, section, name string, typ reflect.Type) {
	keys := keysOf(typ)
	if near := nearest(name, keys); near != "" {
		r.unread[joined(section, near)] = true
		r.problem(at, joined(section, name), "unknown key: did you mean %s?", near)
		return
	}
	for _, s := range keysOf(reflect.TypeFor[Config]()) {
		v, _ := fieldOf(reflect.New(reflect.TypeFor[Config]()).Elem(), s)
		if v.Kind() == reflect.Struct && slices.Contains(keysOf(v.Type()), name) {
			r.problem(at, joined(section, name), "unknown key: it belongs under %s", s)
			return
		}
	}
	r.problem(at, joined(section, name), "unknown key: %s", sentence(keys))
}

func joined(section, name string) string {
	if section == "" {
		return name
	}
	return section + "." + name
}

func sentence(keys []string) string { return "the keys here are " + strings.Join(keys, ", ") }

// keysOf are the keys of a section, in the order of its fields: the yaml tag, else the field's name in lower case.
func keysOf(typ reflect.Type) []string {
	var keys []string
	for f := range typ.Fields() {
		if key := keyOf(f); key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

func keyOf(f reflect.StructField) string {
	if tag := f.Tag.Get("yaml"); tag != "" {
		return tag
	}
	return strings.ToLower(f.Name)
}

func fieldOf(section reflect.Value, key string) (reflect.Value, bool) {
	for f, v := range section.Fields() {
		if name := keyOf(f); name == key && name != "-" {
			return v, true
		}
	}
	return reflect.Value{}, false
}

func textOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// kindOf names what a node is, for a desk that does not write YAML every day.
func kindOf(node ast.Node) string {
	switch node.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "a section with keys"
	case ast.SequenceType:
		return "a list"
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "a number"
	case ast.BoolType:
		return "true or false"
	case ast.StringType, ast.LiteralType:
		return "text"
	}
	return "something else"
}
