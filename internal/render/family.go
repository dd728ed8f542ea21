package render

import (
	"strings"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// Alternate is the same story in another language, at this gateway.
type Alternate struct{ Address, Language, ID string }

// Alternates are an entry's original and its translations: of each language the first.
func Alternates(site Site, e *feed.Entry) []Alternate {
	var all []Alternate
	seen := map[string]bool{languageTag(e.Language): true}
	add := func(k wire.Key, language string) {
		if language = languageTag(language); !seen[language] {
			seen[language] = true
			all = append(all, Alternate{site.Story(k), language, scrub(k.URI())})
		}
	}
	if k, ok := OriginalOf(e); ok {
		add(k, e.Translation.From)
	}
	for _, t := range e.Translations {
		add(t.Key(), t.Language)
	}
	return all
}

// OriginalOf names the story that an entry translates, if this gateway has it and it may be used.
func OriginalOf(e *feed.Entry) (wire.Key, bool) {
	t := e.Translation
	if t == nil || t.Of == "" || t.Provider == "" || t.Original != nil && t.Original.Status != wire.Usable {
		return wire.Key{}, false
	}
	return wire.Key{Provider: t.Provider, ID: t.Of}, true
}

// NoteOf is the editor's note with what readers have to know of the story's original.
func NoteOf(e *feed.Entry) string {
	note := scrub(e.Note)
	if !e.Waits() || e.Translation.Original.Effect != wire.Usable {
		return note
	}
	language, _, _ := strings.Cut(strings.ToLower(e.Language), "-")
	words, ok := fates[language]
	if !ok {
		words = fates["en"]
	}
	said := words[0]
	if e.Translation.Original.Status != wire.Usable {
		said = words[1]
	}
	if note == "" {
		return said
	}
	return said + " " + note
}

// fates say, by language, that the original of a translation was corrected, and that it was withdrawn.
var fates = map[string][2]string{
	"ar": {"صُحِّح الخبر الأصلي بعد إعداد هذه الترجمة.", "سُحب الخبر الأصلي بعد إعداد هذه الترجمة."},
	"de": {"Die Originalmeldung wurde nach dieser Übersetzung berichtigt.", "Die Originalmeldung wurde nach dieser Übersetzung zurückgezogen."},
	"en": {"The original was corrected after this translation was made.", "The original was withdrawn after this translation was made."},
	"es": {"La nota original fue corregida después de esta traducción.", "La nota original fue retirada después de esta traducción."},
	"fr": {"La dépêche originale a été corrigée après cette traduction.", "La dépêche originale a été retirée après cette traduction."},
	"id": {"Berita aslinya telah diralat setelah terjemahan ini dibuat.", "Berita aslinya telah ditarik setelah terjemahan ini dibuat."},
	"it": {"La notizia originale è stata corretta dopo questa traduzione.", "La notizia originale è stata ritirata dopo questa traduzione."},
	"ja": {"原文の記事は、この翻訳の後に訂正されました。", "原文の記事は、この翻訳の後に取り消されました。"},
	"ko": {"이 번역 이후 원문 기사가 정정되었습니다.", "이 번역 이후 원문 기사가 취소되었습니다."},
	"ms": {"Berita asalnya telah dibetulkan selepas terjemahan ini dibuat.", "Berita asalnya telah ditarik balik selepas terjemahan ini dibuat."},
	"pt": {"A notícia original foi corrigida depois desta tradução.", "A notícia original foi retirada depois desta tradução."},
	"ru": {"После этого перевода в исходное сообщение внесена поправка.", "После этого перевода исходное сообщение было отозвано."},
	"th": {"ข่าวต้นฉบับได้รับการแก้ไขหลังจากการแปลนี้", "ข่าวต้นฉบับถูกถอนหลังจากการแปลนี้"},
	"vi": {"Bản tin gốc đã được đính chính sau bản dịch này.", "Bản tin gốc đã bị rút lại sau bản dịch này."},
	"zh": {"原稿在本译文之后已作更正。", "原稿在本译文之后已被撤销。"},
}
