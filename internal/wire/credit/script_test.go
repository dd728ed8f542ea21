package credit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// openings are a first paragraph of text in each language, without a dateline.
var scriptOpenings = map[string]string{
	"ja": "新潟市は二十三日、フェリーに地震計を積むと発表した。",
	"zh": "新潟市二十三日宣布，将在渡轮上安装地震仪。",
	"ko": "니가타시는 23일 여객선에 지진계를 설치한다고 발표했다.",
	"vi": "Thành phố Niigata hôm thứ Hai thông báo lắp máy đo địa chấn trên phà.",
	"th": "เมืองนีงาตะประกาศติดตั้งเครื่องวัดแผ่นดินไหวบนเรือข้ามฟาก",
	"ar": "أعلنت مدينة نيغاتا تركيب مقياس للزلازل على متن العبارة.",
}

func TestDatelinesOfScripts(t *testing.T) {
	tests := []struct {
		in                        string
		text, place, agency, date string
		rest                      string
		reporters                 string // joined with ;
	}{
		{"【東京共同】新潟市は", "【東京共同】", "東京", "Kyodo", "", "新潟市は", ""},
		{"【東京＝共同】新潟市は", "【東京＝共同】", "東京", "Kyodo", "", "新潟市は", ""},
		{"【ワシントン共同＝山田太郎】新潟市は", "【ワシントン共同＝山田太郎】", "ワシントン", "Kyodo", "", "新潟市は", "山田太郎"},
		{"【ニューヨーク共同＝山田太郎、佐藤花子】新潟市は", "【ニューヨーク共同＝山田太郎、佐藤花子】", "ニューヨーク", "Kyodo", "", "新潟市は", "山田太郎;佐藤花子"},
		{"【ロンドン共同=佐藤 花子】新潟市は", "【ロンドン共同=佐藤 花子】", "ロンドン", "Kyodo", "", "新潟市は", "佐藤 花子"},
		{"【ソウル聯合ニュース】韓国は", "【ソウル聯合ニュース】", "ソウル", "Yonhap", "", "韓国は", ""},
		{"【北京時事】中国は", "【北京時事】", "北京", "Jiji", "", "中国は", ""},
		{"【AFP＝時事】フランスは", "【AFP＝時事】", "", "Jiji", "", "フランスは", ""},
		{"【2月5日 AFP】フランスは", "【2月5日 AFP】", "", "AFP", "2月5日", "フランスは", ""},
		{"［東京　５日　ロイター］ - 市は", "［東京　５日　ロイター］", "東京", "Reuters", "５日", "市は", ""},
		{"(東京 共同) 市は", "(東京 共同)", "東京", "Kyodo", "", "市は", ""},

		{"新华社北京2月5日电（记者张三、李四）渡轮", "新华社北京2月5日电（记者张三、李四）", "北京", "Xinhua", "2月5日", "渡轮", "张三;李四"},
		{"新华社北京2月5日电（记者张三 李小明）渡轮", "新华社北京2月5日电（记者张三 李小明）", "北京", "Xinhua", "2月5日", "渡轮", "张三;李小明"},
		{"新华社北京2月5日电　渡轮", "新华社北京2月5日电", "北京", "Xinhua", "2月5日", "渡轮", ""},
		{"新华社北京２月５日电（记者 王 芳）渡轮", "新华社北京２月５日电（记者 王 芳）", "北京", "Xinhua", "２月５日", "渡轮", "王芳"},
		{"中新社北京2月5日电 (记者 张三)渡轮", "中新社北京2月5日电 (记者 张三)", "北京", "China News Service", "2月5日", "渡轮", "张三"},
		{"中新网2月5日电 渡轮", "中新网2月5日电", "", "China News Service", "2月5日", "渡轮", ""},
		{"(东京5日 共同社)渡轮", "(东京5日 共同社)", "东京", "Kyodo", "5日", "渡轮", ""},
		{"【共同社2月5日电】渡轮", "【共同社2月5日电】", "", "Kyodo", "2月5日", "渡轮", ""},
		{"（中央社記者王大明台北5日電）渡輪", "（中央社記者王大明台北5日電）", "台北", "CNA", "5日", "渡輪", "王大明"},
		{"（中央社記者王大明、陳小華華盛頓5日專電）渡輪", "（中央社記者王大明、陳小華華盛頓5日專電）", "華盛頓", "CNA", "5日", "渡輪", "王大明;陳小華"},
		{"（中央社記者王大明奈良5日電）渡輪", "（中央社記者王大明奈良5日電）", "奈良", "CNA", "5日", "渡輪", "王大明"},
		{"（中央社東京5日綜合外電報導）渡輪", "（中央社東京5日綜合外電報導）", "東京", "CNA", "5日", "渡輪", ""},

		{"(서울=연합뉴스) 홍길동 기자 = 시는", "(서울=연합뉴스) 홍길동 기자", "서울", "Yonhap", "", "시는", "홍길동"},
		{"(서울·부산=연합뉴스) 홍길동 김철수 기자 = 시는", "(서울·부산=연합뉴스) 홍길동 김철수 기자", "서울·부산", "Yonhap", "", "시는", "홍길동;김철수"},
		{"(서울=연합뉴스) 홍길동 기자·김철수 기자 = 시는", "(서울=연합뉴스) 홍길동 기자·김철수 기자", "서울", "Yonhap", "", "시는", "홍길동;김철수"},
		{"(도쿄=연합뉴스) 홍길동 특파원 = 시는", "(도쿄=연합뉴스) 홍길동 특파원", "도쿄", "Yonhap", "", "시는", "홍길동"},
		{"(도쿄 교도=연합뉴스) 시는", "(도쿄 교도=연합뉴스)", "도쿄", "Yonhap", "", "시는", ""},
		{"[서울=뉴시스]홍길동 기자 = 시는", "[서울=뉴시스]홍길동 기자", "서울", "Newsis", "", "시는", "홍길동"},
		{"(서울=연합뉴스) = 시는", "(서울=연합뉴스)", "서울", "Yonhap", "", "시는", ""},

		{"HÀ NỘI, 5/2 (TTXVN) - Phà", "HÀ NỘI, 5/2 (TTXVN)", "HÀ NỘI", "VNA", "5/2", "Phà", ""},
		{"Hà Nội (TTXVN 5/2) – Phà", "Hà Nội (TTXVN 5/2)", "Hà Nội", "VNA", "5/2", "Phà", ""},
		{"Thành phố Hồ Chí Minh, ngày 5/2 (TTXVN) - Phà", "Thành phố Hồ Chí Minh, ngày 5/2 (TTXVN)", "Thành phố Hồ Chí Minh", "VNA", "ngày 5/2", "Phà", ""},

		{"القاهرة (أ ف ب) - قال", "القاهرة (أ ف ب)", "القاهرة", "AFP", "", "قال", ""},
		{"\u200fالقاهرة (أ ف ب\u200f) - قال", "القاهرة (أ ف ب)", "القاهرة", "AFP", "", "قال", ""},
		{"5 فبراير (شينخوا) -- قال", "5 فبراير (شينخوا)", "", "Xinhua", "5 فبراير", "قال", ""},
		{"بكين 5 فبراير 2026 (شينخوا) -- قال", "بكين 5 فبراير 2026 (شينخوا)", "بكين", "Xinhua", "5 فبراير 2026", "قال", ""},
		{"رام الله 5-2-2026 وفا- قال", "رام الله 5-2-2026 وفا-", "رام الله", "WAFA", "5-2-2026", "قال", ""},
		{"الرياض ٠٥ فبراير ٢٠٢٦ م واس - قال", "الرياض ٠٥ فبراير ٢٠٢٦ م واس", "الرياض", "SPA", "٠٥ فبراير ٢٠٢٦ م", "قال", ""},
		{"القاهرة في 5 فبراير /أ ش أ/ قال", "القاهرة في 5 فبراير /أ ش أ/", "القاهرة", "MENA", "5 فبراير", "قال", ""},

		{"โตเกียว (เกียวโด) - เรือ", "โตเกียว (เกียวโด)", "โตเกียว", "Kyodo", "", "เรือ", ""},
		{"โตเกียว, 5 ก.พ. (เกียวโด) – เรือ", "โตเกียว, 5 ก.พ. (เกียวโด)", "โตเกียว", "Kyodo", "5 ก.พ.", "เรือ", ""},
		{"กรุงเทพฯ 5 ก.พ. (ซินหัว) — เรือ", "กรุงเทพฯ 5 ก.พ. (ซินหัว)", "กรุงเทพฯ", "Xinhua", "5 ก.พ.", "เรือ", ""},
	}
	for _, tt := range tests {
		s := new(wire.Story)
		rest := Extract(s, []string{tt.in}, nil)
		want := wire.Dateline{Text: tt.text, Place: tt.place, Agency: tt.agency, Date: tt.date}
		if diff := cmp.Diff(want, s.Dateline); diff != "" || !cmp.Equal([]string{tt.rest}, rest) {
			t.Errorf("%q: rest %q (-want +got)\n%s", tt.in, rest, diff)
		}
		var reporters []string
		for _, c := range s.Attribution.Credits {
			reporters = append(reporters, c.Name)
			if c.Role != wire.Reporter {
				t.Errorf("%q: %s is a %s", tt.in, c.Name, c.Role)
			}
		}
		if got := strings.Join(reporters, ";"); got != tt.reporters {
			t.Errorf("%q: reporters %q, want %q", tt.in, got, tt.reporters)
		}
	}
}

// Sentences that begin as datelines do.
func TestNoDatelineOfScripts(t *testing.T) {
	for _, in := range []string{
		"【速報】新潟市で地震があった。",
		"【独自】共同通信の調査で分かった。",
		"共同通信の取材に市は認めた。",
		"新华社记者在北京2月5日电话采访了船长。",
		"新华社北京分社2月5日迎来访客。",
		"新华社区居民委员会2月5日电费上涨。",
		"共同社会责任是本次会议的主题。",
		"중앙 정부는 (서울=수도) 이전을 검토한다.",
		"연합뉴스 기자 = 협회 회원",
		"Hãng tin TTXVN - cơ quan quốc gia - được thành lập năm 1945.",
		"قال الوزير في القاهرة يوم الأحد (أ ف ب) - ثم غادر.",
		"สำนักข่าวเกียวโด - ซึ่งตั้งอยู่ในโตเกียว - รายงานว่า",
	} {
		if d, rest, ok := SplitDateline(in, nil); ok || rest != in {
			t.Errorf("%q: took %+v, rest %q", in, d, rest)
		}
	}
}

func TestCreditsOfScripts(t *testing.T) {
	c := func(pairs ...string) (out []wire.Credit) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, wire.Credit{Name: pairs[i], Role: pairs[i+1]})
		}
		return out
	}
	tests := []struct {
		language, tail string
		want           []wire.Credit
	}{
		{"ja", "記者：山田太郎", c("山田太郎", "reporter")},
		{"ja", "記者 ： 山田 太郎", c("山田 太郎", "reporter")},
		{"ja", "翻訳：佐藤花子", c("佐藤花子", "translator")},
		{"ja", "訳・編集：佐藤花子", c("佐藤花子", "translator", "佐藤花子", "editor")},
		{"ja", "編集：鈴木一郎、高橋 さくら", c("鈴木一郎", "editor", "高橋 さくら", "editor")},
		{"ja", "取材・文＝山田太郎、撮影＝ジョン・スミス", c("山田太郎", "reporter", "ジョン・スミス", "contributor")},
		{"ja", "（記者 山田太郎）", c("山田太郎", "reporter")},
		{"ja", "（記者・山田太郎と佐藤花子）", c("山田太郎", "reporter", "佐藤花子", "reporter")},
		{"ja", "デスク：山田太郎・佐藤花子", c("山田太郎", "editor", "佐藤花子", "editor")},
		{"ja", "翻訳：マイケル・スミス、山田太郎記者", c("マイケル・スミス", "translator", "山田太郎", "translator")},
		{"ja", "市は調査を続ける。（翻訳・編集　山田太郎）", c("山田太郎", "translator")},
		{"ja", "【翻訳編集】AFPBB News", c("AFPBB News", "translator")},

		{"zh", "记者：张三 李四", c("张三", "reporter", "李四", "reporter")},
		{"zh", "（记者张三 李四）", c("张三", "reporter", "李四", "reporter")},
		{"zh", "调查仍在继续。（记者张三、李和平）", c("张三", "reporter", "李和平", "reporter")},
		{"zh", "调查仍在继续。（完）（记者 张三）", c("张三", "reporter")},
		{"zh", "调查仍在继续。（记者张三）（完）", c("张三", "reporter")},
		{"zh", "【编辑:张三】", c("张三", "editor")},
		{"zh", "责任编辑：张三", c("张三", "editor")},
		{"zh", "责编：张 三、李小四", c("张三", "editor", "李小四", "editor")},
		{"zh", "编译：张三和李四", c("张三", "translator", "李四", "translator")},
		{"zh", "译者：买买提·艾力", c("买买提·艾力", "translator")},
		{"zh", "文/张三 编辑/李四", c("张三", "reporter", "李四", "editor")},
		{"zh", "（編輯：陳小華）1150205", c("陳小華", "editor")},
		{"zh", "（譯者：王大明／核稿：陳小華）1150205", c("王大明", "translator", "陳小華", "editor")},
		{"zh", "新华社记者 张三", c("张三", "reporter")},
		{"zh", "参与记者：王五、赵六", c("王五", "contributor", "赵六", "contributor")},

		{"ko", "홍길동 기자", c("홍길동", "reporter")},
		{"ko", "홍길동 기자 hong@yna.co.kr", c("홍길동", "reporter")},
		{"ko", "홍길동·김철수 기자", c("홍길동", "reporter", "김철수", "reporter")},
		{"ko", "기자: 홍길동, 김철수", c("홍길동", "reporter", "김철수", "reporter")},
		{"ko", "번역: 홍길동과 김철수", c("홍길동", "translator", "김철수", "translator")},
		{"ko", "번역 : 홍길동 기자", c("홍길동", "translator")},
		{"ko", "편집: 홍길동 및 김철수", c("홍길동", "editor", "김철수", "editor")},
		{"ko", "(취재=홍길동, 번역=김철수)", c("홍길동", "reporter", "김철수", "translator")},

		{"vi", "Phóng viên: Nguyễn Văn An", c("Nguyễn Văn An", "reporter")},
		{"vi", "Biên dịch: Trần Thị Bình và Lê Văn Cường", c("Trần Thị Bình", "translator", "Lê Văn Cường", "translator")},
		{"vi", "Biên dịch: Trần Thị Bình | Biên tập: Lê Văn Cường", c("Trần Thị Bình", "translator", "Lê Văn Cường", "editor")},
		{"vi", "BIÊN TẬP: Lê Văn Cường", c("Lê Văn Cường", "editor")},

		{"th", "ผู้สื่อข่าว: สมชาย ใจดี", c("สมชาย ใจดี", "reporter")},
		{"th", "แปลโดย สมชาย ใจดี และ มานี มีนา", c("สมชาย ใจดี", "translator", "มานี มีนา", "translator")},
		{"th", "แปลโดย: สมชาย ใจดีและมานี มีนา", c("สมชาย ใจดี", "translator", "มานี มีนา", "translator")},
		{"th", "เรียบเรียง : มานี มีนา", c("มานี มีนา", "editor")},
		{"th", "บรรณาธิการ： นายสมชาย ใจดี", c("นายสมชาย ใจดี", "editor")},

		{"ar", "ترجمة: أحمد علي", c("أحمد علي", "translator")},
		{"ar", "\u200fترجـــمة: أحمد علي\u200f", c("أحمد علي", "translator")},
		{"ar", "تحرير: أحمد علي، سارة حسن", c("أحمد علي", "editor", "سارة حسن", "editor")},
		{"ar", "مراسل: أحمد علي ومحمد حسن", c("أحمد علي", "reporter", "محمد حسن", "reporter")},
		{"ar", "مراسل: أحمد علي و محمد حسن", c("أحمد علي", "reporter", "محمد حسن", "reporter")},
		{"ar", "ترجمة: محمد وهبي", c("محمد وهبي", "translator")},
		{"ar", "ترجمة: سارة محمد وليد حسن", c("سارة محمد وليد حسن", "translator")},
		{"ar", "إعداد: منى زكي", c("منى زكي", "contributor")},
		{"ar", "(تغطية صحفية أحمد علي - إعداد منى زكي للنشرة العربية - تحرير علي حسن)",
			c("أحمد علي", "reporter", "منى زكي", "contributor", "علي حسن", "editor")},
	}
	for _, tt := range tests {
		s, rest := extract(tt.language, scriptOpenings[tt.language], tt.tail)
		if diff := cmp.Diff(tt.want, s.Attribution.Credits); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tt.tail, diff)
		}
		last := rest[len(rest)-1]
		if len(rest) > 1 && (len(rest) > 2 || !strings.HasPrefix(tt.tail, last) || !endsSentence(last) || strings.ContainsAny(last, "（")) {
			t.Errorf("%q: left %q in the text", tt.tail, rest[1:])
		}
		for i, credit := range s.Attribution.Credits {
			if !hasEvidence(s, element("attribution.credits", i), tt.tail) {
				t.Errorf("%q: credit %d without its words in evidence: %+v", tt.tail, i, s.Evidence)
			}
			if credit.Role == wire.Translator && (s.Translation == nil || s.Translation.To != tt.language || s.Translation.Method != "human") {
				t.Errorf("%q: translation %+v", tt.tail, s.Translation)
			}
		}
	}
}

// What looks like a credit, a source or a notice and is the story's text: between two paragraphs of it, and last.
func TestTextOfScriptsStays(t *testing.T) {
	tests := []struct{ language, in string }{
		{"ja", "記者：この船は安全ですか。"},
		{"ja", "記者会見は五日に開かれる。"},
		{"ja", "編集者は「よい本だ」と話した。"},
		{"ja", "翻訳された本は三冊ある。"},
		{"ja", "出典：海の図書館は五日に開館する。"},
		{"ja", "無断転載禁止の看板が港に立てられた。"},
		{"ja", "関連記事は翌日の紙面に載った。"},
		{"zh", "记者在现场看到，渡轮已经停航。"},
		{"zh", "记者：您怎么看这件事？"},
		{"zh", "编辑部设在港口。"},
		{"zh", "来源不明的货物被扣留。"},
		{"zh", "未经许可不得转载的规定引起争议，法院说。"},
		{"zh", "严禁明火的标志已经更换。"},
		{"zh", "翻译：请问船长在哪里？"},
		{"ko", "기자: 이 배는 안전합니까?"},
		{"ko", "편집국은 항구에 있다."},
		{"ko", "무단 전재 금지 표지판이 항구에 세워졌다."},
		{"ko", "출처를 알 수 없는 화물이 발견됐다."},
		{"vi", "Theo cảnh sát, phà đã dừng lại."},
		{"vi", "Phóng viên: Con phà này có an toàn không?"},
		{"vi", "Nghiêm cấm hút thuốc trên phà, cảng vụ cho biết."},
		{"vi", "Biên tập viên đã rời cảng."},
		{"th", "ผู้สื่อข่าวเดินทางไปที่ท่าเรือ"},
		{"th", "ห้ามสูบบุหรี่บนเรือโดยไม่ได้รับอนุญาต"},
		{"ar", "تحرير المدينة استغرق يومين."},
		{"ar", "مراسل صحيفة محلية زار الميناء."},
		{"ar", "يحظر التدخين على متن العبارة."},
		{"ar", "المصدر الذي طلب عدم نشر اسمه غادر الميناء."},
		{"ar", "ترجمة الكتاب استغرقت عامين."},
	}
	for _, headline := range []string{"떠나는 기자", "두 얼굴의 기자", "구속된 현직 기자", "记者 遇害", "编辑 推荐", "记者 发自北京", "記者　解雇へ", "تقرير: مقتل شخصين", "مصدر: انفجار في الميناء",
		"Dịch: Hà Nội", "تحرير القدس القديمة", "文・科学省が発表", "المصدر: سبع سفن غادرت الميناء مساء الأحد دون ركاب"} {
		if Opens(headline) {
			t.Errorf("%q is taken for a credit", headline)
		}
	}
	closing := "A ferry left the port."
	for _, tt := range tests {
		for _, after := range [][]string{nil, {closing}} {
			s, rest := extract(tt.language, append([]string{scriptOpenings[tt.language], tt.in}, after...)...)
			if want := append([]string{scriptOpenings[tt.language], tt.in}, after...); !cmp.Equal(want, rest) {
				t.Errorf("%q: %s", tt.in, cmp.Diff(want, rest))
			}
			if len(s.Attribution.Credits)+len(s.Attribution.Sources) > 0 || s.Rights.AI != wire.AIUnspecified || s.Rights.Terms != "" || len(s.Related) > 0 {
				t.Errorf("%q: took %+v %+v %+v", tt.in, s.Attribution, s.Rights, s.Related)
			}
		}
	}
}

func TestSourcesOfScripts(t *testing.T) {
	tests := []struct{ language, tail, want string }{
		{"ja", "出典：共同通信", "Kyodo"},
		{"ja", "提供 : 時事通信社", "Jiji"},
		{"ja", "［共同通信］", "Kyodo"},
		{"ja", "==Kyodo", "Kyodo"},
		{"ja", "市は調査を続ける。（共同）", "Kyodo"},
		{"zh", "来源：新华社", "Xinhua"},
		{"zh", "来源：中新网", "China News Service"},
		{"zh", "消息来源：共同社、路透社", "Kyodo,Reuters"},
		{"zh", "（据新华社）", "Xinhua"},
		{"ko", "출처: 교도통신", "Kyodo"},
		{"vi", "Nguồn: TTXVN", "VNA"},
		{"vi", "Theo TTXVN", "VNA"},
		{"vi", "(Theo Kyodo)", "Kyodo"},
		{"th", "ที่มา: สำนักข่าวไทย", "TNA"},
		{"th", "ที่มา : เกียวโด", "Kyodo"},
		{"ar", "المصدر: وكالة الأنباء السعودية", "SPA"},
		{"ar", "المصـدر : شينخوا", "Xinhua"},
	}
	for _, tt := range tests {
		s, rest := extract(tt.language, scriptOpenings[tt.language], tt.tail)
		var got []string
		for i, source := range s.Attribution.Sources {
			if source.Role != wire.Origin || !hasEvidence(s, element("attribution.sources", i), tt.tail) {
				t.Errorf("%q: %+v, evidence %+v", tt.tail, source, s.Evidence)
			}
			got = append(got, source.Name)
		}
		if g := strings.Join(got, ","); g != tt.want {
			t.Errorf("%q: sources %q, want %q; rest %q", tt.tail, g, tt.want, rest)
		}
		if len(rest) > 1 && !endsSentence(rest[1]) {
			t.Errorf("%q: left %q in the text", tt.tail, rest[1:])
		}
	}
}

func TestCitedOfScripts(t *testing.T) {
	tests := []struct{ language, in, want string }{
		{"ja", "共同通信によると、船は沈んだ。", "Kyodo"},
		{"ja", "タス通信は五日、船が沈んだと報じた。", "TASS"},
		{"ja", "ロイター通信などが伝えたところによると、船は沈んだ。", "Reuters"},
		{"ja", "朝鮮中央通信は五日、同国の船が北部の港を出て南へ向かったと伝えた。", "KCNA"},
		{"ja", "タス通信によると沈んだ。タス通信は再びそう報じた。", "TASS"},
		{"ja", "組合長はＡＰ通信に語った。", "AP"},
		{"ja", "政府と共同で調べると報じた。", ""},
		{"ja", "共同通信杯は五日に東京で開かれ、優勝馬が決まったと地元紙が報じた。", ""},
		{"ja", "船は共同通信本社の前を通った。", ""},
		{"zh", "据新华社报道，渡轮沉没。", "Xinhua"},
		{"zh", "据日本共同社报道，渡轮沉没。", "Kyodo"},
		{"zh", "路透社援引船长的话说，渡轮沉没。", "Reuters"},
		{"zh", "船长告诉法新社，渡轮沉没。", "AFP"},
		{"zh", "船长接受法新社采访时说，渡轮沉没。", "AFP"},
		{"zh", "俄罗斯塔斯社消息称，渡轮沉没。", "TASS"},
		{"zh", "两国媒体共同报道了这一消息。", ""},
		{"zh", "新华社区居民说，渡轮沉没。", ""},
		{"zh", "他们一路透露，渡轮沉没。", ""},
		{"zh", "共同社会责任是主题，市长说。", ""},
		{"ko", "교도통신에 따르면 배가 침몰했다.", "Kyodo"},
		{"ko", "타스통신은 5일 배가 북부 항구를 떠나 남쪽으로 가다 침몰했다고 보도했다.", "TASS"},
		{"ko", "로이터통신이 관계자를 인용해 배가 침몰했다고 전했다.", "Reuters"},
		{"ko", "조선중앙통신은 배가 떠났다고 전했다.", "KCNA"},
		{"ko", "교도소 관계자는 배가 침몰했다고 전했다.", ""},
		{"ko", "기독교도는 배가 침몰했다고 전했다.", ""},
		{"ko", "배는 교도통신 본사 앞을 지났다.", ""},
		{"vi", "Theo Kyodo, phà đã chìm.", "Kyodo"},
		{"vi", "Theo hãng tin Kyodo của Nhật Bản, phà đã chìm.", "Kyodo"},
		{"vi", "Hãng tin Reuters đưa tin phà đã chìm.", "Reuters"},
		{"vi", "Tân Hoa Xã dẫn lời thuyền trưởng nói phà đã chìm.", "Xinhua"},
		{"vi", "Theo cảnh sát, nhà ông ở phố Reuters.", ""},
		{"th", "สำนักข่าวเกียวโดรายงานว่าเรือจม", "Kyodo"},
		{"th", "สำนักข่าวรอยเตอร์ระบุว่าเรือจม", "Reuters"},
		{"th", "ตามรายงานของสำนักข่าวซินหัว เรือจม", "Xinhua"},
		{"th", "ระบบเอพีไอรายงานว่าเรือจม", ""},
		{"ar", "ذكرت وكالة شينخوا أن العبارة غرقت.", "Xinhua"},
		{"ar", "نقلت وكالة تاس عن القبطان أن العبارة غرقت.", "TASS"},
		{"ar", "قالت رويترز إن العبارة غرقت.", "Reuters"},
		{"ar", "وبحسب وكالة كيودو اليابانية، غرقت العبارة.", "Kyodo"},
		{"ar", "غرقت العبارة، بحسب وكالة الأنباء الروسية تاس.", "TASS"},
		{"ar", "يقع المنزل في شارع رويترز بحسب الشرطة.", ""},
	}
	for _, tt := range tests {
		s, rest := extract(tt.language, scriptOpenings[tt.language], tt.in)
		var got []string
		for i, src := range s.Attribution.Sources {
			if src.Role != wire.Cited || !hasEvidence(s, element("attribution.sources", i), tt.in) {
				t.Errorf("%q: %+v, evidence %+v", tt.in, src, s.Evidence)
			}
			got = append(got, src.Name)
		}
		if g := strings.Join(got, ","); g != tt.want || len(rest) != 2 {
			t.Errorf("%q: cited %q, want %q (%+v), rest %q", tt.in, g, tt.want, s.Evidence, rest)
		}
	}
}

func TestRightsOfScripts(t *testing.T) {
	tests := []struct {
		language string
		tail     []string
		want     wire.Rights
	}{
		{"ja", []string{"無断転載禁止"}, wire.Rights{Terms: "無断転載禁止", AI: "unspecified"}},
		{"ja", []string{"※無断転載を禁じます。"}, wire.Rights{Terms: "※無断転載を禁じます。", AI: "unspecified"}},
		{"ja", []string{"（共同）", "本記事の無断転載、AIの学習データとしての利用を固くお断りします。"}, wire.Rights{
			Terms: "本記事の無断転載、AIの学習データとしての利用を固くお断りします。", AI: "reserved"}},
		{"ja", []string{"© 2026 共同通信社 無断転載・クローリング・生成ＡＩでの利用を禁止します"}, wire.Rights{
			Notice: "© 2026 共同通信社", Holder: "共同通信社", Year: 2026, Terms: "無断転載・クローリング・生成ＡＩでの利用を禁止します", AI: "reserved"}},
		{"zh", []string{"未经授权，不得转载。"}, wire.Rights{Terms: "未经授权，不得转载。", AI: "unspecified"}},
		{"zh", []string{"责任编辑：张三", "未经书面授权，严禁转载、抓取或用于人工智能模型训练。"}, wire.Rights{
			Terms: "未经书面授权，严禁转载、抓取或用于人工智能模型训练。", AI: "reserved"}},
		{"zh", []string{"本網站之文字、圖片，非經授權，不得轉載、公開播送或利用。"}, wire.Rights{AI: "unspecified",
			Terms: "本網站之文字、圖片，非經授權，不得轉載、公開播送或利用。"}},
		{"zh", []string{"版权所有 © 2026 新华社 禁止用于人工智能"}, wire.Rights{Notice: "版权所有 © 2026 新华社", Holder: "新华社", Year: 2026,
			Terms: "禁止用于人工智能", AI: "reserved"}},
		{"ko", []string{"무단 전재 및 재배포 금지"}, wire.Rights{Terms: "무단 전재 및 재배포 금지", AI: "unspecified"}},
		{"ko", []string{"무단 전재 및 재배포 금지, AI 학습 및 활용 금지"}, wire.Rights{Terms: "무단 전재 및 재배포 금지, AI 학습 및 활용 금지", AI: "reserved"}},
		{"ko", []string{"<저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지>"}, wire.Rights{
			Notice: "저작권자(c) 연합뉴스", Holder: "연합뉴스", Terms: "무단 전재-재배포, AI 학습 및 활용 금지", AI: "reserved"}},
		{"ko", []string{"<저작권자 ⓒ 연합뉴스 무단전재 및 재배포금지>"}, wire.Rights{
			Notice: "저작권자 ⓒ 연합뉴스", Holder: "연합뉴스", Terms: "무단전재 및 재배포금지", AI: "unspecified"}},
		{"ko", []string{"ⓒ 2026 연합뉴스"}, wire.Rights{Notice: "ⓒ 2026 연합뉴스", Holder: "연합뉴스", Year: 2026, AI: "unspecified"}},
		{"vi", []string{"Nghiêm cấm sao chép, thu thập dữ liệu tự động hoặc dùng nội dung này cho trí tuệ nhân tạo khi chưa có sự đồng ý."}, wire.Rights{
			Terms: "Nghiêm cấm sao chép, thu thập dữ liệu tự động hoặc dùng nội dung này cho trí tuệ nhân tạo khi chưa có sự đồng ý.", AI: "reserved"}},
		{"vi", []string{"Nguồn: TTXVN", "Cấm sao chép dưới mọi hình thức."}, wire.Rights{Terms: "Cấm sao chép dưới mọi hình thức.", AI: "unspecified"}},
		{"vi", []string{"Bản quyền © 2026 TTXVN"}, wire.Rights{Notice: "Bản quyền © 2026 TTXVN", Holder: "TTXVN", Year: 2026, AI: "unspecified"}},
		{"th", []string{"ห้ามคัดลอก ทำซ้ำ หรือเผยแพร่โดยไม่ได้รับอนุญาต"}, wire.Rights{Terms: "ห้ามคัดลอก ทำซ้ำ หรือเผยแพร่โดยไม่ได้รับอนุญาต", AI: "unspecified"}},
		{"th", []string{"ห้ามนำเนื้อหานี้ไปใช้ฝึกโมเดลปัญญาประดิษฐ์"}, wire.Rights{Terms: "ห้ามนำเนื้อหานี้ไปใช้ฝึกโมเดลปัญญาประดิษฐ์", AI: "reserved"}},
		{"ar", []string{"يُحظر نسخ هذا المحتوى أو استخدامه لتدريب نماذج الذكاء الاصطناعي دون إذن."}, wire.Rights{
			Terms: "يُحظر نسخ هذا المحتوى أو استخدامه لتدريب نماذج الذكاء الاصطناعي دون إذن.", AI: "reserved"}},
		{"ar", []string{"جميع الحقوق محفوظة © 2026 وفا"}, wire.Rights{Notice: "جميع الحقوق محفوظة © 2026 وفا", Holder: "وفا", Year: 2026, AI: "unspecified"}},
		{"ar", []string{"حقوق النشر © ٢٠٢٦ وفا"}, wire.Rights{Notice: "حقوق النشر © ٢٠٢٦ وفا", Holder: "وفا", Year: 2026, AI: "unspecified"}},
	}
	for _, tt := range tests {
		s, rest := extract(tt.language, append([]string{scriptOpenings[tt.language]}, tt.tail...)...)
		if diff := cmp.Diff(tt.want, s.Rights); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tt.tail, diff)
		}
		if len(rest) != 1 {
			t.Errorf("%q: left in the text: %q", tt.tail, rest[1:])
		}
	}
}

func TestRelatedOfScripts(t *testing.T) {
	for language, tail := range map[string][]string{
		"ja": {"関連記事：船の新しい港", "【関連記事】", "・船の新しい港 https://example.com/b"},
		"zh": {"相关阅读：船の新しい港", "延伸阅读", "船の新しい港 https://example.com/b"},
		"ko": {"관련기사: 船の新しい港", "[관련기사]", "▶ 船の新しい港 https://example.com/b"},
		"vi": {"Xem thêm: 船の新しい港", "Đọc thêm:", "船の新しい港 https://example.com/b"},
		"th": {"อ่านเพิ่มเติม: 船の新しい港", "ข่าวที่เกี่ยวข้อง", "船の新しい港 https://example.com/b"},
		"ar": {"اقرأ أيضاً: 船の新しい港", "اقـرأ أيضا :", "船の新しい港 https://example.com/b"},
	} {
		s, rest := extract(language, append([]string{scriptOpenings[language]}, tail...)...)
		want := []wire.Link{{Title: "船の新しい港"}, {Title: "船の新しい港", URL: "https://example.com/b"}}
		if diff := cmp.Diff(want, s.Related); diff != "" || len(rest) != 1 {
			t.Errorf("%s: rest %q (-want +got)\n%s", language, rest, diff)
		}
	}
}

func TestSignOffsOfScripts(t *testing.T) {
	for mark, language := range map[string]string{"（完）": "zh", "(完)": "ja", "(끝)": "ko", "完": "zh", "2026/02/05 10:00 송고": "ko", "hong@yna.co.kr": "ko",
		"(hong@yna.co.kr) kim@yna.co.kr": "ko", "(จบ)": "th", "انتهى": "ar", "Hết": "vi"} {
		s, rest := extract(language, scriptOpenings[language], mark)
		if len(rest) != 1 {
			t.Errorf("%q: left in the text: %q", mark, rest)
		}
		if strings.Contains(mark, "@") && !hasEvidence(s, "body", mark) {
			t.Errorf("%q: gone without a trace", mark)
		}
		if _, rest := extract(language, scriptOpenings[language], mark, scriptOpenings[language]); len(rest) != 3 {
			t.Errorf("%q within the text: %q", mark, rest)
		}
	}
	for _, last := range []string{"渡轮已经停航。（完）", "배가 떠났다. (끝)"} {
		if _, rest := extract("zh", scriptOpenings["zh"], last); len(rest) != 2 || strings.ContainsAny(rest[1], "(（") {
			t.Errorf("%q: %q", last, rest)
		}
	}
}

func TestLanguageOfScripts(t *testing.T) {
	for language, text := range scriptOpenings {
		if got, _, sample := GuessLanguage(text); got != language || !strings.Contains(text, strings.Fields(sample)[0]) {
			t.Errorf("%q: %q by %q, want %q", text, got, sample, language)
		}
	}
	for in, want := range map[string]string{
		"The word 海 means sea, and the ferry to it will sail on Monday.": "en",
		"渡輪將於五日啟航，乘客可在碼頭購票。":                                             "zh",
		"新宿站的の字招牌换了，渡轮已经停航，乘客可在码头购票并领取赠品。":                               "zh",
	} {
		if got, _, _ := GuessLanguage(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
