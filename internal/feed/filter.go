package feed

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"kawat/internal/wire"
)

// filterCost bounds the work of one filter on one story, in CEL's units (about one for each field that is read and
// each turn of a macro, and one for every ten characters that are searched). It is a count and not a time, so that
// every replica comes to the same verdict. Reading through a story of the largest size a hundred times fits; macros
// nested over its lists, which could hold up the wire, do not.
const filterCost = 1_000_000

// filter is a feed's compiled expression. It may be used by several goroutines.
type filter struct {
	program cel.Program
	fixed   fixed
}

// fault is what is wrong with an expression, at a place in it; lines and columns count from 1.
type fault struct {
	line, column int
	reason       string
}

// compileFilter type-checks an expression over the story record.
func compileFilter(expression string) (*filter, []fault) {
	env, err := filterEnvironment()
	if err != nil {
		return nil, []fault{{1, 1, err.Error()}}
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		var faults []fault
		for _, e := range issues.Errors() {
			faults = append(faults, fault{max(e.Location.Line(), 1), max(e.Location.Column()+1, 1), explain(e.Message)})
		}
		return nil, faults
	}
	if out := ast.OutputType(); !out.IsExactType(cel.BoolType) {
		return nil, []fault{{1, 1, fmt.Sprintf("this is a %s: a filter must come to true or false, "+
			`as in story.language == "id"`, out)}}
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(filterCost))
	if err != nil {
		return nil, []fault{{1, 1, err.Error()}}
	}
	return &filter{program, fixedBy(ast.NativeRep().Expr())}, nil
}

// admits says whether the story passes. An error means that the expression came to no verdict on this story: it
// compared what is not there, or it cost too much.
func (f *filter) admits(s *wire.Story) (bool, error) {
	verdict, _, err := f.program.Eval(variables{s})
	if err != nil {
		return false, err
	}
	return verdict == types.True, nil
}

// variables are what a filter can name.
type variables struct{ story *wire.Story }

// ResolveName and Parent make variables a cel.Activation.
func (v variables) ResolveName(name string) (any, bool) {
	if name == "story" {
		return v.story, true
	}
	return nil, false
}

func (v variables) Parent() cel.Activation { return nil }

// filterEnvironment is the language of filters: CEL's own, and the variable story.
var filterEnvironment = sync.OnceValues(func() (*cel.Env, error) {
	registry, err := types.NewRegistry(types.NativeTypeFor[wire.Story](types.ParseStructTag("json")))
	if err != nil {
		return nil, err
	}
	return cel.NewEnv(
		cel.CustomTypeAdapter(registry),
		cel.CustomTypeProvider(recordTypes{registry}),
		cel.Variable("story", cel.ObjectType(typeName(reflect.TypeFor[wire.Story]()))),
	)
})

// recordTypes are the record's types as filters see them: Go's types under the names that the record has in JSON,
// with two rules added. A time that the copy does not state is null, not the year 1970; and a record that may be
// absent is null when it is, while each of its fields reads as empty. So story.translation == null is true of a story
// that is no translation, and story.translation.to == "id" is false of it and not an error.
type recordTypes struct{ *types.Registry }

// absent holds an empty one of each type that the record may be without.
var absent = map[string]any{
	typeName(reflect.TypeFor[wire.Translation]()): new(wire.Translation),
	typeName(reflect.TypeFor[wire.Fate]()):        new(wire.Fate),
	typeName(reflect.TypeFor[wire.Decision]()):    new(wire.Decision),
}

// typeName is the name that the registry gives to a type of Go.
func typeName(t reflect.Type) string { return t.String() }

// FindStructFieldType gives a field's type and how it is read.
func (r recordTypes) FindStructFieldType(owner, field string) (*types.FieldType, bool) {
	found, ok := r.Registry.FindStructFieldType(owner, field)
	if !ok {
		return nil, false
	}
	isSet, get := found.IsSet, found.GetFrom
	if empty, ok := absent[owner]; ok {
		isSet = func(of any) bool { return of != null && found.IsSet(of) }
		get = func(of any) (any, error) {
			if of == null {
				of = empty
			}
			return found.GetFrom(of)
		}
	}
	if _, ok := absent[found.Type.TypeName()]; ok || found.Type.Kind() == types.TimestampKind {
		read := get
		get = func(of any) (any, error) {
			if !isSet(of) {
				return types.NullValue, nil
			}
			return read(of)
		}
	}
	return &types.FieldType{Type: found.Type, IsSet: isSet, GetFrom: get}, true
}

// null is CEL's null as a Go value, which is what a field is read from when its owner is absent.
var null = types.NullValue.Value()

var (
	overload   = regexp.MustCompile(`^found no matching overload for '_?([^'\s]*?)_?' applied to '(.*)'$`)
	undefined  = regexp.MustCompile(`^undefined field '(.*)'$`)
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
)

// explain says a fault in words for the desk that wrote the filter, with the remedy.
func explain(message string) string {
	const fields = "the story record's fields are listed in docs/configuration.md"
	if m := undefined.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("undeclared field %q: %s", m[1], fields)
	}
	if m := undeclared.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("undeclared name %q: a filter begins with story, as in story.language, and %s", m[1], fields)
	}
	if m := overload.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("%q does not work on %s: compare text with text in quotes, and numbers with numbers without",
			m[1], m[2])
	}
	if rest, ok := strings.CutPrefix(message, "Syntax error: "); ok {
		rest, _, _ = strings.Cut(rest, " expecting ")
		return "this is not a whole expression of CEL, " + rest + `: see the examples in docs/configuration.md`
	}
	return message
}
