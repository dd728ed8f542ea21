package decode_test

import (
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// TestFlash: a headline alone is a story where it is said to be a flash, and a kill or a hold where it says so; else it is
// likelier that its text was lost.
func TestFlash(t *testing.T) {
	const soh, stx, etx, eot = "\x01", "\x02", "\x03", "\x04"
	ninjs := func(more string) string { return `{"uri":"urn:x:1","type":"text"` + more + `}` }
	g2 := func(meta, content, sets string) string {
		return `<newsItem guid="urn:x:1" version="1"><itemMeta><itemClass qcode="ninat:text"/>` + meta + `</itemMeta><contentMeta>` + content + `</contentMeta>` + sets + `</newsItem>`
	}
	newsml1 := func(urgency, headline, content string) string {
		return `<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>x.org</ProviderId><DateId>20261123</DateId><NewsItemId>1</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId></NewsIdentifier></Identification>` +
			`<NewsManagement><NewsItemType FormalName="News"/><Urgency FormalName="` + urgency + `"/></NewsManagement><NewsComponent><NewsLines><HeadLine>` + headline + `</HeadLine></NewsLines>` + content + `</NewsComponent></NewsItem></NewsML>`
	}
	nitf := func(urgency, headline string) string {
		return `<nitf><head><docdata><doc-id id-string="N-9"/><urgency ed-urg="` + urgency + `"/></docdata></head><body><body.head><hedline><hl1>` + headline + `</hl1></hedline></body.head><body.content/></body></nitf>`
	}
	rss := func(title string) string {
		return `<rss version="2.0"><channel><title>x</title><item><guid>1</guid><title>` + title + `</title></item></channel></rss>`
	}
	iptc := func(priority, headline string) string {
		return soh + "bdt0123 " + priority + " pl 12 dpa 0001\r\nSchifffahrt/\r\n" + stx + headline + " =\r\n\r\n" + etx + "231800 Nov 26" + eot
	}
	anpa := func(priority string) string {
		return soh + "a0105AP \x1f bulle- \r\n" + priority + " i bc-ferry   11-23 0004\r\n" + stx + "^Ferry sinks off Java<\r\n" + etx + "AP-NY-11-23-26 1800EST" + eot
	}
	const picture = `<ContentItem Href="http://x.org/1.jpg"><MediaType FormalName="Photo"/></ContentItem>`
	for _, tt := range []struct {
		name, data string
		status     wire.Status // "": refused
		text, said string
	}{
		{"ninjs 3 by its urgency", ninjs(`,"urgency":1,"headlines":[{"value":"Ferry sinks off Java"}]`), wire.Usable, "Ferry sinks off Java", "urgency 1"},
		{"ninjs 1 by its profile", ninjs(`,"profile":"alert","headline":"Ferry sinks off Java"`), wire.Usable, "Ferry sinks off Java", "alert"},
		{"ninjs by its genre", ninjs(`,"genre":[{"name":"Flash"}],"headline":"Ferry sinks & drifts <off> Java"`), wire.Usable, "Ferry sinks & drifts <off> Java", "Flash"},
		{"ninjs with an empty body", ninjs(`,"headline":"KILAT: Feri karam","body_text":" "`), wire.Usable, "KILAT: Feri karam", "KILAT"},
		{"ninjs that does not say so", ninjs(`,"urgency":4,"headline":"Ferry sinks off Java"`), "", "", ""},
		{"a picture", `{"uri":"urn:x:1","type":"picture","urgency":1,"headline":"FLASH: Ferry sinks"}`, "", "", ""},
		{"a body that cannot be read", ninjs(`,"urgency":1,"headline":"FLASH: Ferry sinks","body_xml":"<results><score>3</score></results>"`), "", "", ""},
		{"a later version without its text", ninjs(`,"urgency":1,"version":"2","headline":"Ferry sinks off Java"`), "", "", ""},
		{"a later flash", ninjs(`,"urgency":1,"version":"2","headline":"ALERT: Ferry sinks off Java"`), wire.Usable, "ALERT: Ferry sinks off Java", "ALERT"},
		{"a correction without its text", ninjs(`,"urgency":1,"headline":"CORRECTED-Ferry sinks off Java"`), "", "", ""},
		{"a kill", ninjs(`,"headline":"MANDATORY KILL: Ferry sinks off Java"`), wire.Canceled, "", ""},
		{"a hold", ninjs(`,"headline":"撤回：フェリー沈没"`), wire.Withheld, "", ""},
		{"news of a withdrawal", ninjs(`,"headline":"撤回を求める声"`), "", "", ""},
		{"a flash under embargo in words", ninjs(`,"urgency":1,"headline":"EMBARGOED UNTIL 0600 GMT: Ferry sinks"`), wire.Withheld, "", ""},
		{"a flash under embargo", ninjs(`,"urgency":1,"embargoedUntil":"2126-01-01T00:00:00Z","headline":"EMBARGOED UNTIL 0600 GMT: Ferry sinks"`), wire.Usable, "EMBARGOED UNTIL 0600 GMT: Ferry sinks", "urgency 1"},
		{"NewsML-G2 by its urgency", g2("", "<urgency>2</urgency><headline>Ferry sinks</headline>", ""), wire.Usable, "Ferry sinks", "urgency 2"},
		{"NewsML-G2 by its role", g2(`<role qcode="afprole:urgent"/>`, "<headline>Ferry sinks</headline>", ""), wire.Usable, "Ferry sinks", "urgent"},
		{"NewsML-G2 by its headline", g2("", "<headline>عاجل: غرق عبارة</headline>", "<contentSet><inlineXML><html><body/></html></inlineXML></contentSet>"), wire.Usable, "عاجل: غرق عبارة", "عاجل"},
		{"NewsML-G2 of a table", g2("", "<urgency>1</urgency><headline>Ferry sinks</headline>", "<contentSet><inlineXML><results><score>3</score></results></inlineXML></contentSet>"), "", "", ""},
		{"NewsML-G2 that does not say so", g2("", "<headline>Ferry sinks</headline>", ""), "", "", ""},
		{"NewsML 1 by its urgency", newsml1("1", "Ferry sinks", ""), wire.Usable, "Ferry sinks", "urgency 1"},
		{"NewsML 1 by its headline", newsml1("4", "URGENT - Un ferry coule", ""), wire.Usable, "URGENT - Un ferry coule", "URGENT"},
		{"NewsML 1 that does not say so", newsml1("4", "Ferry sinks", ""), "", "", ""},
		{"NewsML 1 of a picture", newsml1("1", "FLASH: Ferry sinks", picture), "", "", ""},
		{"NITF by its urgency", nitf("1", "Ferry sinks"), wire.Usable, "Ferry sinks", "urgency 1"},
		{"NITF by its headline", nitf("5", "МОЛНИЯ: Паром затонул"), wire.Usable, "МОЛНИЯ: Паром затонул", "МОЛНИЯ"},
		{"NITF that does not say so", nitf("5", "Flash floods hit the port"), "", "", ""},
		{"RSS by its title", rss("[속보] 여객선 침몰"), wire.Usable, "[속보] 여객선 침몰", "속보"},
		{"RSS that does not say so", rss("Ferry sinks"), "", "", ""},
		{"JSON Feed by its title", `{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","title":"快讯：渡轮沉没"}]}`, wire.Usable, "快讯：渡轮沉没", "快讯"},
		{"IPTC 7901 by its priority", iptc("1", "Fähre vor Rügen gesunken"), wire.Usable, "Fähre vor Rügen gesunken", "urgency 1"},
		{"IPTC 7901 that does not say so", iptc("4", "Fähre vor Rügen gesunken"), "", "", ""},
		{"ANPA by its priority", anpa("f"), wire.Usable, "Ferry sinks off Java", "urgency 1"},
		{"ANPA that does not say so", anpa("r"), "", "", ""},
	} {
		stories, refusals := decode.Decode(&wire.Copy{Data: []byte(tt.data), Profile: decode.Profile("dpa")})
		if tt.status == "" {
			if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NoText {
				t.Errorf("%s: %d stories, %v", tt.name, len(stories), refusals)
			}
			continue
		}
		if len(stories) != 1 || len(refusals) != 0 {
			t.Errorf("%s: %d stories, %v", tt.name, len(stories), refusals)
			continue
		}
		s, said := stories[0], ""
		for _, e := range s.Evidence {
			if e.Field == "body" && e.Rule == "inferred:flash" {
				said = e.Text
			}
		}
		if s.Status != tt.status || s.Body.Text != tt.text || said != tt.said || tt.text != "" && s.Headline != tt.text || strings.Contains(s.Body.HTML, "<off>") {
			t.Errorf("%s: %s, headline %q, text %q, by %q\n%+v", tt.name, s.Status, s.Headline, s.Body, said, s.Evidence)
		}
	}
}
