package web

import (
	"strings"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
)

// change is what this version, or what became of its original, means for those who used the story before.
type change struct {
	Label    string
	At       time.Time
	Sentence string
	// Language is the sentence's.
	Language string
	// Signal is why, "" where the original is.
	Signal wire.Signal
	// Grave changes are for those who have published the story to act on.
	Grave bool
}

// changesOf are the changes in the order in which a desk has to know of them, and the editor's own note.
func changesOf(e *feed.Entry, w *labels) (all []change, note string) {
	note = render.Clean(e.Story).Note
	// What became of the original is said before the note, as in the feeds.
	if fate := strings.TrimSpace(strings.TrimSuffix(render.NoteOf(e), note)); fate != "" {
		c := change{w.OriginalCorrected, e.Translation.Original.At, fate, e.Language, "", true}
		if e.Translation.Original.Status != wire.Usable {
			c.Label = w.OriginalWithdrawn
		}
		all = append(all, c)
	}
	switch e.Signal {
	case wire.Correction:
		all = append(all, change{w.Correction, e.Updated(), w.CorrectionText, w.Tag, e.Signal, true})
	case wire.Update:
		all = append(all, change{w.Update, e.Updated(), w.UpdateText, w.Tag, e.Signal, false})
	case wire.Reinstate:
		all = append(all, change{w.Reinstated, e.Updated(), w.ReinstatedText, w.Tag, e.Signal, true})
	}
	return all, note
}
