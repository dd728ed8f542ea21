package web

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kawat/internal/render"
	"kawat/internal/wire"
)

var slots = regexp.MustCompile(`\{\w+\}`)

// Every language has every label, with a place for what is put into it, and has a notice too.
func TestLabelsAreWhole(t *testing.T) {
	all := allLabels()
	if len(all) != 14 {
		t.Errorf("%d languages", len(all))
	}
	for tag, l := range all {
		e := killed()
		e.Story.Language = tag
		if n := render.NoticeOf(e); n.Language != tag {
			t.Errorf("%s has labels and no notice", tag)
		}
		v, en := reflect.ValueOf(*l), reflect.ValueOf(*inEnglish())
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.Type.Kind() != reflect.String {
				continue
			}
			got, want := slots.FindAllString(v.Field(i).String(), -1), slots.FindAllString(en.Field(i).String(), -1)
			slices.Sort(got)
			slices.Sort(want)
			if v.Field(i).String() == "" || !slices.Equal(got, want) {
				t.Errorf("%s: %s is %q", tag, field.Name, v.Field(i))
			}
		}
		for _, other := range []string{"en", "id", "ja", "tet"} {
			if l.Tongue(other) == "" {
				t.Errorf("%s has no name for %s", tag, other)
			}
		}
	}
	for _, unknown := range []string{"", "und", "xx-nonsense!"} {
		if got := inEnglish().Tongue(unknown); got != "" {
			t.Errorf("%q is called %q", unknown, got)
		}
	}
}

// A story's page says in the story's language what it says itself, and in English where it has no words in it. Everything is
// marked with the language and direction that it is in.
func TestPageInTheStorysLanguage(t *testing.T) {
	for language, c := range map[string]struct{ tag, direction string }{
		"id": {"id", "ltr"}, "de-AT": {"de", "ltr"}, "JA": {"ja", "ltr"}, "ar": {"ar", "rtl"}, "ar-EG": {"ar", "rtl"}, "zh-Hant": {"zh", "ltr"},
		"en-GB": {"en", "ltr"}, "it": {"en", "ltr"}, "fa": {"en", "ltr"}, "": {"en", "ltr"},
	} {
		e := linked()
		e.Story.Language, e.Story.Translation.To = language, "en"
		body := read(t, get(shelved(t, e), "GET", "/stories/"+e.Key().Token()))
		w := labelsIn(c.tag)
		for _, want := range []string{
			`<dl class="form" lang="` + c.tag + `" dir="` + c.direction + `">`,
			`<section class="provenance" lang="` + c.tag + `" aria-label="` + w.WhereFrom + `">`,
			`<aside class="rail" lang="` + c.tag + `" dir="` + c.direction + `"`,
			`<strong>` + w.Correction + `</strong>`, `dir="auto">` + w.CorrectionText, w.translated("en", "en"),
			`<span class="label">` + w.Reported + `</span>`, `<span class="label">` + w.Edited + `</span>`, w.Reservation, w.EditorsNote,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("in %q the page does not say %s", language, want)
			}
		}
		if c.tag != "en" {
			for _, left := range []string{">Reported<", ">Edited<", ">Version<", ">Identity<", ">Terms<", "Quotes", "23 Nov"} {
				if w.Version != "Version" && strings.Contains(body, left) {
					t.Errorf("in %q the page says %s", language, left)
				}
			}
		}
	}
}

// A credit in a role of the desk's own is shown also where the page has words for others only.
func TestOtherRolesInTheStorysLanguage(t *testing.T) {
	e := indonesian()
	e.Attribution.Credits = append(e.Attribution.Credits, wire.Credit{Name: "Bayu", Role: "fixer"})
	body := read(t, get(shelved(t, e), "GET", "/stories/"+e.Key().Token()))
	if !strings.Contains(body, `<span class="label">Fixer</span>`) || !strings.Contains(body, "Bayu") {
		t.Error("the fixer is not credited")
	}
}

func TestNoticePageInTheStorysLanguage(t *testing.T) {
	for language, wants := range map[string][]string{
		"id": {`<html lang="id" dir="ltr">`, "<dt>Penyedia</dt>", "<dt>Versi</dt>"},
		"ar": {`<html lang="ar" dir="rtl">`, "<dt>المزوِّد</dt>", `<time dir="ltr"`},
		"it": {`<html lang="en" dir="ltr">`, "<dt>Provider</dt>", "23 Nov 2026"},
	} {
		e := killed()
		e.Story.Language = language
		body := read(t, get(shelved(t, e), "GET", "/stories/"+e.Key().Token()))
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("in %s the notice does not say %s", language, want)
			}
		}
	}
}
