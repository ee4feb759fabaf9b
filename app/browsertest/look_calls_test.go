package browsertest_test

import (
	"fmt"
	"testing"

	"conversations/app/browsertest"
)

func TestLookAtCallsAndAccess(t *testing.T) {
	w := newWorld(t)
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	for _, width := range []int64{1280, 390} {
		p.Resize(width, 844)
		for name, path := range map[string]string{"home": "/staff", "calls": "/staff/calls", "call": "/staff/calls/1", "done": "/staff/calls?state=done", "access": "/staff/access", "task": w.task(), "venue": "/staff/access/venue?event=" + w.open.Slug} {
			p.Go(path)
			p.WholePicture(fmt.Sprintf("/tmp/look-calls/%s-%d.png", name, width))
		}
	}
}
