package render

import (
	"strings"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// Notice is what stands in the place of a story that may not be used.
type Notice struct {
	// Language is the BCP 47 tag of the notice's own words: the story's where we have words in it, else "en".
	Language string
	Title    string
	Text     string
}

// NoticeOf is the notice for a killed or withheld entry. It holds no word of the story.
func NoticeOf(e *feed.Entry) Notice {
	language, _, _ := strings.Cut(strings.ToLower(e.Language), "-")
	if _, ok := notices[language]; !ok {
		language = "en"
	}
	words := notices[language]
	if decidedHere(e.Story) {
		words = ownNotices[language]
	}
	switch {
	case e.Status == wire.Withheld:
		return Notice{Language: language, Title: words[2], Text: words[3]}
	case e.Signal == wire.Takedown:
		return Notice{Language: language, Title: takedowns[language][0], Text: takedowns[language][1]}
	}
	return Notice{Language: language, Title: words[0], Text: words[1]}
}

// decidedHere says that it was the gateway's desk that killed the story or holds it back, or that it is held for what became
// of its original: its provider has said nothing of that.
func decidedHere(s *wire.Story) bool {
	if s.Status == wire.Canceled {
		return s.Desk != nil && s.Desk.Action == wire.OrderKill
	}
	return s.Received.Status == wire.Usable
}

// notices are, of what its provider has decided and by language: the title and text of a kill, the title and text of a withholding.
var notices = map[string][4]string{
	"ar": {
		"إلغاء: سحبت الجهة المزوِّدة هذا الخبر",
		"سحبت الجهة المزوِّدة هذا الخبر. لا تنشروه، واحذفوه من كل مكان نُشر فيه.",
		"تعليق: أوقفت الجهة المزوِّدة هذا الخبر",
		"أوقفت الجهة المزوِّدة هذا الخبر. لا تنشروه حتى إشعار آخر.",
	},
	"de": {
		"KILL: Der Anbieter hat diese Meldung zurückgezogen",
		"Der Anbieter hat diese Meldung zurückgezogen. Bitte nicht verwenden und überall entfernen, wo sie veröffentlicht wurde.",
		"GESPERRT: Der Anbieter hält diese Meldung zurück",
		"Der Anbieter hält diese Meldung zurück. Bitte bis auf Weiteres nicht verwenden.",
	},
	"en": {
		"KILL: this story has been withdrawn by its provider",
		"The provider has withdrawn this story. Do not use it, and remove it wherever it was published.",
		"WITHHELD: this story is on hold by its provider",
		"The provider has put this story on hold. Do not use it until further notice.",
	},
	"es": {
		"ANULACIÓN: el proveedor ha retirado esta nota",
		"El proveedor ha retirado esta nota. No la utilice y elimínela de donde se haya publicado.",
		"RETENIDA: el proveedor ha suspendido esta nota",
		"El proveedor ha suspendido esta nota. No la utilice hasta nuevo aviso.",
	},
	"fr": {
		"ANNULATION : cette dépêche a été retirée par son fournisseur",
		"Le fournisseur a retiré cette dépêche. Ne l'utilisez pas et supprimez-la partout où elle a été publiée.",
		"SUSPENSION : cette dépêche est retenue par son fournisseur",
		"Le fournisseur retient cette dépêche. Ne l'utilisez pas jusqu'à nouvel avis.",
	},
	"id": {
		"PEMBATALAN: berita ini telah ditarik oleh penyedianya",
		"Penyedia telah menarik berita ini. Jangan digunakan, dan hapus di mana pun telah diterbitkan.",
		"DITAHAN: berita ini ditahan oleh penyedianya",
		"Penyedia menahan berita ini. Jangan digunakan sampai ada pemberitahuan lebih lanjut.",
	},
	"ja": {
		"取り消し：この記事は配信元により取り消されました",
		"配信元がこの記事を取り消しました。使用せず、掲載済みの場合は削除してください。",
		"保留：この記事は配信元により保留されています",
		"配信元がこの記事を保留しています。追って通知があるまで使用しないでください。",
	},
	"ko": {
		"전문 취소: 제공사가 이 기사를 취소했습니다",
		"제공사가 이 기사를 취소했습니다. 사용하지 마시고, 이미 게재한 곳에서는 삭제해 주십시오.",
		"보류: 제공사가 이 기사를 보류했습니다",
		"제공사가 이 기사를 보류했습니다. 별도의 알림이 있을 때까지 사용하지 마십시오.",
	},
	"ms": {
		"PEMBATALAN: berita ini telah ditarik balik oleh pembekalnya",
		"Pembekal telah menarik balik berita ini. Jangan gunakan, dan padamkan di mana-mana ia telah disiarkan.",
		"DITAHAN: berita ini ditahan oleh pembekalnya",
		"Pembekal menahan berita ini. Jangan gunakan sehingga dimaklumkan kelak.",
	},
	"pt": {
		"ANULAÇÃO: esta notícia foi retirada pelo fornecedor",
		"O fornecedor retirou esta notícia. Não a utilize e remova-a de onde tenha sido publicada.",
		"RETIDA: esta notícia está suspensa pelo fornecedor",
		"O fornecedor suspendeu esta notícia. Não a utilize até novo aviso.",
	},
	"ru": {
		"АННУЛИРОВАНО: поставщик отозвал это сообщение",
		"Поставщик отозвал это сообщение. Не используйте его и удалите везде, где оно опубликовано.",
		"ПРИОСТАНОВЛЕНО: поставщик задержал это сообщение",
		"Поставщик задержал это сообщение. Не используйте его до особого уведомления.",
	},
	"th": {
		"ยกเลิก: ผู้ให้บริการได้ถอนข่าวนี้แล้ว",
		"ผู้ให้บริการได้ถอนข่าวนี้แล้ว โปรดอย่านำไปใช้ และลบออกจากทุกแห่งที่เผยแพร่ไปแล้ว",
		"ระงับ: ผู้ให้บริการระงับข่าวนี้ไว้",
		"ผู้ให้บริการระงับข่าวนี้ไว้ โปรดอย่านำไปใช้จนกว่าจะมีการแจ้งให้ทราบ",
	},
	"vi": {
		"HỦY TIN: tin này đã bị nhà cung cấp rút lại",
		"Nhà cung cấp đã rút lại tin này. Không sử dụng và gỡ bỏ ở mọi nơi đã đăng.",
		"TẠM GIỮ: tin này đang bị nhà cung cấp tạm giữ",
		"Nhà cung cấp đang tạm giữ tin này. Không sử dụng cho đến khi có thông báo mới.",
	},
	"zh": {
		"撤稿：供稿方已撤销此稿件",
		"供稿方已撤销此稿件。请勿使用，已刊发的请予删除。",
		"缓发：供稿方已暂停此稿件",
		"供稿方已暂停此稿件。在另行通知之前请勿使用。",
	},
}

// ownNotices are the same of what the gateway's desk has decided. They have the languages of notices.
var ownNotices = map[string][4]string{
	"ar": {
		"إلغاء: سحب مكتب التحرير في هذه الخدمة هذا الخبر",
		"سحب مكتب التحرير في هذه الخدمة هذا الخبر. لا تنشروه، واحذفوه من كل مكان نُشر فيه.",
		"تعليق: أوقف مكتب التحرير في هذه الخدمة هذا الخبر",
		"أوقف مكتب التحرير في هذه الخدمة هذا الخبر. لا تنشروه حتى إشعار آخر.",
	},
	"de": {
		"KILL: Die Redaktion dieses Dienstes hat diese Meldung zurückgezogen",
		"Die Redaktion dieses Dienstes hat diese Meldung zurückgezogen. Bitte nicht verwenden und überall entfernen, wo sie veröffentlicht wurde.",
		"GESPERRT: Die Redaktion dieses Dienstes hält diese Meldung zurück",
		"Die Redaktion dieses Dienstes hält diese Meldung zurück. Bitte bis auf Weiteres nicht verwenden.",
	},
	"en": {
		"KILL: this story has been withdrawn by the desk of this service",
		"The desk of this service has withdrawn this story. Do not use it, and remove it wherever it was published.",
		"WITHHELD: this story is on hold by the desk of this service",
		"The desk of this service has put this story on hold. Do not use it until further notice.",
	},
	"es": {
		"ANULACIÓN: la redacción de este servicio ha retirado esta nota",
		"La redacción de este servicio ha retirado esta nota. No la utilice y elimínela de donde se haya publicado.",
		"RETENIDA: la redacción de este servicio ha suspendido esta nota",
		"La redacción de este servicio ha suspendido esta nota. No la utilice hasta nuevo aviso.",
	},
	"fr": {
		"ANNULATION : cette dépêche a été retirée par la rédaction de ce service",
		"La rédaction de ce service a retiré cette dépêche. Ne l'utilisez pas et supprimez-la partout où elle a été publiée.",
		"SUSPENSION : cette dépêche est retenue par la rédaction de ce service",
		"La rédaction de ce service retient cette dépêche. Ne l'utilisez pas jusqu'à nouvel avis.",
	},
	"id": {
		"PEMBATALAN: berita ini telah ditarik oleh redaksi layanan ini",
		"Redaksi layanan ini telah menarik berita ini. Jangan digunakan, dan hapus di mana pun telah diterbitkan.",
		"DITAHAN: berita ini ditahan oleh redaksi layanan ini",
		"Redaksi layanan ini menahan berita ini. Jangan digunakan sampai ada pemberitahuan lebih lanjut.",
	},
	"ja": {
		"取り消し：この記事は当サービスのデスクにより取り消されました",
		"当サービスのデスクがこの記事を取り消しました。使用せず、掲載済みの場合は削除してください。",
		"保留：この記事は当サービスのデスクにより保留されています",
		"当サービスのデスクがこの記事を保留しています。追って通知があるまで使用しないでください。",
	},
	"ko": {
		"전문 취소: 본 서비스 데스크가 이 기사를 취소했습니다",
		"본 서비스 데스크가 이 기사를 취소했습니다. 사용하지 마시고, 이미 게재한 곳에서는 삭제해 주십시오.",
		"보류: 본 서비스 데스크가 이 기사를 보류했습니다",
		"본 서비스 데스크가 이 기사를 보류했습니다. 별도의 알림이 있을 때까지 사용하지 마십시오.",
	},
	"ms": {
		"PEMBATALAN: berita ini telah ditarik balik oleh meja berita perkhidmatan ini",
		"Meja berita perkhidmatan ini telah menarik balik berita ini. Jangan gunakan, dan padamkan di mana-mana ia telah disiarkan.",
		"DITAHAN: berita ini ditahan oleh meja berita perkhidmatan ini",
		"Meja berita perkhidmatan ini menahan berita ini. Jangan gunakan sehingga dimaklumkan kelak.",
	},
	"pt": {
		"ANULAÇÃO: esta notícia foi retirada pela redação deste serviço",
		"A redação deste serviço retirou esta notícia. Não a utilize e remova-a de onde tenha sido publicada.",
		"RETIDA: esta notícia está suspensa pela redação deste serviço",
		"A redação deste serviço suspendeu esta notícia. Não a utilize até novo aviso.",
	},
	"ru": {
		"АННУЛИРОВАНО: редакция этой службы отозвала это сообщение",
		"Редакция этой службы отозвала это сообщение. Не используйте его и удалите везде, где оно опубликовано.",
		"ПРИОСТАНОВЛЕНО: редакция этой службы задержала это сообщение",
		"Редакция этой службы задержала это сообщение. Не используйте его до особого уведомления.",
	},
	"th": {
		"ยกเลิก: กองบรรณาธิการของบริการนี้ได้ถอนข่าวนี้แล้ว",
		"กองบรรณาธิการของบริการนี้ได้ถอนข่าวนี้แล้ว โปรดอย่านำไปใช้ และลบออกจากทุกแห่งที่เผยแพร่ไปแล้ว",
		"ระงับ: กองบรรณาธิการของบริการนี้ระงับข่าวนี้ไว้",
		"กองบรรณาธิการของบริการนี้ระงับข่าวนี้ไว้ โปรดอย่านำไปใช้จนกว่าจะมีการแจ้งให้ทราบ",
	},
	"vi": {
		"HỦY TIN: tin này đã bị ban biên tập của dịch vụ này rút lại",
		"Ban biên tập của dịch vụ này đã rút lại tin này. Không sử dụng và gỡ bỏ ở mọi nơi đã đăng.",
		"TẠM GIỮ: tin này đang bị ban biên tập của dịch vụ này tạm giữ",
		"Ban biên tập của dịch vụ này đang tạm giữ tin này. Không sử dụng cho đến khi có thông báo mới.",
	},
	"zh": {
		"撤稿：本服务编辑部已撤销此稿件",
		"本服务编辑部已撤销此稿件。请勿使用，已刊发的请予删除。",
		"缓发：本服务编辑部已暂停此稿件",
		"本服务编辑部已暂停此稿件。在另行通知之前请勿使用。",
	},
}

// takedowns are, by language, the title and text for a story whose rights were withdrawn. They have the languages of notices.
var takedowns = map[string][2]string{
	"ar": {"إزالة: سُحبت حقوق نشر هذا الخبر", "سُحبت حقوق نشر هذا الخبر. لا تنشروه، واحذفوه من كل مكان نُشر فيه."},
	"de": {"ENTFERNT: Die Rechte an dieser Meldung wurden zurückgezogen", "Die Rechte an dieser Meldung wurden zurückgezogen. Bitte nicht verwenden und überall entfernen, wo sie veröffentlicht wurde."},
	"en": {"TAKEDOWN: the rights to this story have been withdrawn", "The rights to this story have been withdrawn. Do not use it, and remove it wherever it was published."},
	"es": {"RETIRADA: se han retirado los derechos de esta nota", "Se han retirado los derechos de esta nota. No la utilice y elimínela de donde se haya publicado."},
	"fr": {"RETRAIT : les droits de cette dépêche ont été retirés", "Les droits de cette dépêche ont été retirés. Ne l'utilisez pas et supprimez-la partout où elle a été publiée."},
	"id": {"PENURUNAN: hak atas berita ini telah dicabut", "Hak atas berita ini telah dicabut. Jangan digunakan, dan hapus di mana pun telah diterbitkan."},
	"ja": {"掲載停止：この記事の使用権は取り消されました", "この記事の使用権は取り消されました。使用せず、掲載済みの場合は削除してください。"},
	"ko": {"게재 중단: 이 기사의 사용 권리가 철회되었습니다", "이 기사의 사용 권리가 철회되었습니다. 사용하지 마시고, 이미 게재한 곳에서는 삭제해 주십시오."},
	"ms": {"PENURUNAN: hak ke atas berita ini telah ditarik balik", "Hak ke atas berita ini telah ditarik balik. Jangan gunakan, dan padamkan di mana-mana ia telah disiarkan."},
	"pt": {"REMOVIDA: os direitos desta notícia foram retirados", "Os direitos desta notícia foram retirados. Não a utilize e remova-a de onde tenha sido publicada."},
	"ru": {"СНЯТО: права на это сообщение отозваны", "Права на это сообщение отозваны. Не используйте его и удалите везде, где оно опубликовано."},
	"th": {"ถอดออก: สิทธิ์ในข่าวนี้ถูกเพิกถอนแล้ว", "สิทธิ์ในข่าวนี้ถูกเพิกถอนแล้ว โปรดอย่านำไปใช้ และลบออกจากทุกแห่งที่เผยแพร่ไปแล้ว"},
	"vi": {"GỠ BỎ: quyền sử dụng tin này đã bị thu hồi", "Quyền sử dụng tin này đã bị thu hồi. Không sử dụng và gỡ bỏ ở mọi nơi đã đăng."},
	"zh": {"下架：此稿件的使用权已被撤回", "此稿件的使用权已被撤回。请勿使用，已刊发的请予删除。"},
}
