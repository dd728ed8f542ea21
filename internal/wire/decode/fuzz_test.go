package decode

import (
	"bytes"
	"encoding/xml"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"kyodo-original.newsml.xml", "kyodo-original.anpa", "kyodo-japanese.newsml.xml", "unreadable.xml", "antara-translation.txt"} {
		f.Add(sample(f, name), "", int64(0), "")
	}
	f.Add([]byte(nitfCopy), "id", int64(3), "kill")
	f.Add([]byte("\xff\xfea\x00b\x00"), "", int64(0), "")
	f.Add([]byte(`<?xml version="1.0" encoding="shift_jis"?><nitf>`+"\x83\x41"), "", int64(0), "update")
	f.Add([]byte(`{"a":1}`), "x\x00", int64(1), "")
	f.Fuzz(func(t *testing.T, data []byte, id string, version int64, signal string) {
		headers := wire.Headers{StoryID: id, Version: max(0, min(version, wire.MaxVersion))}
		switch s := wire.Signal(signal); s {
		case wire.Update, wire.Correction, wire.Kill:
			headers.Signal = s
		}
		c := &wire.Copy{Data: data, Headers: headers, Profile: Profile("kyodo")}
		stories, refusals := Decode(c)
		if len(stories)+len(refusals) == 0 {
			t.Fatal("neither a story nor a refusal")
		}
		for _, r := range refusals {
			if r.Code == "" || r.Sentence == "" || !utf8.ValidString(r.Sentence) {
				t.Errorf("refusal is %q", r)
			}
		}
		again, _ := Decode(c)
		for i, s := range stories {
			hold(t, s)
			a, err := s.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			if b, _ := again[i].Marshal(); !bytes.Equal(a, b) {
				t.Errorf("decoded twice:\n%s\n%s", a, b)
			}
			back, err := wire.Unmarshal(a)
			if err != nil {
				t.Fatal(err)
			}
			if b, _ := back.Marshal(); !bytes.Equal(a, b) {
				t.Errorf("written twice:\n%s\n%s", a, b)
			}
		}
	})
}

// hold checks what every record holds.
func hold(t *testing.T, s *wire.Story) {
	t.Helper()
	switch {
	case s.ID == "" || s.Provider != "kyodo" || s.Language == "" || s.Received.Format == "" || s.Received.Digest == "":
		t.Errorf("incomplete: %+v", s)
	case s.Version < 1 || s.Version > wire.MaxVersion:
		t.Errorf("version %d", s.Version)
	case s.Status != wire.Usable && s.Status != wire.Withheld && s.Status != wire.Canceled:
		t.Errorf("status %q", s.Status)
	case (s.Signal == wire.Kill) != (s.Status == wire.Canceled):
		t.Errorf("signal %q with status %q", s.Signal, s.Status)
	case s.Status != wire.Canceled && s.Body.Text == "":
		t.Error("no text")
	case s.Attribution.CreditLine == "" || len(s.Attribution.Sources) == 0 || s.Rights.AI == "":
		t.Errorf("attribution %+v, rights %+v", s.Attribution, s.Rights)
	}
	texts(t, reflect.ValueOf(s).Elem(), "story")
	d := xml.NewDecoder(strings.NewReader("<x>" + s.Body.HTML + "</x>"))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Errorf("%v: %.300q", err, s.Body.HTML)
			break
		}
	}
	if once := markup.Sanitize(s.Body.HTML); strings.Join(strings.Fields(once), " ") != strings.Join(strings.Fields(s.Body.HTML), " ") {
		t.Errorf("not sanitised: %.300q\n%.300q", s.Body.HTML, once)
	}
}

// texts checks every string in the record.
func texts(t *testing.T, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); markup.Scrub(s) != s {
			t.Errorf("%s is not clean: %.200q", path, s)
		}
	case reflect.Struct:
		if v.Type().PkgPath() == "time" {
			return
		}
		for i := range v.NumField() {
			texts(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(t, v.Index(i), path)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			texts(t, v.Elem(), path)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, name := range []string{"kyodo-original.newsml.xml", "kyodo-original.anpa"} {
		b.Run(name, func(b *testing.B) {
			c := &wire.Copy{Data: longer(sample(b, name)), Profile: Profile("kyodo")}
			b.SetBytes(int64(len(c.Data)))
			b.ReportAllocs()
			for b.Loop() {
				if stories, _ := Decode(c); len(stories) != 1 {
					b.Fatal("no story")
				}
			}
		})
	}
}

// longer repeats the paragraphs of a sample until it has the length of a common story, about 5 KB.
func longer(data []byte) []byte {
	from := bytes.Index(data, []byte("     Under the agreement"))
	to := bytes.Index(data, []byte("     The agreement runs"))
	if start := bytes.LastIndex(data[:from], []byte("<p>")); start > 0 {
		from, to = start, bytes.LastIndex(data[:to], []byte("<p>"))
	}
	for paragraphs := bytes.Clone(data[from:to]); len(data) < 5000; {
		data = bytes.Join([][]byte{data[:to], paragraphs, data[to:]}, nil)
	}
	return data
}
