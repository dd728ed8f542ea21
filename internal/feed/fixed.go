package feed

import (
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"kawat/internal/wire"
)

// place is a part of the record that filters choose stories by. Where its name has [] it is in a list, and a story has
// several texts there, or none; elsewhere it has one, "" where it states nothing, as filters see it.
type place struct {
	name  string
	texts func(s *wire.Story) []string
}

// places are what feeds are looked up by.
var places = []place{
	one("story.provider", func(s *wire.Story) string { return s.Provider }),
	one("story.status", func(s *wire.Story) string { return string(s.Status) }),
	one("story.signal", func(s *wire.Story) string { return string(s.Signal) }),
	one("story.language", func(s *wire.Story) string { return s.Language }),
	one("story.slugline", func(s *wire.Story) string { return s.Slugline }),
	one("story.genre", func(s *wire.Story) string { return s.Genre }),
	one("story.dateline.place", func(s *wire.Story) string { return s.Dateline.Place }),
	one("story.dateline.agency", func(s *wire.Story) string { return s.Dateline.Agency }),
	one("story.translation.from", func(s *wire.Story) string { return translationOf(s).From }),
	one("story.translation.to", func(s *wire.Story) string { return translationOf(s).To }),
	one("story.rights.holder", func(s *wire.Story) string { return s.Rights.Holder }),
	one("story.rights.ai", func(s *wire.Story) string { return string(s.Rights.AI) }),
	one("story.received.format", func(s *wire.Story) string { return s.Received.Format }),
	{"story.places[]", func(s *wire.Story) []string { return s.Places }},
	{"story.keywords[]", func(s *wire.Story) []string { return s.Keywords }},
	{"story.subjects[].code", func(s *wire.Story) []string {
		return each(s.Subjects, func(x *wire.Subject) string { return x.Code })
	}},
	{"story.subjects[].name", func(s *wire.Story) []string {
		return each(s.Subjects, func(x *wire.Subject) string { return x.Name })
	}},
	{"story.attribution.sources[].name", func(s *wire.Story) []string {
		return each(s.Attribution.Sources, func(x *wire.Source) string { return x.Name })
	}},
	{"story.attribution.credits[].name", func(s *wire.Story) []string {
		return each(s.Attribution.Credits, func(x *wire.Credit) string { return x.Name })
	}},
	{"story.media[].type", func(s *wire.Story) []string {
		return each(s.Media, func(m *wire.Media) string { return m.Type })
	}},
}

func one(name string, text func(*wire.Story) string) place {
	return place{name, func(s *wire.Story) []string { return []string{text(s)} }}
}

func each[T any](list []T, text func(*T) string) []string {
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = text(&list[i])
	}
	return texts
}

func translationOf(s *wire.Story) wire.Translation {
	if s.Translation == nil {
		return wire.Translation{}
	}
	return *s.Translation
}

// text is what a filter asks for: a text, or one that begins so.
type text struct {
	text   string
	prefix bool
}

func (t text) fits(has string) bool {
	return t.text == has || t.prefix && strings.HasPrefix(has, t.text)
}

// fixed is what a filter fixes, by the number of the place: it is false of every story that has none of these texts there,
// whatever else it says. Without places it fixes nothing.
type fixed map[int][]text

// fixedBy finds what an expression fixes. Errors do not take it back: in CEL "false && error" is false, in either order,
// and no comparison of texts that is looked at here can fail.
func fixedBy(expression ast.Expr) fixed {
	return scope{"story": "story"}.fixedBy(expression)
}

// scope is the variables that stand for a part of the record, and its name.
type scope map[string]string

func (s scope) fixedBy(e ast.Expr) fixed {
	switch e.Kind() {
	case ast.CallKind:
		return s.fixedByCall(e.AsCall())
	case ast.ComprehensionKind:
		return s.fixedByList(e.AsComprehension())
	}
	return nil
}

func (s scope) fixedByCall(call ast.CallExpr) fixed {
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalAnd:
		return both(s.fixedBy(args[0]), s.fixedBy(args[1]))
	case operators.LogicalOr:
		return either(s.fixedBy(args[0]), s.fixedBy(args[1]))
	case operators.Equals:
		if asked, ok := literal(args[0]); ok {
			return fix(s.name(args[1]), text{text: asked})
		}
		if asked, ok := literal(args[1]); ok {
			return fix(s.name(args[0]), text{text: asked})
		}
	case operators.In:
		if asked, ok := literal(args[0]); ok {
			return fix(s.name(args[1])+"[]", text{text: asked})
		}
		if args[1].Kind() != ast.ListKind {
			return nil
		}
		var texts []text
		for _, of := range args[1].AsList().Elements() {
			asked, ok := literal(of)
			if !ok {
				return nil
			}
			texts = append(texts, text{text: asked})
		}
		return fix(s.name(args[0]), texts...)
	case "startsWith":
		if asked, ok := literal(args[0]); ok && call.IsMemberFunction() {
			return fix(s.name(call.Target()), text{asked, true})
		}
	}
	return nil
}

// fixedByList is what list.exists(x, …) fixes: what it fixes of x, one element must have.
func (s scope) fixedByList(c ast.ComprehensionExpr) fixed {
	list, begin, step := s.name(c.IterRange()), c.AccuInit(), c.LoopStep()
	// The macro's form: it begins with false, and takes each element's verdict by "or".
	if list == "" || c.HasIterVar2() || c.IterVar() == "story" || !isVariable(c.Result(), c.AccuVar()) ||
		begin.Kind() != ast.LiteralKind || begin.AsLiteral() != types.False ||
		step.Kind() != ast.CallKind || step.AsCall().FunctionName() != operators.LogicalOr ||
		!isVariable(step.AsCall().Args()[0], c.AccuVar()) {
		return nil
	}
	inner := maps.Clone(s)
	inner[c.IterVar()] = list + "[]"
	return inner.fixedBy(step.AsCall().Args()[1])
}

func isVariable(e ast.Expr, name string) bool {
	return e.Kind() == ast.IdentKind && e.AsIdent() == name
}

// name is the name of the part of the record that an expression reads, "" where it is anything else.
func (s scope) name(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return s[e.AsIdent()]
	case ast.SelectKind:
		of := e.AsSelect()
		if owner := s.name(of.Operand()); owner != "" && !of.IsTestOnly() {
			return owner + "." + of.FieldName()
		}
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	asked, ok := e.AsLiteral().(types.String)
	return string(asked), ok
}

func fix(name string, texts ...text) fixed {
	at := slices.IndexFunc(places, func(p place) bool { return p.name == name })
	if at < 0 {
		return nil
	}
	return fixed{at: texts}
}

// both is what "a && b" fixes.
func both(a, b fixed) fixed {
	all := fixed{}
	maps.Copy(all, a)
	for at, texts := range b {
		// A story has to fit both. It is held against one of them, as the filter itself has the last word.
		if already, ok := all[at]; !ok || len(texts) < len(already) {
			all[at] = texts
		}
	}
	return all
}

// either is what "a || b" fixes: the places that both sides fix.
func either(a, b fixed) fixed {
	all := fixed{}
	for at, texts := range a {
		if others, ok := b[at]; ok {
			all[at] = slices.Concat(texts, others)
		}
	}
	return all
}
