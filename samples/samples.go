// Package samples holds stories that were written for kawat, in the shapes in which agencies send copy. Their news is
// invented.
package samples

import "embed"

//go:embed *.txt *.xml *.anpa *.iptc *.json *.eml
var files embed.FS

// Sample is one message as a desk or a partner would push it.
type Sample struct {
	Name     string
	Provider string
	Header   map[string]string
	About    string
	Data     []byte
}

// All gives the samples in the order in which they would come.
func All() []Sample {
	all := []Sample{
		{Name: "kyodo-original.newsml.xml", Provider: "kyodo", About: "the original, in NewsML 1.0"},
		{Name: "kyodo-original.anpa", Provider: "kyodo", About: "the same by the ANPA wire"},
		{Name: "kyodo-japanese.newsml.xml", Provider: "kyodo", About: "a story in Japanese"},
		{Name: "antara-translation.txt", Provider: "antara", About: "the original, translated at ANTARA"},
		{Name: "antara-no-headline.txt", Provider: "antara", About: "copy without a headline line"},
		{Name: "unreadable.xml", Provider: "kyodo", About: "cut off in the middle: it goes to quarantine"},
		{Name: "antara-english.txt", Provider: "antara", About: "a story in English"},
		{Name: "xinhua-chinese.txt", Provider: "xinhua", About: "a story in Chinese, which quotes two agencies"},
		{Name: "yonhap-korean.txt", Provider: "yonhap", About: "a story in Korean, with an address that is not for publication"},
		{Name: "afp-arabic.txt", Provider: "afp", About: "a translation into Arabic"},
		{Name: "dpa-german.iptc", Provider: "dpa", About: "a story in German, in IPTC 7901, with a notepad that is not for publication"},
		{Name: "afp-french.newsml.xml", Provider: "afp", About: "a translation into French, in NewsML-G2"},
		{Name: "ap-english.anpa", Provider: "ap", About: "a first take by AP's ANPA wire"},
		{Name: "efe-spanish.json", Provider: "efe", About: "a story in Spanish with a picture, in ninjs 3.1"},
		{Name: "lusa-portuguese.txt", Provider: "lusa", About: "a story in Portuguese"},
		{Name: "tass-russian.nitf.xml", Provider: "tass", About: "a story in Russian, in NITF"},
		{Name: "bernama-malay.rss.xml", Provider: "bernama", About: "two stories in Malay, in RSS; one is a translation"},
		{Name: "thai-nnt.txt", Provider: "nnt", About: "a story in Thai, from a provider that nobody has described"},
		{Name: "vietnamese-desk.eml", Provider: "ttxvn", About: "a story in Vietnamese, sent as a mail"},
	}
	for i := range all {
		data, err := files.ReadFile(all[i].Name)
		if err != nil {
			panic(err) // a sample that is listed and not there cannot be built
		}
		all[i].Data = data
	}
	return all
}
