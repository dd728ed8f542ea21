package kawat_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says for each room which other rooms its code may import; docs/architecture.md has the same as a picture.
// Tests may import more. A room that begins with "internal/wire/" and is not listed is a format. What is in wires and
// trials is free.
var mayImport = map[string][]string{
	"internal/wire":              {},
	"internal/wire/markup":       {"internal/wire"},
	"internal/wire/credit":       {"internal/wire", "internal/wire/markup"},
	"internal/wire/dates":        {"internal/wire"},
	"internal/wire/changes":      {"internal/wire"},
	"internal/wire/original":     {"internal/wire"},
	"internal/wire/running":      {"internal/wire", "internal/wire/credit", "internal/wire/markup"},
	"internal/wire/newsml1":      append([]string{"internal/wire/nitf"}, format...),     // NITF inside
	"internal/wire/copytext":     append([]string{"internal/wire/language"}, format...), // nobody else says which it is
	"internal/wire/transmission": {"internal/wire"},
	"internal/wire/anpa":         append([]string{"internal/wire/transmission"}, format...),
	"internal/wire/iptc7901":     append([]string{"internal/wire/transmission"}, format...),
	"internal/wire/ninjs":        append([]string{"internal/wire/nitf"}, format...),
	"internal/wire/newsmlg2":     append([]string{"internal/wire/nitf"}, format...),
	"internal/wire/mail":         append([]string{"internal/wire/charset"}, format...), // each part names its own
	"internal/wire/charset":      {"internal/wire"},
	"internal/wire/decode":       {"internal/wire", "internal/wire/*"},
	"internal/ledger":            {"internal/wire"},
	"internal/cache":             {"internal/wire", "internal/feed"},
	"internal/explain":           {"internal/wire"},
	"internal/feed":              {"internal/wire", "internal/traces"},
	"internal/traces":            {},
	"internal/partner":           {"internal/wire"},
	"internal/push":              {"internal/wire", "internal/feed", "internal/partner"},
	"internal/render":            {"internal/wire", "internal/feed"},
	"internal/ingest":            {"internal/wire", "internal/wire/credit", "internal/wire/decode", "internal/wire/original", "internal/ledger", "internal/cache", "internal/feed", "internal/traces"},
	"internal/web":               {"internal/wire", "internal/render", "internal/feed", "internal/partner"},
	"internal/config":            {"internal/wire", "internal/wire/credit", "internal/feed"},
	"internal/doctor":            {"internal/config", "internal/ledger", "internal/cache"},
	"internal/embedded":          {},
}

// format is what a format's package may import.
var format = []string{"internal/wire", "internal/wire/credit", "internal/wire/dates", "internal/wire/markup", "internal/wire/running"}

// wires put the rooms together, testkit does so for tests; trials try the whole from the outside. They may import
// everything, but only trials may import testkit.
var (
	wires  = []string{"internal/app", "internal/testkit", "cmd/*"}
	trials = []string{"e2e", "e2e/*", "bench", "bench/*"}
)

// mayName says which rooms may name a module of others, so that it can be exchanged in one place.
var mayName = map[string][]string{
	"github.com/nats-io/nats.go":        {"internal/ledger", "internal/push", "internal/app", "internal/doctor", "internal/embedded", "internal/testkit"},
	"github.com/nats-io/nats-server/v2": {"internal/embedded", "internal/testkit"},
	"github.com/redis/go-redis/v9":      {"internal/cache", "internal/partner", "internal/app", "internal/doctor", "internal/testkit"},
	"github.com/alicebob/miniredis/v2":  {"internal/embedded"},
	"github.com/gorilla/feeds":          {"internal/render"},
	"go.opentelemetry.io/otel":          {"internal/traces"},
}

func TestRoomsImportWhatTheyMay(t *testing.T) {
	rooms := listed(t)
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		for _, name := range rooms[room] {
			if other, ours := strings.CutPrefix(name, "kawat/"); ours {
				if rule := mayNotImport(room, other); rule != "" {
					t.Errorf("%s imports %s, and %s\n\tDeclare in %s the interface that it needs, let internal/app put the two "+
						"together, or change the rule in imports_test.go and in docs/architecture.md.", room, other, rule, room)
				}
				continue
			}
			for module, only := range mayName {
				if name != module && !strings.HasPrefix(name, module+"/") {
					continue
				}
				if !slices.Contains(only, room) && !within(room, trials) {
					t.Errorf("%s imports %s, and only %s may name %s\n\tLet one of them do the work, behind an interface of yours.",
						room, name, strings.Join(only, ", "), module)
				}
			}
		}
	}
	for _, room := range []string{"internal/wire", "internal/feed", "internal/config"} {
		if _, ok := rooms[room]; !ok {
			t.Errorf("%s was not listed: the rules were not tried", room)
		}
	}
}

// mayNotImport gives the rule that forbids room to import other, or "".
func mayNotImport(room, other string) string {
	may, known := mayImport[room]
	switch {
	case within(room, trials):
		return ""
	case other == "internal/testkit":
		return "testkit is for tests only."
	case within(room, wires):
		return ""
	case !known && strings.HasPrefix(room, "internal/wire/"):
		may = format
	case !known:
		return "nothing says what a new room may import."
	}
	switch {
	case within(other, may):
		return ""
	case len(may) == 0:
		return "it may import nothing of ours."
	}
	return "it may import " + strings.Join(may, ", ") + " only."
}

// within says whether a room is one of those; "cmd/*" is every room under cmd.
func within(room string, those []string) bool {
	return slices.ContainsFunc(those, func(one string) bool {
		matched, err := path.Match(one, room)
		return err == nil && matched
	})
}

// The rules hold what they promise.
func TestImportRules(t *testing.T) {
	for _, tt := range []struct {
		room, other string
		may         bool
	}{
		{"internal/wire", "internal/wire/credit", false},
		{"internal/wire/nitf", "internal/wire", true},
		{"internal/wire/nitf", "internal/wire/markup", true},
		{"internal/wire/nitf", "internal/wire/decode", false},
		{"internal/wire/decode", "internal/wire/nitf", true},
		{"internal/cache", "internal/feed", true},
		{"internal/cache", "internal/ledger", false},
		{"internal/config", "internal/cache", false},
		{"internal/web", "internal/cache", false},
		{"internal/app", "internal/web", true},
		{"internal/app", "internal/testkit", false},
		{"cmd/kawat", "internal/app", true},
		{"e2e", "internal/testkit", true},
		{"internal/newroom", "internal/wire", false},
	} {
		if rule := mayNotImport(tt.room, tt.other); (rule == "") != tt.may {
			t.Errorf("%s importing %s: %q, want it allowed: %v", tt.room, tt.other, rule, tt.may)
		}
	}
}

// listed gives every room of the module with what its code, without its tests, imports: under every build tag, and
// whether it compiles or not.
func listed(t *testing.T) map[string][]string {
	t.Helper()
	rooms := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && file != "." && (name == "testdata" || name[0] == '.' || name[0] == '_'):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(file))
		for _, spec := range source.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(rooms[room], name) {
				rooms[room] = append(rooms[room], name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}
