package newsmlg2_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/newsmlg2"
)

// corpus are files of IPTC's and dpa's, under their own licences beside the tree.
const corpus = "../../../../shared/corpus/newsmlg2"

// refused are the files that hold no story, and the word that says why.
var refused = map[string]string{
	"LISTING_1_A_NewsML-G2_News_Item.xml":                            "has no text of its own",
	"LISTING_25_An_NITF_marked-up_article_conveyed_in_inlineXML.xml": `"contentSet"`,
	"LISTING_28_Illustrating_Located_Subject_and_Dateline.xml":       `"contentMeta"`,
	"LISTING_29_Hop_History.xml":                                     "has no text of its own",
	"LISTING_3_Photo_in_NewsML-G2.xml":                               "ninat:picture",
	"LISTING_6_Simple_NewsML-G2_Package.xml":                         "only names its items",
	"ap_metadata_example.xml":                                        "ninat:video",
}

// TestCorpus compares what is read of real files with what libxml2 finds in them.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(corpus + "/*.xml")
	if err != nil || len(files) == 0 {
		t.Skip("the licensed files are not there: ", corpus)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := &wire.Copy{Data: data, Profile: &wire.Profile{Name: "agency", Agency: "Agency", Location: time.UTC}}
			stories, refusals := newsmlg2.Parse(c, data)
			if why := refused[filepath.Base(file)]; why != "" {
				if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NoText || !strings.Contains(refusals[0].Sentence, why) {
					t.Errorf("%v, %v", stories, refusals)
				}
				return
			}
			if len(stories) != 1 || len(refusals) != 0 {
				t.Fatalf("%d stories, %v", len(stories), refusals)
			}
			compare(t, file, stories[0])
		})
	}
}

// compare asks libxml2 about everything that a file says once.
func compare(t *testing.T, file string, s *wire.Story) {
	urgency, version, at, embargo := "", strconv.FormatInt(s.Version, 10), "", ""
	if s.Urgency > 0 {
		urgency = strconv.Itoa(s.Urgency)
	}
	if !s.Revised.IsZero() {
		at = s.Revised.Format(time.RFC3339)
	}
	if s.Embargo != nil {
		embargo = s.Embargo.Format(time.RFC3339)
	}
	status := "usable"
	if s.Status != "" {
		status = string(s.Status)
	}
	medtop := ""
	for _, v := range s.Subjects {
		if code, ok := strings.CutPrefix(v.Code, "medtop:"); ok {
			medtop = code
			break
		}
	}
	body := "//x:section[starts-with(@class,'main')]"
	if strings.Contains(file, "LISTING") {
		body = "//*[local-name()='body.content']"
	}
	fields := []struct{ name, got, path string }{
		{"id", s.ID, "//x:newsItem/@guid"},
		{"version", version, "//x:newsItem/@version"},
		{"language", s.Language, "//x:contentMeta/x:language/@tag"},
		{"headline", s.Headline, "//x:contentMeta/x:headline[not(@rank) or @rank=1]"},
		{"slugline", s.Slugline, "//x:contentMeta/x:slugline"},
		{"summary", s.Summary, "//x:contentMeta/x:description"},
		{"genre", s.Genre, "//x:contentMeta/x:genre[1]/x:name"},
		{"creditLine", s.Attribution.CreditLine, "//x:contentMeta/x:creditline"},
		{"urgency", urgency, "//x:contentMeta/x:urgency"},
		{"first medtop", medtop, "substring-after(//x:contentMeta/x:subject[starts-with(@qcode,'medtop:')]/@qcode,':')"},
		{"pubStatus", status, "substring-after(//x:itemMeta/x:pubStatus/@qcode,':')"},
		{"versionCreated", at, "//x:itemMeta/x:versionCreated"},
		{"embargoed", embargo, "//x:itemMeta/x:embargoed"},
		{"notice", s.Rights.Notice, "//x:rightsInfo/x:copyrightNotice"},
		{"terms", s.Rights.Terms, "//x:rightsInfo/x:usageTerms"},
		{"keywords", fmt.Sprint(len(s.Keywords)), "count(//x:contentMeta/x:keyword)"},
		{"related", fmt.Sprint(len(s.Related)), "count(//x:itemMeta/x:link[@rel='irel:seeAlso'])"},
		{"topics and places", fmt.Sprint(len(s.Subjects) + len(s.Places)), "count(//x:contentMeta/x:subject)"},
		{"paragraphs", fmt.Sprint(strings.Count(s.Body.HTML, "<p>")),
			"count(" + body + "//x:p[normalize-space() and not(@class='teaser')])"},
	}
	var paths []string
	for _, f := range fields {
		paths = append(paths, f.path)
	}
	for i, want := range xpath(t, file, paths) {
		field := fields[i]
		if u, err := time.Parse(time.RFC3339, want); err == nil {
			want = u.UTC().Format(time.RFC3339)
		}
		if markup.Clean(field.got) != want {
			t.Errorf("%s is %q, libxml2 finds %q", field.name, field.got, want)
		}
	}
}

var prefixed = regexp.MustCompile(`\bx:(\w+)`)

// xpath asks libxml2 for the first value of each path, its white space folded. Elements are named x:name, in whatever
// namespace.
func xpath(t *testing.T, file string, paths []string) []string {
	t.Helper()
	const between = "\u241e"
	var query strings.Builder
	query.WriteString("concat(''")
	for _, p := range paths {
		fmt.Fprintf(&query, ",normalize-space(%s),'%s'", prefixed.ReplaceAllString(p, "*[local-name()='$1']"), between)
	}
	query.WriteString(")")
	out, err := exec.Command("xmllint", "--nonet", "--xpath", query.String(), file).Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatal("xmllint is missing: apt-get install libxml2-utils")
	}
	if err != nil {
		t.Fatal(err)
	}
	values := strings.Split(strings.TrimSpace(string(out)), between)
	return values[:len(paths)]
}
