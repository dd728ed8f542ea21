package ninjs_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/ninjs"
)

// said is what jq reads in an item, whichever the generation.
const said = `{
	id: .uri,
	version: (.version // "0"),
	type: (.type // (if .eventDetails then "event" else "text" end)),
	language: (.language // ""),
	slugline: (.slugline // ""),
	by: (.by // .byline // ""),
	note: (.edNote // .ednote // ""),
	headline: (([(.headlines // [])[] | select(.role == "main")][0].value) // ((.headlines // [])[0].value) // .headline // .title // ""),
	holder: (.copyrightHolder // .copyrightholder // ""),
	notice: (.copyrightNotice // .copyrightnotice // ""),
	terms: (.usageTerms // .usageterms // ""),
	urgency: (.urgency // 0),
	places: [(.places // .place // [])[] | .name],
	subjects: [(.subjects // .subject // [])[] | .name],
	bodies: ([(.bodies // [])[].value] + [to_entries[] | select(.key | startswith("body_")) | .value] | length),
	associations: ((.associations // []) | length)
}`

type sayings struct {
	ID, Version, Type, Language, Slugline, By, Note, Headline, Holder, Notice, Terms string
	Urgency, Bodies, Associations                                                    int
	Places, Subjects                                                                 []string
}

// TestCorpus reads what agencies have published as examples, and compares it with what another program reads in it.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("../../../../shared/corpus/ninjs/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the folder of examples is not beside the project: nothing to read")
	}
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Fatal("jq is missing: run `make needs`, or install Debian's package jq")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(jq, "-c", said, file).Output()
			if err != nil {
				t.Fatal(err)
			}
			var want sayings
			if err := json.NewDecoder(bytes.NewReader(out)).Decode(&want); err != nil {
				t.Fatal(err)
			}
			if !ninjs.Detect(data) {
				t.Error("it is not taken for ninjs")
			}
			compare(t, want, parse(data))
		})
	}
}

func compare(t *testing.T, want sayings, o outcome) {
	t.Helper()
	if want.Bodies == 0 && want.Type != "text" {
		if len(o.Stories) != 0 || len(o.Refusals) != 1 || o.Refusals[0].Code != wire.NoText || !strings.Contains(o.Refusals[0].Sentence, want.Type) {
			t.Errorf("%s without text: %d stories, %v", want.Type, len(o.Stories), o.Refusals)
		}
		return
	}
	if len(o.Stories) != 1 || len(o.Refusals) != 0 {
		t.Fatalf("%d stories, %v", len(o.Stories), o.Refusals)
	}
	s := o.Stories[0]
	version := json.Number(want.Version)
	number, _ := version.Int64()
	for _, field := range []struct {
		name      string
		got, want any
	}{
		{"id", s.ID, want.ID}, {"headline", s.Headline, markup.Clean(want.Headline)},
		{"language", s.Language, markup.Language(want.Language)}, {"notice", s.Rights.Notice, markup.Clean(want.Notice)},
		{"terms", s.Rights.Terms, markup.Scrub(want.Terms)}, {"note", s.Note, markup.Clean(want.Note)},
	} {
		if field.got != field.want {
			t.Errorf("%s is %q, want %q", field.name, field.got, field.want)
		}
	}
	// What the item leaves out its NITF may say.
	for _, field := range []struct{ name, got, want string }{
		{"slugline", s.Slugline, markup.Clean(want.Slugline)}, {"byline", s.Byline, markup.Clean(want.By)}, {"holder", s.Rights.Holder, markup.Clean(want.Holder)},
	} {
		if field.want != "" && field.got != field.want {
			t.Errorf("%s is %q, want %q", field.name, field.got, field.want)
		}
	}
	if number != 0 && s.Version != number {
		t.Errorf("version is %d, want %d", s.Version, number)
	}
	if want.Urgency != 0 && s.Urgency != want.Urgency {
		t.Errorf("urgency is %d, want %d", s.Urgency, want.Urgency)
	}
	for i, name := range want.Places {
		if i >= len(s.Places) || s.Places[i] != markup.Clean(name) {
			t.Errorf("place %d of %q is not %q", i, s.Places, name)
		}
	}
	for i, name := range want.Subjects {
		if i >= len(s.Subjects) || s.Subjects[i].Name != markup.Clean(name) {
			t.Errorf("subject %d of %v is not %q", i, s.Subjects, name)
		}
	}
	if len(s.Media)+len(s.Related) < want.Associations {
		t.Errorf("%d media and %d related of %d associations", len(s.Media), len(s.Related), want.Associations)
	}
	if s.Body.Text == "" || s.Body.HTML == "" {
		t.Error("no body")
	}
}
