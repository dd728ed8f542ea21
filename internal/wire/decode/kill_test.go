package decode_test

import (
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// TestKillInRunningText: copy that announces a kill in the wire's words is one. Where it does not say of which story, nobody
// guesses.
func TestKillInRunningText(t *testing.T) {
	const notice = "MANDATORY KILL\n\nJAKARTA, Nov 23 (ANTARA) - Please kill the story about the bridge. It is wrong.\n"
	c := &wire.Copy{Data: []byte(notice), Profile: decode.Profile("antara")}
	stories, refusals := decode.Decode(c)
	if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NoIdentity {
		t.Errorf("without an id: %v, %v", stories, refusals)
	}
	c.Headers.StoryID = "ANT-77"
	stories, refusals = decode.Decode(c)
	if len(refusals) != 0 || len(stories) != 1 || stories[0].Status != wire.Canceled || stories[0].Signal != wire.Kill || stories[0].ID != "ANT-77" {
		t.Errorf("with an id: %v, %v", stories, refusals)
	}
	c = &wire.Copy{Data: []byte("Road kill on the ring road\n\nJAKARTA, Nov 23 (ANTARA) - The city counts road kill.\n"), Profile: decode.Profile("antara")}
	if stories, _ := decode.Decode(c); len(stories) != 1 || stories[0].Status != wire.Usable {
		t.Errorf("a story with the word in it: %v", stories)
	}
}
