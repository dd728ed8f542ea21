package original

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"kawat/internal/wire"
)

// bundle is a report and a translation of it.
type bundle struct {
	Name                  string
	Translation, Original report
}

type report struct{ Language, Place, Headline, Text string }

func bundles(t testing.TB) []bundle {
	t.Helper()
	text, err := os.ReadFile("testdata/bundles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []bundle
	if err := yaml.UnmarshalWithOptions(text, &all, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return all
}

// noon is when the day's first stories were recorded.
var noon = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)

func (r report) record(provider, id string, at time.Time) wire.Record {
	s := &wire.Story{
		ID: id, Provider: provider, Version: 1, Status: wire.Usable, Language: r.Language, Headline: r.Headline,
		Dateline:    wire.Dateline{Place: r.Place},
		Body:        wire.Body{Text: strings.TrimSpace(r.Text)},
		Attribution: wire.Attribution{Sources: []wire.Source{{Name: "Kyodo", Role: wire.Origin}}},
	}
	return wire.Record{Story: s, Sequence: uint64(len(id)), Recorded: at}
}

func (b bundle) translation() wire.Record {
	r := b.Translation.record("antara", "translation", noon.Add(3*time.Hour))
	r.Translation = &wire.Translation{From: "und", To: r.Language}
	r.Dateline.Agency = "ANTARA"
	return r
}

func (b bundle) original() wire.Record {
	return b.Original.record("kyodo", "original", noon.Add(2*time.Hour))
}

// others are n other stories that the agency filed on the same day in the same language: many about the same countries
// and places, with numbers of the same kinds, some of them longer.
func others(language string, n int, seed uint64) []wire.Record {
	random := rand.New(rand.NewPCG(seed, 7))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	shape := shapes[language]
	var all []wire.Record
	for i := range n {
		var text strings.Builder
		for range 3 + random.IntN(5) {
			sentence := pick(shape.sentences)
			for _, slot := range []struct {
				name string
				fill func() string
			}{
				{"{person}", func() string { return pick(shape.people) }},
				{"{city}", func() string { return pick(shape.cities) }},
				{"{country}", func() string { return pick(shape.countries) }},
				{"{body}", func() string { return pick(shape.bodies) }},
				{"{n}", func() string { return fmt.Sprint(2 + random.IntN(98)) }},
				{"{m}", func() string { return fmt.Sprint(100 + random.IntN(900)) }},
				{"{big}", func() string { return shape.big(1 + random.IntN(60)) }},
				{"{d}", func() string { return fmt.Sprintf("%d.%d", random.IntN(9), 1+random.IntN(9)) }},
				{"{year}", func() string { return fmt.Sprint(1995 + random.IntN(36)) }},
			} {
				for strings.Contains(sentence, slot.name) {
					sentence = strings.Replace(sentence, slot.name, slot.fill(), 1)
				}
			}
			text.WriteString(sentence + "\n\n")
		}
		r := report{Language: language, Place: pick(shape.cities), Headline: fmt.Sprintf("%s %d", pick(shape.bodies), i), Text: text.String()}
		all = append(all, r.record("kyodo", fmt.Sprintf("other-%03d", i), noon.Add(time.Duration(random.IntN(170))*time.Minute)))
	}
	return all
}

type shape struct {
	sentences, people, cities, countries, bodies []string
	big                                          func(thousands int) string
}

var shapes = map[string]shape{
	"en": {
		sentences: []string{
			"The government of {country} said on Monday that {n} people were hurt when a bus overturned near {city}, {m} kilometers from the capital.",
			"{body} reported a net profit of {d} billion yen for the six months through September, up {d} percent from a year earlier.",
			"Prime Minister {person} told reporters in {city} that talks with {country} will go on, Kyodo has learned.",
			"The yen traded at 14{n}.{n} to the U.S. dollar, while the Nikkei index lost {m} points, or {d} percent.",
			"A magnitude {d} quake struck off {country} at a depth of {n} kilometers, {body} said. At least {n} were injured.",
			"{person} won the final {n}-{n} in front of {big} spectators in {city}.",
			"According to {body}, {big} tons of rice were shipped to {country} in {year}, {n} percent more than in the year before.",
			"\"We cannot wait until {year},\" said {person}, who leads {body} in {country}.",
			"The Bank of Japan left its rate at {d} percent. Core inflation was {d} percent in October.",
			"Brent crude rose ${d}, or {d}%, to $7{n}.{n} a barrel. Analysts at HSBC pointed to OPEC.",
			"The Aichi plant made {big} cars in {year}; the United States took {n} percent of them.",
			"The World Health Organization counted {m} cases and {n} deaths in {country} within {n} days.",
		},
		people:    []string{"Kenji Aramaki", "Olena Hrynko", "Tariq Belmont", "Mei Kurosawa", "Jovan Petric", "Haruka Minase", "Paul Whitcombe", "Nguyen Duc An", "Ayaka Tanabe", "Sergei Volkonin"},
		cities:    []string{"TOKYO", "Osaka", "SEOUL", "Manila", "London", "Geneva", "Sapporo", "Beijing", "Nagoya", "Jakarta"},
		countries: []string{"Japan", "the Philippines", "China", "South Korea", "the United States", "Russia", "Norway", "Mozambique", "Taiwan", "Australia", "Indonesia"},
		bodies:    []string{"the Japan Meteorological Agency", "Hinode Holdings", "the Finance Ministry", "Phivolcs", "Umikaze Corp.", "the Red Cross", "Otaru Museum", "NHK"},
		big:       func(n int) string { return fmt.Sprintf("%d,%d50", n, n%10) },
	},
	"ja": {
		sentences: []string{
			"{country}政府は２３日、{city}近郊でバスが横転し{n}人がけがをしたと発表した。首都から{m}キロの地点という。",
			"{body}の９月中間連結決算は、純利益が前年同期比{d}％増の{n}億円だった。",
			"{person}首相は{city}で記者団に、{country}との協議を続けると述べた。",
			"円相場は１ドル＝１４{n}円台。日経平均株価は{m}円安となった。",
			"{city}で震度{n}を観測した。震源の深さは{n}キロ、マグニチュード（Ｍ）{d}。停電は{m}世帯。",
			"{big}人が集まった決勝は{n}対{n}で{person}が優勝した。",
			"{body}によると、{year}年の輸出は{big}トンで、{country}向けが{n}％を占めた。",
			"愛知県の工場で{n}人を配置転換し、{year}年までに{n}億円を投じる。",
			"新幹線は{n}本が最大{n}分遅れ、{big}人に影響した。",
		},
		people:    []string{"荒巻", "黒沢", "水野", "田辺", "三瀬"},
		cities:    []string{"東京", "大阪", "名古屋", "仙台", "札幌", "石巻市", "ソウル"},
		countries: []string{"日本", "中国", "韓国", "米国", "ロシア", "スイス", "フィリピン"},
		bodies:    []string{"気象庁", "財務省", "日の出ホールディングス", "ＮＨＫ", "東北電力"},
		big:       func(n int) string { return fmt.Sprintf("%d万%d000", n, 1+n%9) },
	},
	"zh": {
		sentences: []string{
			"{country}政府23日宣布，{city}附近一辆客车侧翻，{n}人受伤，事发地距首都{m}公里。",
			"{body}公布，今年前三季度净利润同比增长{d}%，达到{n}亿元。",
			"{person}在{city}对记者表示，将继续与{country}磋商。",
			"该线路共有隧道{n}座，总投资{m}亿元，设计时速{m}公里，{year}年通车。",
			"{city}发生{d}级地震，震源深度{n}公里，{n}人受伤，{big}人转移。",
			"{body}介绍，去年接待游客{big}人次，{country}游客占{n}%。",
			"基地目前有大熊猫{m}只，其中{n}只出生于{year}年。",
			"决赛以{n}比{n}结束，现场观众{big}人。",
		},
		people:    []string{"王建国", "李晓梅", "张卫东"},
		cities:    []string{"北京", "昆明", "成都", "上海", "重庆", "武汉"},
		countries: []string{"中国", "缅甸", "日本", "印度尼西亚", "美国", "俄罗斯"},
		bodies:    []string{"铁路部门", "国家统计局", "繁育研究基地", "CCTV", "南方公司"},
		big:       func(n int) string { return fmt.Sprintf("%d.%d万", n, 1+n%9) },
	},
}
