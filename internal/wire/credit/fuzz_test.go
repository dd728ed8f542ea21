package credit

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// FuzzExtract: of valid text nothing but valid text is made, each value has its evidence in the text, the same text
// gives the same, and a credit that was taken is not left among the paragraphs.
func FuzzExtract(f *testing.F) {
	for _, s := range []string{
		"Tokyo (ANTARA) - Feri tiba.\n\nPewarta: A Editor: B Copyright © ANTARA 2026",
		"SAITAMA, Japan, Dec. 9 Kyodo - A.\n==Kyodo", "By Ayu Tan\n\n(Reporting by A; Editing by B)",
		"Baca juga:\nSatu\nDua", "(c) 2026 Kyodo. All rights reserved", "【東京共同】共同通信", "SavitriEditor: Agus Salim", "©©(c)Copyright:",
		"Valparaíso (Chile), 21 ene (EFE).- A.\n\n(Reporte de A y B; Editado en español por C)\n\nEFE\nabc/def",
		"(Berichtigung: X)\n\nBerlin (dpa) - A.\n\n# Notizblock\n- Redaktion: B, 030\n\ndpa kre/su yysw a3", "Berne (ats) A\n\nNote aux rédactions : B\nC",
		"МОСКВА, 5 фев — РИА Новости. А.\n\nПеревод: А и Б\n(c) ИТАР-ТАСС", "Eds: Please kill a0105\n\nMANDATORY KILL\n\nUPDATE 2-A",
		"EMBARGOED UNTIL 0600\n\nSPERRFRIST: 5\n\nOslo (NTB): A", "Wartawan: A a/l B\n-- BERNAMA", "Lisboa, 05 fev 2026 (Lusa) – A.\nAYL // JH\nLusa/Fim",
		"X. Sumber: Xinhua-OANA\n\nlapor Tass, kata AP", "Penerjemah/Editor: -",
		"【ワシントン共同＝山田太郎】灯台は。（完）（記者 佐藤花子）\n\n訳・編集：高橋さくら・鈴木一郎\n【関連記事】\n・港\n\n© 2026 共同通信社 無断転載、AIの学習を禁じます",
		"新华社北京2月5日电（记者张 三 李四 通讯员 王五）渡轮。据日本共同社报道。\n\n【编辑:王五】\n未经授权，不得转载。",
		"（中央社記者王大明、陳小華奈良5日電）渡輪。（編輯：陳小華）1150205",
		"(도쿄 교도=연합뉴스) 홍길동·김철수 기자 = 타스통신은 배가 떠났다고 보도했다.\n\nhong@yna.co.kr\n<저작권자(c) 연합뉴스, AI 학습 금지>\n2026/02/05 10:00 송고",
		"Hà Nội (TTXVN 5/2) – Phà.\n\nBiên dịch: Trần Thị Bình và Lê Văn Cường\n(Theo Kyodo)",
		"กรุงเทพฯ 5 ก.พ. (ซินหัว) - เรือ\n\nแปลโดย สมชาย ใจดีและมานี มีนา\nห้ามคัดลอกโดยไม่ได้รับอนุญาต",
		"\u200fرام الله ٥-٢-٢٠٢٦ وفا- قالت رويترز إن.\n\nتـرجـمة: أحمد علي ومحمد حسن\n(إعداد منى - تحرير علي)\n© ٢٠٢٦ وفا",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		paragraphs := strings.Split(text, "\n\n")
		profile := &wire.Profile{Agency: "ANTARA"}
		language, _, _ := GuessLanguage(text)
		a, b := &wire.Story{Language: language}, &wire.Story{Language: language}
		rest := Extract(a, paragraphs, profile)
		again := Extract(b, paragraphs, profile)
		if !cmp.Equal(a, b) || !cmp.Equal(rest, again) {
			t.Fatal("the same text gave another record")
		}
		line, err := a.Marshal()
		if err != nil || !utf8.Valid(line) {
			t.Fatalf("the record is not valid: %v", err)
		}
		if n := len(a.Attribution.Credits); n > 0 && len(a.Evidence) < n {
			t.Fatalf("%d credits with %d evidence", n, len(a.Evidence))
		}
		for _, e := range a.Evidence {
			if strings.HasPrefix(e.Rule, "dateline:") || strings.HasPrefix(e.Rule, "label:") || strings.HasPrefix(e.Rule, "cited:") {
				if !strings.Contains(spaced(text), spaced(e.Text)) {
					t.Fatalf("evidence %+v is not in the text", e)
				}
			}
		}
		for i, p := range rest {
			if !utf8.ValidString(p) || strings.TrimSpace(p) == "" {
				t.Fatalf("paragraph %q", p)
			}
			if i == len(rest)-1 && strings.HasPrefix(p, "Editor: Agus Salim") {
				t.Fatalf("a credit was left in the text: %q", p)
			}
		}
	})
}

// FuzzLifecycle: what is announced stands in the copy, with a kind, a language and a place; a target is named once; the
// same copy announces the same, and what is put into a story is put once.
func FuzzLifecycle(f *testing.F) {
	f.Add("MANDATORY KILL a0105", "BC-Ferry, 2nd Ld,a0105", "Please kill urn:x-y:1.", "(Corrects A)\nB")
	f.Add("UPDATE 2-Ferry", "BC-", "", "EMBARGOED UNTIL 5")
	f.Add("【撤回】A", ", KILL", "Eds", "[정정]")
	f.Fuzz(func(t *testing.T, headline, slugline, note, text string) {
		a := Lifecycle(headline, slugline, note, text)
		if a != Lifecycle(headline, slugline, note, text) {
			t.Fatal("the same copy announced something else")
		}
		if (a.Kind == "") != (a.Words == "") || a.Words != "" && !strings.Contains(headline+"\n"+slugline+"\n"+note+"\n"+text, a.Words) {
			t.Fatalf("%+v is not in the copy", a)
		}
		if a.Kind != "" && len(strings.Split(a.Rule, ":")) != 3 || a.Kind == please {
			t.Fatalf("rule %q", a.Rule)
		}
		var s wire.Story
		a.Put(&s)
		n := len(s.Evidence)
		a.Put(&s)
		if len(s.Evidence) != n || s.Signal == wire.Kill != (a.Kind == Kill) || s.Status == wire.Canceled != (a.Kind == Kill) {
			t.Fatalf("%+v became %+v", a, s)
		}
	})
}

// FuzzShortcuts: what looks at many bytes at once, or in a table of its own, finds what looking at each finds.
func FuzzShortcuts(f *testing.F) {
	f.Add("Kata juru bicara (ANTARA), menurut Reuters/AFP dan dpa-AFX; 5AP XAP AP", "UPDATE ")
	f.Add("共同通信によるとTASSが ロイター通信AP通信 – 한국 ÉÀ", "2ème lead")
	f.Add(strings.Repeat("yang the l'AFP it's ", 9)+"\x80\xffAP\xe5", "Ｕpdate  ")
	f.Fuzz(func(t *testing.T, text, line string) {
		d := words()
		for from := 0; from <= len(text); from = max(from+1, from*5/4) {
			want := len(text)
			for i := from; i < len(text); i++ {
				if d.mayStartAgency(text, i) && d.startsWord(text, i) {
					want = i
					break
				}
			}
			if got := d.nextAgency(text, from); got != want {
				t.Fatalf("an agency from %d on: at %d, not %d", from, got, want)
			}
		}
		if want := strings.IndexFunc(text+"é", func(r rune) bool { return r >= utf8.RuneSelf }); ascii(text) != want {
			t.Errorf("%d bytes are ASCII, not %d", ascii(text), want)
		}
		if want := strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Hangul) && r >= 0x1100 }); endsInVerbs(text) != want {
			t.Errorf("verb comes last: not %v", want)
		}
		for i := 0; i < len(text); {
			start, end := nextWord(text, i)
			if start == end {
				break
			}
			if got, want := d.stopword(text, start, end), folded(d.stopwords, text[start:end]); got != want {
				t.Errorf("%q is frequent in %b, not %b", text[start:end], got, want)
			}
			i = end
		}
		n, _ := d.signals.longest(line)
		for i := range line[:n] {
			if !d.signals.leads(line[:i]) {
				t.Errorf("%q leads to no term", line[:i])
			}
		}
	})
}

// spaced is text with its lines joined: a credit may run over a line's end.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
