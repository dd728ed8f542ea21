package credit

import (
	"regexp"
	"strings"
)

// In these a story is taken back by its title, or by the agency whose it is.
var (
	titleWithdrawn  = regexp.MustCompile(`(?i)^(?:please note:? )?(?:the|this|our)\s[^"“”«».!?]{0,60}?\b(?:story|report|article|item|dispatch|alert|brief|copy)\b[^"“”«».!?]{0,40}["“«][^"”»]{1,160}["”»],?\s(?:is|was|has been|is being|is hereby|is (?:wrong|incorrect|inaccurate) and (?:is|has been))\s(?:being |now |hereby )?(?:withdrawn|retracted|killed|cancell?ed|recalled)\b`)
	agencyWithdraws = regexp.MustCompile(`(?i)^(?:['’]s)?(?:\snews(?:\sagency)?)?,?\s(?:has |have |is |hereby )?(?:withdrawn|withdraws|withdrew|withdrawing|retracted|retracts|retracting|killed|kills|cancell?ed|cancels|recalls|recalled)\s(?:(?:this|its|our)\s[^.!?"“”]{0,40}?\b|the )(?:story|report|article|item|dispatch|alert)\b`)
	noSubstitute    = regexp.MustCompile(`(?i)\bthere will be no (?:substitute|replacement) (?:story|item|report)\b`)
)

// titlesWithdrawn are the like of titleWithdrawn in other languages. Words that the sentence must have tell most lines apart.
var titlesWithdrawn = []struct {
	language, has string
	said          *regexp.Regexp
}{
	{"id", "erita ", regexp.MustCompile(`(?i)^berita (?:berjudul |bertajuk |dengan judul )?["“][^"”]{1,160}["”],?\s(?:[^.!?"“”]{0,100}?\s)?(?:dicabut|ditarik(?: balik)?|dibatalkan|dihapus)\b`)},
	{"de", "Meldung", regexp.MustCompile(`(?i)^(?:[^.!?«„"]{0,30}[-–:]\s)?bitte (?:verwenden sie )?(?:die |diese |unsere )?meldung\s[^.!?«„"]{0,40}[«„"][^»“"]{1,160}[»“"][^.!?]{0,80}\bnicht\b(?:\s(?:mehr|verwenden|veröffentlichen))*`)},
	{"de", "Meldung", regexp.MustCompile(`(?i)^(?:die|diese|unsere) meldung\s[^.!?«„"]{0,40}[«„"][^»“"]{1,160}[»“"][^!?]{0,100}?\szurückgezogen\b`)},
	{"ja", "取り消します", regexp.MustCompile(`^[^。「」]{0,80}「[^」]{1,120}」[^。「」]{0,20}取り消します`)},
	{"zh", "稿", regexp.MustCompile(`^[^。]{0,60}《[^》]{1,80}》[^。《》]{0,30}稿[^。《》]{0,20}(?:撤销|撤銷|作废|作廢|撤回|取消)`)},
}

// withdrawnStory finds a sentence that takes the story back.
func (d *dictionary) withdrawnStory(line string) (said, language string) {
	s := strings.TrimLeft(line, lineOpenings)
	if said := titleWithdrawn.FindString(s); said != "" {
		return said, "en"
	}
	for _, t := range titlesWithdrawn {
		if strings.Contains(s, t.has) {
			if said := t.said.FindString(s); said != "" {
				return said, t.language
			}
		}
	}
	the := 0
	if len(s) > len("the ") && strings.EqualFold(s[:len("the ")], "the ") {
		the = len("the ")
	}
	if n, _ := d.agencies.longest(s[the:]); n > 0 {
		if said := agencyWithdraws.FindString(s[the+n:]); said != "" {
			return s[:the+n+len(said)], "en"
		}
	}
	if !strings.Contains(s, " will be no ") { // most lines
		return "", ""
	}
	return noSubstitute.FindString(s), "en"
}
