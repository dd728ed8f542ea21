package language_test

import (
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"kawat/internal/wire/language"
)

// texts are invented news: a sentence, and headlines or short sentences.
var texts = map[string][]string{
	"id": {"Feri dari Sado tiba satu jam lebih awal karena cuaca baik, kata pengelola pelabuhan pada Senin.", "Harga beras turun di beberapa daerah", "Pemerintah akan memperluas pelabuhan tahun depan agar kapal besar bisa bersandar di sana."},
	"ms": {"Feri dari Sado tiba sejam lebih awal kerana cuaca baik, kata pengurus pelabuhan pada hari Isnin.", "Harga beras turun di beberapa kawasan", "Kerajaan akan membesarkan pelabuhan itu tahun hadapan supaya kapal besar boleh berlabuh di situ."},
	"en": {"The ferry from Sado arrived an hour early because of good weather, the port said on Monday.", "Rice prices fall in several regions", "Harbour to be extended next year"},
	"es": {"El ferri de Sado llegó una hora antes por el buen tiempo, informó el puerto el lunes.", "Bajan los precios del arroz en varias regiones", "El puerto será ampliado el próximo año"},
	"pt": {"A balsa de Sado chegou uma hora antes por causa do bom tempo, informou o porto na segunda-feira.", "Preços do arroz caem em várias regiões", "O porto será ampliado no próximo ano"},
	"fr": {"Le bac de Sado est arrivé une heure plus tôt en raison du beau temps, a annoncé le port lundi.", "Les prix du riz baissent dans plusieurs régions", "Le port sera agrandi l'an prochain"},
	"de": {"Die Fähre aus Sado kam wegen des guten Wetters eine Stunde früher an, teilte der Hafen am Montag mit.", "Reispreise fallen in mehreren Regionen", "Hafen wird im nächsten Jahr ausgebaut"},
	"it": {"Il traghetto da Sado è arrivato un'ora prima per il bel tempo, ha annunciato il porto lunedì.", "Scendono i prezzi del riso in diverse regioni", "Il porto sarà ampliato il prossimo anno"},
	"nl": {"De veerboot uit Sado kwam door het goede weer een uur eerder aan, meldde de haven maandag.", "Rijstprijzen dalen in verschillende regio's", "Haven wordt volgend jaar uitgebreid"},
	"sv": {"Färjan från Sado kom en timme tidigare på grund av det goda vädret, meddelade hamnen på måndagen.", "Rispriserna faller i flera regioner", "Hamnen byggs ut nästa år"},
	"fi": {"Sadon lautta saapui hyvän sään vuoksi tuntia aikaisemmin, satama kertoi maanantaina.", "Riisin hinta laskee useilla alueilla", "Satamaa laajennetaan ensi vuonna"},
	"pl": {"Prom z Sado przypłynął godzinę wcześniej dzięki dobrej pogodzie, poinformował port w poniedziałek.", "Ceny ryżu spadają w kilku regionach", "Port zostanie rozbudowany w przyszłym roku"},
	"tr": {"Sado'dan gelen feribot iyi hava nedeniyle bir saat erken vardı, liman yönetimi pazartesi günü açıkladı.", "Pirinç fiyatları birçok bölgede düştü", "Liman gelecek yıl genişletilecek"},
	"vi": {"Phà từ Sado đến sớm một giờ nhờ thời tiết tốt, cảng cho biết hôm thứ Hai.", "Giá gạo giảm ở nhiều vùng", "Cảng sẽ được mở rộng vào năm tới"},
	"tl": {"Dumating nang isang oras na mas maaga ang ferry mula sa Sado dahil sa magandang panahon, ayon sa pantalan.", "Bumaba ang presyo ng bigas sa ilang rehiyon", "Palalawakin ang pantalan sa susunod na taon"},
	"ru": {"Паром из Садо прибыл на час раньше благодаря хорошей погоде, сообщили в порту в понедельник.", "Цены на рис падают", "Порт расширят в следующем году"},
	"uk": {"Пором із Садо прибув на годину раніше завдяки гарній погоді, повідомили в порту в понеділок.", "Ціни на рис падають", "Порт розширять наступного року"},
	"ar": {"وصلت العبارة من سادو قبل موعدها بساعة بسبب الطقس الجيد", "انخفاض أسعار الأرز", "توسيع الميناء العام المقبل"},
	"fa": {"کشتی سادو به دلیل هوای خوب یک ساعت زودتر رسید", "کاهش قیمت برنج در چند منطقه", "بندر سال آینده گسترش مییابد"},
	"ja": {"佐渡からのフェリーは好天のため一時間早く到着した。", "米価格が下落", "港を来年拡張へ"},
	"zh": {"来自佐渡的渡轮因天气良好提前一小时抵达。", "多地大米价格下跌", "港口明年扩建"},
	"ko": {"사도에서 온 여객선이 좋은 날씨로 한 시간 일찍 도착했다.", "여러 지역에서 쌀값 하락", "내년에 항구 확장"},
}

// TestDetect holds that the language of a few sentences is found, and that of most single lines; of the others nothing is
// said rather than something wrong.
func TestDetect(t *testing.T) {
	right, wrong, lines := 0, 0, 0
	for want, list := range texts {
		for _, line := range list {
			lines++
			switch got, _ := language.Detect(line); got {
			case want:
				right++
			case "":
			default:
				wrong++
				t.Logf("%s is taken for %q: %s", want, got, line)
			}
		}
		if got, _ := language.Detect(strings.Join(list, ". ")); got != want {
			t.Errorf("%s is taken for %q", want, got)
		}
	}
	if right < lines*8/10 || wrong > lines/20 {
		t.Errorf("of %d lines %d are right and %d wrong", lines, right, wrong)
	}
	for _, text := range []string{"", "1234 – 5678", "!!!", "ᚠᚢᚦ"} {
		if got, sure := language.Detect(text); got != "" || sure {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
}

// TestDetectOthers is the same with news of other matters, of a story's length.
func TestDetectOthers(t *testing.T) {
	for want, text := range map[string]string{
		"id": "Menteri kesehatan mengatakan bahwa rumah sakit baru itu akan dibuka pada bulan Maret. Pembangunannya sempat tertunda karena kekurangan dana, tetapi kini sudah hampir selesai.",
		"ms": "Menteri kesihatan berkata hospital baharu itu akan dibuka pada bulan Mac. Pembinaannya tertangguh kerana kekurangan dana, tetapi kini hampir siap, katanya kepada pemberita.",
		"en": "The health minister said the new hospital would open in March. Building work had been delayed because of a lack of money, but it is now almost finished, he told reporters.",
		"es": "La ministra de Sanidad dijo que el nuevo hospital abrirá en marzo. Las obras se retrasaron por falta de fondos, pero ya están casi terminadas, añadió ante la prensa.",
		"pt": "A ministra da Saúde disse que o novo hospital abrirá em março. As obras atrasaram por falta de dinheiro, mas já estão quase prontas, afirmou aos jornalistas.",
		"fr": "La ministre de la Santé a déclaré que le nouvel hôpital ouvrira en mars. Les travaux avaient pris du retard faute d'argent, mais ils sont presque terminés, a-t-elle dit.",
		"de": "Die Gesundheitsministerin sagte, das neue Krankenhaus werde im März eröffnet. Die Arbeiten hätten sich aus Geldmangel verzögert, seien aber fast beendet.",
		"it": "La ministra della Salute ha detto che il nuovo ospedale aprirà a marzo. I lavori erano in ritardo per mancanza di fondi, ma sono quasi finiti, ha aggiunto.",
		"nl": "De minister van Volksgezondheid zei dat het nieuwe ziekenhuis in maart opengaat. De bouw liep vertraging op door geldgebrek, maar is nu bijna klaar.",
		"sv": "Hälsoministern sade att det nya sjukhuset ska öppna i mars. Bygget försenades av brist på pengar men är nu nästan klart, enligt ministern.",
		"no": "Helseministeren sa at det nye sykehuset skal åpne i mars. Arbeidet ble forsinket på grunn av pengemangel, men er nå nesten ferdig.",
		"fi": "Terveysministeri sanoi, että uusi sairaala avataan maaliskuussa. Työt viivästyivät rahapulan vuoksi, mutta ne ovat nyt melkein valmiit.",
		"pl": "Minister zdrowia powiedziała, że nowy szpital zostanie otwarty w marcu. Prace opóźniły się z powodu braku pieniędzy, ale są już prawie zakończone.",
		"cs": "Ministryně zdravotnictví řekla, že nová nemocnice se otevře v březnu. Stavba se zpozdila kvůli nedostatku peněz, ale už je téměř hotová.",
		"hu": "Az egészségügyi miniszter azt mondta, hogy az új kórház márciusban nyílik meg. A munkák pénzhiány miatt késtek, de már majdnem befejeződtek.",
		"ro": "Ministrul Sănătății a spus că noul spital se va deschide în martie. Lucrările au întârziat din lipsă de bani, dar sunt aproape gata.",
		"tr": "Sağlık bakanı yeni hastanenin mart ayında açılacağını söyledi. Çalışmalar para yetersizliği yüzünden gecikti ancak artık bitmek üzere olduğu bildirildi.",
		"vi": "Bộ trưởng y tế cho biết bệnh viện mới sẽ mở cửa vào tháng Ba. Việc xây dựng bị chậm vì thiếu tiền, nhưng nay đã gần xong.",
		"tl": "Sinabi ng ministro ng kalusugan na magbubukas ang bagong ospital sa Marso. Naantala ang gawain dahil sa kakulangan ng pera, pero halos tapos na ito ngayon.",
	} {
		if got, _ := language.Detect(text); got != want {
			t.Errorf("%s is taken for %q", want, got)
		}
		if other, _, clash := language.Clash(want, text); clash {
			t.Errorf("%s clashes with %s", want, other)
		}
	}
}

func TestClash(t *testing.T) {
	story := func(l string) string { return strings.Repeat(strings.Join(texts[l], ". ")+". ", 2) }
	for l := range texts {
		for _, said := range []string{l, l + "-XX"} {
			if other, sample, clash := language.Clash(said, story(l)); clash {
				t.Errorf("%s said of %s clashes with %s (%s)", said, l, other, sample)
			}
		}
	}
	for _, tt := range []struct {
		said, is string
		want     string
	}{
		{"id", "en", "en"}, {"en", "id", "id"}, {"ja", "zh", "zh"}, {"zh-Hant", "zh", ""}, {"zh", "ja", "ja"}, {"ru", "uk", "uk"}, {"ar", "fa", "fa"},
		{"es", "pt", "pt"}, {"pt", "es", "es"}, {"de", "fr", "fr"}, {"ko", "en", "en"}, {"fr", "vi", "vi"},
		{"id", "ms", ""}, {"ms", "id", ""}, {"nb", "sv", ""}, {"in", "id", ""}, {"fil", "tl", ""}, {"iw", "en", ""}, {"jv", "id", ""}, {"und", "id", ""}, {"", "id", ""},
	} {
		other, sample, clash := language.Clash(tt.said, story(tt.is))
		if clash != (tt.want != "") || other != tt.want || clash && sample == "" {
			t.Errorf("%s said of %s: %q (%s), want %q", tt.said, tt.is, other, sample, tt.want)
		}
	}
	// A line is too little to contradict anybody.
	if other, _, clash := language.Clash("id", "Rice prices fall"); clash {
		t.Errorf("a line clashes: %s", other)
	}
}

// TestMemory holds that a hostile text costs no memory to speak of.
func TestMemory(t *testing.T) {
	text := strings.Repeat("qwertyuiop asdfghjkl ", 200_000)
	language.Detect(text)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	language.Detect(text)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("%d bytes", used)
	}
}

func FuzzDetect(f *testing.F) {
	for _, list := range texts {
		f.Add(list[0], "id")
	}
	f.Fuzz(func(t *testing.T, text, said string) {
		tag, sure := language.Detect(text)
		if again, sure2 := language.Detect(text); again != tag || sure2 != sure {
			t.Fatalf("%s and %s", tag, again)
		}
		if sure && tag == "" {
			t.Error("sure of nothing")
		}
		if other, sample, clash := language.Clash(said, text); clash && (other == "" || utf8.ValidString(text) && !utf8.ValidString(sample)) {
			t.Errorf("%q, %q", other, sample)
		}
	})
}

func BenchmarkClash(b *testing.B) {
	for _, l := range []string{"id", "en", "ja", "zh", "ru"} {
		text := strings.Repeat(strings.Join(texts[l], ". ")+". ", 20)
		b.Run(l, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				language.Clash(l, text)
			}
		})
	}
}

func BenchmarkDetect(b *testing.B) {
	for _, l := range []string{"id", "nl", "ja"} {
		text := strings.Repeat(strings.Join(texts[l], ". ")+". ", 20)
		b.Run(l, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				language.Detect(text)
			}
		})
	}
}
