package mail_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"kawat/internal/wire"
	"kawat/internal/wire/mail"
)

var desk = &wire.Profile{Name: "desk", Agency: "Desk", Location: time.UTC}

// header is what all mails here begin with.
const header = "Received: from mx.example\r\nFrom: Rina <rina@desk.example>\r\nTo: copy@wire.example\r\nSubject: Feri tiba lebih awal\r\n" +
	"Date: Mon, 23 Nov 2026 10:05:00 +0700\r\nMessage-ID: <20261123.7@desk.example>\r\nMIME-Version: 1.0\r\n"

const story = "Niigata (ANTARA) - Feri tiba satu jam lebih awal.\n\nPenumpang tidak keberatan."

func open(data string) (*mail.Message, error) {
	return mail.Open(&wire.Copy{Profile: desk}, []byte(data))
}

// mixed is a multipart mail of parts, each with its header.
func mixed(kind string, parts ...string) string {
	var b strings.Builder
	b.WriteString(header + "Content-Type: multipart/" + kind + "; boundary=\"xyz\"\r\n\r\nFor old programs.\r\n")
	for _, p := range parts {
		b.WriteString("--xyz\r\n" + p + "\r\n")
	}
	return b.String() + "--xyz--\r\n"
}

func lines(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func encoded(s string) string {
	s = base64.StdEncoding.EncodeToString([]byte(s))
	var b strings.Builder
	for len(s) > 60 {
		b.WriteString(s[:60] + "\r\n")
		s = s[60:]
	}
	return b.String() + s
}

func TestOpen(t *testing.T) {
	shifted, err := japanese.ISO2022JP.NewEncoder().String("【新潟共同】フェリーが到着した。")
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.ISO8859_1.NewEncoder().String("Le bac est arrivé en avance à Sète.")
	if err != nil {
		t.Fatal(err)
	}
	plain := "Content-Type: text/plain; charset=utf-8\r\n\r\n" + lines(story)
	xml := "Content-Type: application/xml; name=a.xml\r\nContent-Disposition: attachment; filename=\"a.xml\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded("<nitf/>")
	html := "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Feri tiba =\r\nlebih awal.</p><p>Tidak =C3=A9.</p>"
	for _, tt := range []struct {
		name, mail string
		want       []string
		rules      string
	}{
		{"plain", header + "\r\n" + lines(story), []string{story}, ""},
		{"from a mailbox", "From rina@desk.example Mon Nov 23 10:05:00 2026\r\n" + header + "\r\n" + lines(story), []string{story}, ""},
		{"with a type that is none", header + "Content-Type: text\r\n\r\n" + lines(story), []string{story}, ""},
		{"base64", header + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" + encoded(story), []string{story}, ""},
		{"quoted-printable", header + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCaf=C3=A9 =\r\nopen", []string{"Café open"}, ""},
		{"Japanese", header + "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + shifted, []string{"【新潟共同】フェリーが到着した。"}, ""},
		{"Latin-1 in eight bits", header + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + latin, []string{"Le bac est arrivé en avance à Sète."}, ""},
		{"Latin-1 called UTF-8", header + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + latin, []string{"Le bac est arrivé en avance à Sète."}, "detected:windows-1252"},
		{"alternatives", mixed("alternative", plain, html), []string{story}, ""},
		{"HTML only", mixed("alternative", html), []string{"Feri tiba lebih awal.\n\nTidak é."}, ""},
		{"attached format", mixed("mixed", plain, xml), []string{"<nitf/>"}, "mail:covering"},
		{"two attached", mixed("mixed", xml, xml), []string{"<nitf/>", "<nitf/>"}, ""},
		{"attached text", mixed("mixed", plain, "Content-Type: text/plain; name=story.txt\r\n\r\nThe story."), []string{"The story."}, "mail:covering"},
		{"attached picture", mixed("mixed", plain, "Content-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/"), []string{story}, "mail:attachment"},
		{"passed on as a part", mixed("mixed", "Content-Type: message/rfc822\r\n\r\n"+header+"\r\n"+lines(story)), []string{story}, ""},
		{"a list's footer as a part", mixed("mixed", plain, "Content-Type: text/plain\r\n\r\n_____\r\nTo leave the list"), []string{story}, ""},
		{"signed", mixed("signed", plain, "Content-Type: application/pgp-signature\r\n\r\nx"), []string{story}, ""},
		{"signature", header + "\r\n" + lines(story+"\n-- \nRina Wati\nDesk"), []string{story}, "mail:signature"},
		{"signature without its space", header + "\r\n" + lines(story+"\n\n--\nRina Wati"), []string{story}, "mail:signature"},
		{"closing words", header + "\r\n" + lines(story+"\n\nTerima kasih,\nRina Wati\nBiro Maluku\nHP 0812-3456-7890\n"), []string{story}, "mail:signature"},
		{"two sets of closing words", header + "\r\n" + lines(story+"\n\nMit freundlichen Grüßen\nRina Wati\nTel.: 030 1234\n\nViele Grüße\n"), []string{story}, "mail:signature"},
		{"closing words above credits", header + "\r\n" + lines(story+"\n\nTerima kasih,\nEditor: Rina Wati"), []string{story + "\n\nTerima kasih,\nEditor: Rina Wati"}, ""},
		{"closing words within", header + "\r\n" + lines(story+"\n\nBest wishes\n"+strings.Repeat("are what he sent, and the ferry left. ", 5)), []string{story + "\n\nBest wishes\n" + strings.Repeat("are what he sent, and the ferry left. ", 5)}, ""},
		{"reply", header + "\r\n" + lines(story+"\n\nOn Mon, 23 Nov 2026, Agus wrote:\n> When does it come?\n>> Soon.\n"), []string{story}, "mail:quoted"},
		{"original below", header + "\r\n" + lines(story+"\n\n-----Original Message-----\nFrom: Agus\nSubject: x\n\nWhen?"), []string{story}, "mail:quoted"},
		{"passed on in the text", header + "\r\n" + lines("---------- Forwarded message ---------\nFrom: Agus <a@desk.example>\nSubject: x\n\n"+story), []string{story}, "mail:forwarded"},
		{"footers", header + "\r\n" + lines(story+"\n\nSent from my telephone\n"), []string{story}, "mail:footer"},
		{"office's notice", header + "\r\n" + lines(story+"\n\nThis e-mail and its attachments are confidential.\nDelete it.\n"), []string{story}, "mail:footer"},
		{"flowed", header + "Content-Type: text/plain; format=flowed\r\n\r\n" + lines("Feri tiba satu jam \nlebih awal.\n\n Penumpang \ndiam.\n-- \nRina"), []string{"Feri tiba satu jam lebih awal.\n\nPenumpang diam."}, "mail:signature"},
		{"a dash within", header + "\r\n" + lines("One.\n--\n"+strings.Repeat("Two is a long paragraph. ", 40)), []string{"One.\n--\n" + strings.Repeat("Two is a long paragraph. ", 40)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !mail.Detect([]byte(tt.mail)) {
				t.Error("it is not seen to be a mail")
			}
			m, err := open(tt.mail)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range m.Parts {
				got = append(got, strings.ReplaceAll(string(p.Data), "\r\n", "\n"))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			s := wire.Story{Body: wire.Body{Text: "x"}}
			m.Fill(&s, desk)
			rules := ""
			for _, e := range s.Evidence {
				if e.Field == "body" || e.Field == "charset" {
					rules += e.Rule
				}
			}
			if rules != tt.rules {
				t.Errorf("evidence %v, want %q", s.Evidence, tt.rules)
			}
			if s.Headline != "Feri tiba lebih awal" || s.ID != "mid:20261123.7@desk.example" || !s.Created.Equal(time.Date(2026, 11, 23, 3, 5, 0, 0, time.UTC)) {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestFill(t *testing.T) {
	for _, tt := range []struct {
		name, subject, headline, rule, want string
	}{
		{"no headline", "Feri tiba", "", "", "Feri tiba"},
		{"made headline", "Feri tiba", "Satu jam", "inferred:first-sentence", "Feri tiba"},
		{"own headline", "berita", "Satu jam", "position:above-text", "Satu jam"},
		{"kill", "MANDATORY KILL: a0105", "Satu jam", "position:above-text", "MANDATORY KILL: a0105"},
		{"correction", "RALAT: Feri tiba", "Satu jam", "position:above-text", "RALAT: Feri tiba"},
		{"answered", "Re: Fwd: Feri tiba", "", "", "Feri tiba"},
		{"encoded", "=?iso-2022-jp?B?GyRCPzczYxsoQg==?= =?UTF-8?Q?=C3=A9t=C3=A9?=", "", "", "新潟été"},
		{"raw", "Caf\xe9 ouvert", "", "", "Café ouvert"},
	} {
		m, err := open("From: a@b.example\r\nSubject: " + tt.subject + "\r\n\r\nx")
		if err != nil {
			t.Fatal(err)
		}
		s := wire.Story{ID: "1", Headline: tt.headline}
		if tt.rule != "" {
			s.AddEvidence("headline", tt.rule, tt.headline)
		}
		m.Fill(&s, desk)
		if s.Headline != tt.want || s.ID != "1" {
			t.Errorf("%s: headline %q, id %q", tt.name, s.Headline, s.ID)
		}
	}
}

func TestDetect(t *testing.T) {
	for data, want := range map[string]bool{
		"From: a@b.example\nSubject: x\n\nText":                     true,
		"From: a@b.example\nDate: Mon\n folded\nX-Y: z\n\nText":     true,
		"From a@b.example Mon\nFrom: a@b.example\nTo: x\n\nText":    true,
		"Message-ID: <1@b>\nSubject: x":                             true,
		"By: Rina\nDate: 23 Nov\n\nText":                            false,
		"From: Tokyo\nSubject: Ferry\n\nText":                       false,
		"Sumber: Kyodo\nPenerjemah: Rina\n\nText":                   false,
		"Subject: Ferry\nDate: 23 November\nTo: editors\n\nText":    false,
		"From: a@b.example\nSubject: x\nA line of text\n\nMore":     false,
		"From: a@b.example\n\nSubject: x\nDate: y":                  false,
		" From: a@b.example\nSubject: x\n\n":                        false,
		"TOKYO (Kyodo) -- The ferry was early.\n\nFrom: a@b\nTo: b": false,
		"":     false,
		"From": false,
	} {
		if got := mail.Detect([]byte(data)); got != want {
			t.Errorf("%q: %t", data, got)
		}
	}
}

func TestRefuses(t *testing.T) {
	deep := "Content-Type: text/plain\r\n\r\nx"
	for i := range 12 {
		boundary := "inner" + strings.Repeat("x", i)
		deep = "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n" + deep + "\r\n--" + boundary + "--\r\n"
	}
	whole := mixed("mixed", "Content-Type: text/plain\r\n\r\n"+lines(story))
	for _, tt := range []struct {
		name, mail string
		code       wire.Code
	}{
		{"empty", header + "\r\n", wire.NoText},
		{"only a picture", mixed("mixed", "Content-Type: image/jpeg\r\n\r\nx"), wire.NoText},
		{"only a signature", header + "\r\n-- \r\nRina", wire.NoText},
		{"cut off", whole[:len(whole)-20], wire.NotWellFormed},
		{"cut off in base64", header + "Content-Transfer-Encoding: base64\r\n\r\n" + encoded(story)[:41], wire.NotWellFormed},
		{"strange encoding", header + "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin", wire.NotWellFormed},
		{"broken header", "From: a@b.example\r\nno colon\r\n\r\nx", wire.NotWellFormed},
		{"too deep", header + deep, wire.TooLarge},
		{"kill of one of two", strings.Replace(mixed("mixed", "Content-Type: text/xml\r\n\r\n<nitf/>", "Content-Type: text/xml\r\n\r\n<nitf/>"), "Feri tiba lebih awal", "MANDATORY KILL: Feri", 1), wire.NoIdentity},
		{"too many", mixed("mixed", make([]string, 200)...), wire.TooLarge},
	} {
		m, err := open(tt.mail)
		var r *wire.Refusal
		if !errors.As(err, &r) || r.Code != tt.code {
			t.Errorf("%s: %v, %+v", tt.name, err, m)
		}
	}
}

// FuzzOpen holds that any bytes end in parts or a refusal, the same each time, and that what goes into the record is UTF-8.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(header + "\r\n" + story))
	f.Add([]byte(mixed("alternative", "Content-Type: text/plain\r\n\r\n"+story, "Content-Type: text/html\r\n\r\n<p>x</p>")))
	f.Add([]byte(mixed("mixed", "Content-Type: message/rfc822\r\n\r\n"+header+"\r\nx")))
	f.Add([]byte(header + "Content-Type: text/plain; format=flowed\r\n\r\n" + lines("a \nb\n> c\n-- \nd")))
	f.Fuzz(func(t *testing.T, data []byte) {
		mail.Detect(data)
		m, err := open(string(data))
		again, err2 := open(string(data))
		if (m == nil) == (err == nil) || (err == nil) != (err2 == nil) {
			t.Fatalf("%+v and %v, %v", m, err, err2)
		}
		if r := (*wire.Refusal)(nil); err != nil {
			if !errors.As(err, &r) {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		var s, same wire.Story
		m.Fill(&s, desk)
		again.Fill(&same, desk)
		if diff := cmp.Diff(s, same); diff != "" || len(m.Parts) == 0 {
			t.Fatalf("%d parts, %s", len(m.Parts), diff)
		}
		for _, e := range append(s.Evidence, wire.Evidence{Text: s.Headline + s.ID}) {
			if !utf8.ValidString(e.Text) {
				t.Errorf("%q", e.Text)
			}
		}
		for _, p := range m.Parts {
			if len(p.Data) == 0 {
				t.Error("an empty part")
			}
		}
	})
}
