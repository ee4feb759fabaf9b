// Package browsertest drives the whole program in Chromium for tests: as a resident clicks and types, as a keyboard
// alone, and as the checks of accessibility, policy and layout that every page must pass.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// chromium is the one browser of a test binary; every Open is a private window of it.
var chromium struct {
	start sync.Once
	ctx   context.Context
	close func()
	err   error
}

// Main runs the tests of a package that drives the browser, and closes it at the end. Call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if chromium.close != nil {
		chromium.close()
	}
	os.Exit(code)
}

// browser starts Chromium where nothing has yet. Without Chromium the test is left out, loudly; with CI=true it fails.
func browser(t testing.TB) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("Chromium is not installed, and nothing may be left out here")
		}
		t.Skip("LEFT OUT: Chromium is not installed, so nothing is tried in a browser")
	}
	chromium.start.Do(func() { start(path) })
	if chromium.err != nil {
		t.Fatalf("start Chromium: %v", chromium.err)
	}
	return chromium.ctx
}

func start(path string) {
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-extensions", true), chromedp.Flag("disable-default-apps", true), chromedp.Flag("mute-audio", true),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"),
	)
	ctx, cancel := chromedp.NewContext(allocator)
	chromium.ctx, chromium.err = ctx, chromedp.Do(ctx)
	chromium.close = func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		stop()
	}
}
