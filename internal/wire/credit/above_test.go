package credit

import (
	"testing"

	"kawat/internal/wire"
)

// TestAboveText: PTI's dateline has no dash, and what Yonhap tells desks above it is no text.
func TestAboveText(t *testing.T) {
	s := new(wire.Story)
	rest := Extract(s, []string{"(ATTN: UPDATES with more details in last 2 paras; ADDS photo)", "New Delhi, Feb 5 (PTI) A ferry returned to the port on Monday."}, nil)
	if len(rest) != 1 || rest[0] != "A ferry returned to the port on Monday." || s.Dateline.Text != "New Delhi, Feb 5 (PTI)" || s.Note != "" {
		t.Errorf("text %q, dateline %+v, note %q", rest, s.Dateline, s.Note)
	}
	if rest := Extract(new(wire.Story), []string{"In Tokyo, Feb 5 (a Thursday) was the day of the ferry."}, nil); len(rest) != 1 || rest[0][:2] != "In" {
		t.Errorf("text %q", rest)
	}
}
