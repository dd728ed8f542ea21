package dates

import "strings"

// joining are words that stand between the parts of a date, and the days' names where no comma follows them (asctime).
var joining = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq("de del di le the of at a um om pukul jam mon tue wed thu fri sat sun г г. в") {
		all[word] = true
	}
	return all
}()

// thaiMonth is added to the months of Thai, whose years are those of the Buddhist era.
const thaiMonth = 100

// months are the names of months, in small letters and without accents.
var months = func() map[string]int {
	all := map[string]int{}
	for i, names := range strings.Split(monthNames, "\n") {
		for name := range strings.FieldsSeq(names) {
			all[name] = i + 1
		}
	}
	for i, names := range strings.Split(thaiMonthNames, "\n") {
		for name := range strings.FieldsSeq(names) {
			all[name] = thaiMonth + i + 1
		}
	}
	return all
}()

// monthNames has a line a month: English, Indonesian, Malay, German, French, Spanish, Italian, Portuguese, Dutch, Swedish,
// Russian, Arabic. Each means one month in all of the languages that have it.
const monthNames = `january jan januari januar janner janvier janv enero ene gennaio gen janeiro января январь янв يناير
february feb februari februar fevrier fevr fev febrero febbraio febr fevereiro pebruari февраля февраль фев февр فبراير
march mar maret mac marz mrz mars marzo marco maart марта март мар مارس
april apr avril avr abril abr aprile апреля апрель апр أبريل ابريل إبريل
may mei mai mayo maggio mag maio maj мая май مايو
june jun juni juin junio giugno giu junho июня июнь июн يونيو يونيه
july jul juli julai juillet juil julio luglio lug julho июля июль июл يوليو يوليه
august aug agustus agu ags agt ogos aout agosto ago augustus augusti августа август авг أغسطس اغسطس
september sep sept septembre septiembre settembre set setembro сентября сентябрь сен сент سبتمبر
october oct oktober okt octobre octubre ottobre ott outubro out октября октябрь окт أكتوبر اكتوبر
november nov novembre noviembre novembro nopember ноября ноябрь ноя нояб نوفمبر
december dec desember des disember dis dezember dez decembre diciembre dic dicembre dezembro декабря декабрь дек ديسمبر`

const thaiMonthNames = `มกราคม ม.ค
กุมภาพันธ์ ก.พ
มีนาคม มี.ค
เมษายน เม.ย
พฤษภาคม พ.ค
มิถุนายน มิ.ย
กรกฎาคม ก.ค
สิงหาคม ส.ค
กันยายน ก.ย
ตุลาคม ต.ค
พฤศจิกายน พ.ย
ธันวาคม ธ.ค`

// unknownZone marks names that more than one country has: they are read only in the zone of one that has them.
const unknownZone = 1 << 20

// zones are the names of zones in seconds east of UTC: those of RFC 5322 (4.3), and those that agencies write.
var zones = func() map[string]int {
	all := map[string]int{"IST": unknownZone, "AST": unknownZone, "ADT": unknownZone}
	for names, hours := range map[string]float64{
		"UT UTC GMT WET Z": 0, "EST CDT": -5, "EDT": -4, "CST MDT": -6, "MST PDT": -7, "PST": -8,
		"BRT": -3, "ART": -3, "CLT": -4, "COT": -5,
		"BST WEST CET MEZ": 1, "CEST MESZ EET CAT SAST": 2, "EEST MSK TRT": 3, "МСК": 3, "GST": 4, "IRST": 3.5, "PKT": 5, "NPT": 5.75,
		"WIB ICT": 7, "WITA HKT SGT MYT PHT AWST": 8, "WIT JST KST": 9, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = int(hours * 3600)
		}
	}
	return all
}()
