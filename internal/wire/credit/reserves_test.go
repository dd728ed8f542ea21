package credit

import "testing"

func TestReserves(t *testing.T) {
	for terms, want := range map[string]bool{
		"No AI training.": true,
		"No crawling for AI training is permitted.":                                                   true,
		"Editorial use only.\nNot to be used for machine learning.":                                   true,
		"Use by AI systems not authorised.":                                                           true,
		"Text and data mining is expressly reserved.":                                                 true,
		"All rights reserved, including for text and data mining, AI training and such technologies.": true,
		"TDM reserved under Article 4 of Directive (EU) 2019/790":                                     true,
		"The use of this content for AI training is excluded.":                                        true,
		"Keine Nutzung für KI-Training":                                                               true,
		"Toute utilisation pour l’entraînement d’IA est interdite":                                    true,
		"Tidak untuk pelatihan AI":                                                                    true,
		"AI 학습 금지":                                                                                    true,
		"AI training is permitted.":                                                                   false,
		"Editorial use only. Not to be resold.":                                                       false,
	} {
		if got := Reserves(terms); got != want {
			t.Errorf("%q reserves: %v", terms, got)
		}
	}
}
