package credit

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

func TestLifecycle(t *testing.T) {
	type copied struct{ headline, slugline, note, text string }
	tests := []struct {
		in   copied
		want Announcement
	}{
		// Kills in the wire's own shapes.
		{copied{headline: "MANDATORY KILL"}, Announcement{Kill, "MANDATORY KILL", "headline:kill:en", ""}},
		{copied{headline: "BULLETIN KILL BC-Ferry-Accident, a0105"}, Announcement{Kill, "BULLETIN KILL", "headline:kill:en", "a0105"}},
		{copied{headline: "MANDATORY KILL FERRY-ACCIDENT"}, Announcement{Kill, "MANDATORY KILL", "headline:kill:en", ""}},
		{copied{headline: "KILL: Ferry sinks", text: "Please kill V0123."}, Announcement{Kill, "KILL", "headline:kill:en", "V0123"}},
		{copied{headline: "KILL"}, Announcement{Kill, "KILL", "headline:kill:en", ""}},
		{copied{slugline: "BC-Ferry, KILL,a0105"}, Announcement{Kill, "KILL", "slugline:kill:en", "a0105"}},
		{copied{slugline: "BC-BULLETIN KILL-Ferry"}, Announcement{Kill, "BULLETIN KILL", "slugline:kill:en", ""}},
		{copied{headline: "Ferry", text: "(WITHDRAWN)\n\nA ferry sank."}, Announcement{Kill, "WITHDRAWN", "body:kill:en", ""}},
		{copied{note: "Please kill the ferry story, urn:newsml:example.org:20261123:ferry:2."}, Announcement{Kill, "Please kill", "note:kill:en", "urn:newsml:example.org:20261123:ferry:2"}},
		{copied{note: "Please kill a0105 and a0106."}, Announcement{Kill, "Please kill", "note:kill:en", ""}}, // which?
		{copied{headline: "PENCABUTAN BERITA: Feri"}, Announcement{Kill, "PENCABUTAN BERITA", "headline:kill:id", ""}},
		{copied{headline: "ANULACIÓN DE NOTICIA"}, Announcement{Kill, "ANULACIÓN DE NOTICIA", "headline:kill:es", ""}},
		{copied{headline: "ANNULATION DE DÉPÊCHE - Ferry"}, Announcement{Kill, "ANNULATION DE DÉPÊCHE", "headline:kill:fr", ""}},
		{copied{headline: "MELDUNG ZURÜCKGEZOGEN: Fähre"}, Announcement{Kill, "MELDUNG ZURÜCKGEZOGEN", "headline:kill:de", ""}},
		{copied{headline: "NOTÍCIA RETIRADA"}, Announcement{Kill, "NOTÍCIA RETIRADA", "headline:kill:pt", ""}},
		{copied{headline: "СООБЩЕНИЕ АННУЛИРУЕТСЯ"}, Announcement{Kill, "СООБЩЕНИЕ АННУЛИРУЕТСЯ", "headline:kill:ru", ""}},
		{copied{headline: "【記事取り消し】フェリー"}, Announcement{Kill, "記事取り消し", "headline:kill:ja", ""}},
		{copied{headline: "撤稿：渡轮"}, Announcement{Kill, "撤稿", "headline:kill:zh", ""}},
		{copied{headline: "[기사 삭제] 여객선"}, Announcement{Kill, "기사 삭제", "headline:kill:ko", ""}},
		{copied{headline: "**STORY RETRACTED** Ferry"}, Announcement{Kill, "STORY RETRACTED", "headline:kill:en", ""}},
		{copied{headline: "!!! KILL !!!"}, Announcement{Kill, "KILL", "headline:kill:en", ""}},
		{copied{headline: "KILL ADVISORY"}, Announcement{Kill, "KILL ADVISORY", "headline:kill:en", ""}},
		{copied{headline: "PENCABUTAN"}, Announcement{Kill, "PENCABUTAN", "headline:kill:id", ""}},
		{copied{headline: "▲전문취소"}, Announcement{Kill, "전문취소", "headline:kill:ko", ""}},
		{copied{headline: "記事の取り消し"}, Announcement{Kill, "記事の取り消し", "headline:kill:ja", ""}},
		{copied{headline: "此稿取消"}, Announcement{Kill, "此稿取消", "headline:kill:zh", ""}},
		{copied{note: "Prière d’annuler la dépêche."}, Announcement{Kill, "Prière d’annuler", "note:kill:fr", ""}},
		// What may be a kill holds the story back, and cancels nothing.
		{copied{headline: "WITHDRAWN: Ferry sinks"}, Announcement{Withdrawn, "WITHDRAWN", "headline:withdrawn:en", ""}},
		{copied{headline: "(Zurückgezogen: Fähre gesunken)"}, Announcement{Withdrawn, "Zurückgezogen", "headline:withdrawn:de", ""}},
		{copied{headline: "Story killed: how a newsroom lost its nerve"}, Announcement{Withdrawn, "Story killed", "headline:withdrawn:en", ""}},
		{copied{headline: "【撤回】フェリー沈没"}, Announcement{Withdrawn, "撤回", "headline:withdrawn:ja", ""}},
		{copied{headline: "TARIK - Feri karam"}, Announcement{Withdrawn, "TARIK", "headline:withdrawn:id", ""}},
		{copied{headline: "PENCABUTAN: Feri"}, Announcement{Withdrawn, "PENCABUTAN", "headline:withdrawn:id", ""}},
		{copied{headline: "Ferry", text: "This story has been withdrawn because of an error."}, Announcement{Withdrawn, "This story has been withdrawn", "body:withdrawn:en", ""}},
		{copied{headline: "Berita ini ditarik oleh redaksi"}, Announcement{Withdrawn, "Berita ini ditarik", "headline:withdrawn:id", ""}},
		// In quotation marks, behind a word such as "Urgent", and in sentences.
		{copied{headline: `"KILL"`}, Announcement{Withdrawn, "KILL", "headline:withdrawn:en", ""}},
		{copied{headline: "“KILL”: Ferry sinks"}, Announcement{Withdrawn, "KILL", "headline:withdrawn:en", ""}},
		{copied{headline: `"MANDATORY KILL"`}, Announcement{Kill, "MANDATORY KILL", "headline:kill:en", ""}},
		{copied{headline: "--- MANDATORY KILL ---"}, Announcement{Kill, "MANDATORY KILL", "headline:kill:en", ""}},
		{copied{headline: "ADVISORY - KILL"}, Announcement{Kill, "ADVISORY - KILL", "headline:kill:en", ""}},
		{copied{headline: "URGENT: ADVISORY: KILL"}, Announcement{Kill, "URGENT: ADVISORY: KILL", "headline:kill:en", ""}},
		{copied{headline: "Urgent: kill"}, Announcement{Withdrawn, "Urgent: kill", "headline:withdrawn:en", ""}},
		{copied{headline: "ADVISORY - KILL Ferry sinks"}, Announcement{Withdrawn, "ADVISORY - KILL", "headline:withdrawn:en", ""}},
		{copied{headline: "CANCELLED"}, Announcement{Withdrawn, "CANCELLED", "headline:withdrawn:en", ""}},
		{copied{headline: "CANCELED: Ferry sinks"}, Announcement{Withdrawn, "CANCELED", "headline:withdrawn:en", ""}},
		{copied{headline: "STORNO"}, Announcement{Kill, "STORNO", "headline:kill:de", ""}},
		{copied{headline: "STORNO: Fähre gesunken"}, Announcement{Withdrawn, "STORNO", "headline:withdrawn:de", ""}},
		{copied{headline: "BATAL:"}, Announcement{Withdrawn, "BATAL", "headline:withdrawn:id", ""}},
		{copied{headline: "BATAL: Feri"}, Announcement{Withdrawn, "BATAL", "headline:withdrawn:id", ""}},
		{copied{headline: "Mohon tidak disiarkan"}, Announcement{Withhold, "Mohon tidak disiarkan", "headline:withhold:id", ""}},
		{copied{headline: "Mohon tidak disiarkan: Feri"}, Announcement{Withhold, "Mohon tidak disiarkan", "headline:withhold:id", ""}},
		{copied{headline: "Do not use."}, Announcement{Withhold, "Do not use", "headline:withhold:en", ""}},
		{copied{headline: `The story "Ferry sinks" is withdrawn`}, Announcement{Withdrawn, `The story "Ferry sinks" is withdrawn`, "headline:withdrawn:en", ""}},
		{copied{headline: "The Monday story headlined “Ferry sinks” is wrong and has been withdrawn"}, Announcement{Withdrawn, "The Monday story headlined “Ferry sinks” is wrong and has been withdrawn", "headline:withdrawn:en", ""}},
		{copied{headline: "Reuters has withdrawn this story"}, Announcement{Withdrawn, "Reuters has withdrawn this story", "headline:withdrawn:en", ""}},
		{copied{headline: "The Associated Press has withdrawn its story about a ferry"}, Announcement{Withdrawn, "The Associated Press has withdrawn its story", "headline:withdrawn:en", ""}},
		{copied{headline: "INTREKKING"}, Announcement{Kill, "INTREKKING", "headline:kill:nl", ""}},
		{copied{headline: "INGETROKKEN: Veerboot"}, Announcement{Withdrawn, "INGETROKKEN", "headline:withdrawn:nl", ""}},
		{copied{headline: "VERVALT"}, Announcement{Withdrawn, "VERVALT", "headline:withdrawn:nl", ""}},
		{copied{headline: "Bericht vervalt"}, Announcement{Withdrawn, "Bericht vervalt", "headline:withdrawn:nl", ""}},
		{copied{headline: "请于2月6日18时后播发"}, Announcement{Embargo, "2月6日18时后播发", "headline:embargo:zh", ""}},
		{copied{headline: "渡轮沉没（请于明晨6时后播发）"}, Announcement{Embargo, "请于明晨6时后播发", "headline:embargo:zh", ""}},
		{copied{headline: "Ferry", text: "One.\n\nTwo.\n\nThree.\n\nFour.\n\nMANDATORY KILL\n\nFive."}, Announcement{Kill, "MANDATORY KILL", "body:kill:en", ""}},
		{copied{headline: "Ferry", text: "One.\n\nTwo.\n\nThree.\n\nThere will be no substitute story."}, Announcement{}},
		{copied{headline: "Ferry", text: "One.\n\nThere will be no substitute story."}, Announcement{Withdrawn, "There will be no substitute story", "body:withdrawn:en", ""}},
		{copied{slugline: "BC-Ferry, CANCELLED"}, Announcement{Withdrawn, "CANCELLED", "slugline:withdrawn:en", ""}},
		{copied{note: "Mohon tidak disiarkan."}, Announcement{Withhold, "Mohon tidak disiarkan", "note:withhold:id", ""}},
		// Holds.
		{copied{headline: "WITHHOLD: Ferry"}, Announcement{Withhold, "WITHHOLD", "headline:withhold:en", ""}},
		{copied{slugline: "BC-Ferry, WITHHOLD"}, Announcement{Withhold, "WITHHOLD", "slugline:withhold:en", ""}},
		{copied{headline: "Ferry", text: "EMBARGOED UNTIL 0600 GMT 24 NOVEMBER\n\nA ferry"}, Announcement{Embargo, "EMBARGOED UNTIL", "body:embargo:en", ""}},
		{copied{headline: "Sperrfrist: 5. Februar, 18.00 Uhr"}, Announcement{Embargo, "Sperrfrist", "headline:embargo:de", ""}},
		{copied{headline: "EMBARGO HASTA las 18.00"}, Announcement{Embargo, "EMBARGO HASTA", "headline:embargo:es", ""}},
		{copied{headline: "EMBARGO"}, Announcement{Embargo, "EMBARGO", "headline:embargo:en", ""}},
		{copied{headline: "EMBARGO 0600 GMT: Ferry"}, Announcement{Embargo, "EMBARGO", "headline:embargo:en", ""}},
		{copied{headline: "EMBARGO: Selasa 24 November pukul 06.00 WIB"}, Announcement{Embargo, "EMBARGO", "headline:embargo:en", ""}},
		{copied{headline: "Embargo: 24 November 2026"}, Announcement{Embargo, "Embargo", "headline:embargo:en", ""}},
		{copied{headline: "EMBARGOED: not for release before Tuesday"}, Announcement{Embargo, "EMBARGOED", "headline:embargo:en", ""}},
		{copied{headline: "Sperrfrist Freitag 06.00 Uhr Fähre gesunken"}, Announcement{Embargo, "Sperrfrist", "headline:embargo:de", ""}},
		{copied{headline: "Achtung Sperrfrist 06.00 Uhr"}, Announcement{Embargo, "Achtung Sperrfrist", "headline:embargo:de", ""}},
		{copied{headline: "Sous embargo jusqu’au 24 novembre à 06h00"}, Announcement{Embargo, "Sous embargo jusqu’au", "headline:embargo:fr", ""}},
		{copied{headline: "【2月6日午前6時解禁】"}, Announcement{Embargo, "2月6日午前6時解禁", "headline:embargo:ja", ""}},
		{copied{headline: "※ 2월 6일 오전 6시 이후 보도"}, Announcement{Embargo, "2월 6일 오전 6시 이후 보도", "headline:embargo:ko", ""}},
		{copied{headline: "2月6日6时前请勿播发"}, Announcement{Embargo, "2月6日6时前请勿播发", "headline:embargo:zh", ""}},
		{copied{note: "This story is embargoed until 0600 GMT."}, Announcement{Embargo, "embargoed until", "note:embargo:en", ""}},
		{copied{note: "Berita ini embargo hingga pukul 06.00"}, Announcement{Embargo, "embargo hingga", "note:embargo:id", ""}},
		{copied{note: "EMBARGO 0600 GMT"}, Announcement{Embargo, "EMBARGO", "note:embargo:en", ""}},
		{copied{headline: "ADVISORY"}, Announcement{Advisory, "ADVISORY", "headline:advisory:en", ""}},
		// Corrections.
		{copied{headline: "RALAT: Feri tiba"}, Announcement{Correction, "RALAT", "headline:correction:id", ""}},
		{copied{headline: "Ferry", text: "(Corrects spelling in paragraph 3)\nA ferry"}, Announcement{Correction, "Corrects", "body:correction:en", ""}},
		{copied{headline: "Fähre", text: "(Berichtigung: Im zweiten Absatz …)"}, Announcement{Correction, "Berichtigung", "body:correction:de", ""}},
		{copied{headline: "Rectificatif: Ferry"}, Announcement{Correction, "Rectificatif", "headline:correction:fr", ""}},
		{copied{headline: "CORRECCIÓN: El ferri"}, Announcement{Correction, "CORRECCIÓN", "headline:correction:es", ""}},
		{copied{headline: "Исправление: Паром"}, Announcement{Correction, "Исправление", "headline:correction:ru", ""}},
		{copied{headline: "【訂正】フェリー"}, Announcement{Correction, "訂正", "headline:correction:ja", ""}},
		{copied{headline: "更正：渡轮"}, Announcement{Correction, "更正", "headline:correction:ja", ""}}, // of two languages that have the word, the first
		{copied{headline: "[정정] 여객선"}, Announcement{Correction, "정정", "headline:correction:ko", ""}},
		{copied{headline: "Đính chính: Phà"}, Announcement{Correction, "Đính chính", "headline:correction:vi", ""}},
		{copied{headline: "تصحيح: العبارة"}, Announcement{Correction, "تصحيح", "headline:correction:ar", ""}},
		{copied{slugline: "BC-Ferry, CORRECTIVE"}, Announcement{Correction, "CORRECTIVE", "slugline:correction:en", ""}},
		{copied{note: "Corrects the name in the second paragraph."}, Announcement{Correction, "Corrects", "note:correction:en", ""}},
		{copied{headline: "Ferry", text: "A ferry sank.\n\nThis story has been corrected to show that the ferry left on Monday, not Sunday."}, Announcement{Correction, "This story has been corrected", "text:correction:en", ""}},
		{copied{headline: "Ferry", text: "A ferry sank.\n\nIt left on Monday.\n\n___\n\nThis version corrects the day."}, Announcement{Correction, "This version corrects", "text:correction:en", ""}},
		{copied{headline: "Ferry", text: "A ferry sank.\n\nCorrection: The ferry left on Monday, not Sunday."}, Announcement{Correction, "Correction", "text:correction:en", ""}},
		{copied{headline: "Feri", text: "Feri karam.\n\nRalat: Feri itu berangkat pada Senin."}, Announcement{Correction, "Ralat", "text:correction:id", ""}},
		{copied{headline: "Ferry", text: "A ferry sank.\n\nAn earlier version of this story misstated the day.\n\nTurn to the port for more."}, Announcement{Correction, "An earlier version of this story misstated", "text:correction:en", ""}},
		{copied{headline: "UPDATE 2-Ferry sinks", text: "A ferry sank.\n\nCorrection: It left on Monday."}, Announcement{Update, "UPDATE 2", "headline:update:en", ""}},
		{copied{headline: "Ferry", text: "A ferry sank.\n\nThe course was corrected twice.\n\nThe story was told often."}, Announcement{}},
		// Updates, and takes that replace nothing.
		{copied{headline: "UPDATE 2-Ferry arrives"}, Announcement{Update, "UPDATE 2", "headline:update:en", ""}},
		{copied{headline: "REFILE-Ferry arrives"}, Announcement{Update, "REFILE", "headline:update:en", ""}},
		{copied{slugline: "BC-Ferry, 1st Ld-Writethru,a0105"}, Announcement{Update, "1st Ld-Writethru", "slugline:update:en", ""}},
		{copied{headline: "2ND LEAD: Ferry"}, Announcement{Update, "2ND LEAD", "headline:update:en", ""}},
		{copied{headline: "(2nd LD) Ferry arrives"}, Announcement{Update, "2nd LD", "headline:update:en", ""}},
		{copied{headline: "ACTUALIZA 1-El ferri"}, Announcement{Update, "ACTUALIZA 1", "headline:update:es", ""}},
		{copied{slugline: "BC-Ferry, 1st Add"}, Announcement{Take, "1st Add", "slugline:take:en", ""}},
		// In the words of other wires.
		{copied{headline: "ANNULLARE: traghetto affondato"}, Announcement{Withdrawn, "ANNULLARE", "headline:withdrawn:it", ""}},
		{copied{headline: "Traghetto", text: "Si prega di annullare la notizia."}, Announcement{Withdrawn, "Si prega di annullare", "body:withdrawn:it", ""}},
		{copied{headline: "++ RETTIFICA ++ Traghetto arrivato"}, Announcement{Correction, "RETTIFICA", "headline:correction:it", ""}},
		{copied{headline: "(RIPETIZIONE CORRETTA)"}, Announcement{Correction, "RIPETIZIONE CORRETTA", "headline:correction:it", ""}},
		{copied{headline: "BATALKAN BERITA: Feri karam"}, Announcement{Kill, "BATALKAN BERITA", "headline:kill:id", ""}},
		{copied{headline: "Feri", text: "Sila batalkan berita bertajuk \"Feri karam\"."}, Announcement{Withdrawn, "Sila batalkan berita", "body:withdrawn:ms", ""}},
		{copied{headline: `Berita "Feri karam" dicabut`}, Announcement{Withdrawn, `Berita "Feri karam" dicabut`, "headline:withdrawn:id", ""}},
		{copied{headline: "ATTENTION ANNULATION - Ferry"}, Announcement{Withdrawn, "ATTENTION ANNULATION", "headline:withdrawn:fr", ""}},
		{copied{headline: "Ferry", text: "Attention clients: nous annulons notre dépêche."}, Announcement{Withdrawn, "Attention clients: nous annulons notre dépêche", "body:withdrawn:fr", ""}},
		{copied{headline: "Ferry", text: "Prière de ne pas utiliser cette dépêche."}, Announcement{Withhold, "Prière de ne pas utiliser cette dépêche", "body:withhold:fr", ""}},
		{copied{headline: "Bitte Meldung «Fähre gesunken» nicht verwenden"}, Announcement{Withdrawn, "Bitte Meldung «Fähre gesunken» nicht verwenden", "headline:withdrawn:de", ""}},
		{copied{headline: "Fähre", text: "Bitte verwenden Sie die Meldung «Fähre gesunken» (bdt0123) nicht."}, Announcement{Withdrawn, "Bitte verwenden Sie die Meldung «Fähre gesunken» (bdt0123) nicht", "body:withdrawn:de", "bdt0123"}},
		{copied{headline: "Fähre", text: "Die Meldung «Fähre gesunken» vom 23.11.2026, 10.15 Uhr, wird zurückgezogen."}, Announcement{Withdrawn, "Die Meldung «Fähre gesunken» vom 23.11.2026, 10.15 Uhr, wird zurückgezogen", "body:withdrawn:de", ""}},
		{copied{headline: "★記事取り消し★　フェリー沈没"}, Announcement{Kill, "記事取り消し", "headline:kill:ja", ""}},
		{copied{headline: "フェリー", text: "２３日に配信した「フェリー沈没」の記事は全文取り消します。"}, Announcement{Withdrawn, "２３日に配信した「フェリー沈没」の記事は全文取り消します", "body:withdrawn:ja", ""}},
		{copied{headline: "撤稿声明：渡轮沉没"}, Announcement{Kill, "撤稿声明", "headline:kill:zh", ""}},
		{copied{headline: "渡轮", text: "新华社播发的《渡轮沉没》一稿因故撤销。"}, Announcement{Withdrawn, "新华社播发的《渡轮沉没》一稿因故撤销", "body:withdrawn:zh", ""}},
		{copied{headline: "更正启事"}, Announcement{Correction, "更正启事", "headline:correction:zh", ""}},
		{copied{headline: "АННУЛИРОВАНИЕ. Паром затонул"}, Announcement{Withdrawn, "АННУЛИРОВАНИЕ", "headline:withdrawn:ru", ""}},
		{copied{headline: "Паром", text: "Просим аннулировать сообщение о пароме."}, Announcement{Withdrawn, "Просим аннулировать", "body:withdrawn:ru", ""}},
		{copied{headline: "العبارة", text: "يرجى إلغاء الخبر بعنوان العبارة."}, Announcement{Withdrawn, "يرجى إلغاء الخبر", "body:withdrawn:ar", ""}},
		{copied{headline: "MAKULERES: Ferge sank"}, Announcement{Withdrawn, "MAKULERES", "headline:withdrawn:no", ""}},
		{copied{headline: "Melding trukket: Ferge sank"}, Announcement{Withdrawn, "Melding trukket", "headline:withdrawn:no", ""}},
		{copied{note: "NTB trekker saken"}, Announcement{Kill, "NTB trekker saken", "note:kill:no", ""}},
		{copied{headline: "RETTELSE: Ferge i havn"}, Announcement{Correction, "RETTELSE", "headline:correction:no", ""}},
		{copied{headline: "MITÄTÖINTI: Lautta upposi"}, Announcement{Withdrawn, "MITÄTÖINTI", "headline:withdrawn:fi", ""}},
		{copied{headline: "Oikaisu: Lautta satamassa"}, Announcement{Correction, "Oikaisu", "headline:correction:fi", ""}},
		{copied{headline: "Rättelse: Färjan i hamn"}, Announcement{Correction, "Rättelse", "headline:correction:sv", ""}},
		{copied{headline: "LEGAL ADVISORY: Ferry trial"}, Announcement{Advisory, "LEGAL ADVISORY", "headline:advisory:en", ""}},
		// At the end of a headline.
		{copied{headline: "Ferry sinks (KILL)"}, Announcement{Withdrawn, "KILL", "headline:withdrawn:en", ""}},
		{copied{headline: "Ferry sinks - KILL"}, Announcement{Withdrawn, "KILL", "headline:withdrawn:en", ""}},
		{copied{headline: "FERRY SINKS (KILL)"}, Announcement{Withdrawn, "KILL", "headline:withdrawn:en", ""}},
		{copied{headline: "Un ferry coule (ANNULATION)"}, Announcement{Withdrawn, "ANNULATION", "headline:withdrawn:fr", ""}},
		{copied{headline: "フェリー沈没（取り消し）"}, Announcement{Withdrawn, "取り消し", "headline:withdrawn:ja", ""}},
		{copied{headline: "Naufraga un ferri (CORRECCIÓN)"}, Announcement{Correction, "CORRECCIÓN", "headline:correction:es", ""}},
		{copied{headline: "Ferry arrives - CORRECTED"}, Announcement{Correction, "CORRECTED", "headline:correction:en", ""}},
		{copied{headline: "여객선 침몰(종합2보)"}, Announcement{Update, "종합2보", "headline:update:ko", ""}},
		{copied{headline: "Film review (Kill)"}, Announcement{}},
		{copied{headline: "The new film (KILL BILL)"}, Announcement{}},
		{copied{headline: "Summer concert (CANCELLED)"}, Announcement{}},
		{copied{headline: "Sapphire mine (retraction)"}, Announcement{}},
		{copied{headline: "A captain's tale - WITH LOVE"}, Announcement{}},
		// News.
		{copied{headline: "Rettifica del calendario, annullata la partita"}, Announcement{}},
		{copied{headline: "Berita hoaks \"Feri karam\" beredar, izin dicabut"}, Announcement{}},
		{copied{headline: "Trukket kniv på ferge"}, Announcement{}},
		{copied{headline: "Die Meldung «Fähre gesunken» war falsch"}, Announcement{}},
		{copied{headline: "市長「免許を取り消します」と発言"}, Announcement{}},
		{copied{headline: "《自然》撤稿论文作者道歉"}, Announcement{}},
		{copied{headline: "Kill switch law passes"}, Announcement{}},
		{copied{headline: "KILL SWITCH LAW PASSES"}, Announcement{}},
		{copied{headline: "KILL-SWITCH law passes"}, Announcement{}},
		{copied{headline: "MANDATORY KILL SWITCHES FOR FERRIES"}, Announcement{}},
		{copied{headline: "Mandatory kill switches for ferries"}, Announcement{}},
		{copied{headline: "Killed in action: a ferry's captain"}, Announcement{}},
		{copied{headline: "Retirada: el ferri deja la ruta"}, Announcement{}},
		{copied{headline: "Retirada de tropas"}, Announcement{}},
		{copied{headline: "Retraction of the law is asked for"}, Announcement{}},
		{copied{headline: "停发工资的工厂"}, Announcement{}},
		{copied{slugline: "WITHDRAWAL"}, Announcement{}},
		{copied{slugline: "USA-SHOOTING/KILL"}, Announcement{}},
		{copied{headline: "Correction of share prices goes on"}, Announcement{}},
		{copied{headline: "Correction-facility inmates strike"}, Announcement{}},
		{copied{headline: "Koreksi harga beras berlanjut"}, Announcement{}},
		{copied{headline: "Berichtigung des Registers verzögert sich"}, Announcement{}},
		{copied{headline: "Lead 2-0 after the first leg"}, Announcement{}},
		{copied{headline: "Update on the ferry's way"}, Announcement{}},
		{copied{headline: "Embargo on rice is lifted"}, Announcement{}},
		{copied{headline: "EMBARGO ON RICE IS LIFTED"}, Announcement{}},
		{copied{headline: "Embargo: 5 things to know"}, Announcement{}},
		{copied{headline: "Embargo 60 years on: what it did to the island"}, Announcement{}},
		{copied{headline: "アユ釣り、6月1日に解禁"}, Announcement{}},
		{copied{headline: "Ferry", note: "Adds that the embargo on rice ends, paragraph 6"}, Announcement{Update, "Adds", "note:update:en", ""}},
		{copied{headline: "Weather advisory for the strait"}, Announcement{}},
		{copied{headline: "撤回された法案の行方"}, Announcement{}},
		{copied{headline: "Ferry", text: "Correction: the ferry's course was changed twice."}, Announcement{}},
		{copied{headline: "Ferry", text: "Embargoed until Friday, the report says the sea rises."}, Announcement{}},
		{copied{headline: "2nd lead changes hands"}, Announcement{}},
		// News of killings and cancellations.
		{copied{headline: "Kill Bill returns"}, Announcement{}},
		{copied{headline: "KILL BILL RETURNS"}, Announcement{}},
		{copied{headline: `"Kill Bill" returns`}, Announcement{}},
		{copied{headline: `"KILL BILL" RETURNS`}, Announcement{}},
		{copied{headline: "“Kill”: a film review"}, Announcement{}},
		{copied{headline: "Film “KILL” tops charts"}, Announcement{}},
		{copied{headline: "Flight cancelled in storm"}, Announcement{}},
		{copied{headline: "Cancelled: the flights of a stormy week"}, Announcement{}},
		{copied{headline: "CANCELLED FLIGHTS STRAND THOUSANDS"}, Announcement{}},
		{copied{headline: "Pertandingan batal digelar"}, Announcement{}},
		{copied{headline: "Batal digelar, konser diganti"}, Announcement{}},
		{copied{headline: "Batal: cerita pasangan"}, Announcement{}},
		{copied{headline: "Urgent: killings in the north"}, Announcement{}},
		{copied{headline: "Urgent: kill rate falls"}, Announcement{}},
		{copied{headline: "URGENT: KILLED IN CRASH"}, Announcement{}},
		{copied{headline: "ADVISORY - KILLER BEES"}, Announcement{}},
		{copied{headline: "Storno einer Reise"}, Announcement{}},
		{copied{headline: "Reuters has withdrawn from the deal, the story says"}, Announcement{}},
		{copied{headline: "The minister has withdrawn this bill"}, Announcement{}},
		{copied{headline: `The story "Dune" is filmed`}, Announcement{}},
		{copied{headline: "The story of a captain who was killed"}, Announcement{}},
		{copied{headline: "Ingetrokken rijbewijs terug"}, Announcement{}},
		{copied{headline: "Trein vervalt door storm"}, Announcement{}},
		{copied{headline: "Please do not use the lift"}, Announcement{}},
		{copied{headline: "Do not use: a warning on eye drops"}, Announcement{}},
		{copied{headline: "请于开封后使用"}, Announcement{}},
		{copied{slugline: "WEATHER,FLIGHTS,CANCELLED"}, Announcement{}},
		{copied{headline: "Ferry", text: "One.\n\nTwo.\n\nThree.\n\nFour.\n\nMandatory kill\n\nMANDATORY KILL SWITCHES\n\nKILL\n\nThe word MANDATORY KILL was read."}, Announcement{}},
		{copied{}, Announcement{}},
	}
	for _, tt := range tests {
		got := Lifecycle(tt.in.headline, tt.in.slugline, tt.in.note, tt.in.text)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", tt.in, diff)
		}
	}
}

func TestAnnouncementIsPut(t *testing.T) {
	embargo := new(time.Time)
	tests := []struct {
		kind   Kind
		before wire.Story
		signal wire.Signal
		status wire.Status
		fields int // with evidence
	}{
		{Kill, wire.Story{}, wire.Kill, wire.Canceled, 1},
		{Kill, wire.Story{Status: wire.Withheld, Signal: wire.Update}, wire.Kill, wire.Canceled, 1},
		{Withdrawn, wire.Story{}, "", wire.Withheld, 1},
		{Withdrawn, wire.Story{Signal: wire.Kill, Status: wire.Canceled}, wire.Kill, wire.Canceled, 0},
		{Withhold, wire.Story{Status: wire.Usable}, "", wire.Withheld, 1},
		{Embargo, wire.Story{}, "", wire.Withheld, 1},
		{Embargo, wire.Story{Embargo: embargo}, "", "", 0},
		{Advisory, wire.Story{}, "", wire.Withheld, 1},
		{Correction, wire.Story{Signal: wire.Update}, wire.Correction, "", 1},
		{Update, wire.Story{Signal: wire.Correction}, wire.Correction, "", 0},
		{Take, wire.Story{}, "", "", 1},
		{"", wire.Story{}, "", "", 0},
	}
	below := Announcement{Kind: Correction, Words: "x", Rule: "text:correction:en"}
	s := wire.Story{Signal: wire.Update}
	if below.Put(&s); s.Signal != wire.Update || len(s.Evidence) != 0 {
		t.Errorf("the text is believed before the format: %+v", s)
	}
	for _, tt := range tests {
		a := Announcement{Kind: tt.kind, Words: "x", Rule: "headline:x:en"}
		s := tt.before
		a.Put(&s)
		a.Put(&s) // twice is once
		if s.Signal != tt.signal || s.Status != tt.status || len(s.Evidence) != tt.fields {
			t.Errorf("%s over %+v: signal %q, status %q, evidence %+v", tt.kind, tt.before, s.Signal, s.Status, s.Evidence)
		}
	}
}
