package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/surprisal-ml/surprisal/experiments"
)

// probe is added to a copy of the page: it tells the window around what became
// of the page, after walking through a figure with the keyboard.
const probe = `<script>
const wrong = [];
addEventListener("error", (e) => wrong.push(e.message));
addEventListener("unhandledrejection", (e) => wrong.push(e.reason));
for (const level of ["error", "warn"]) console[level] = (...said) => wrong.push(...said);
addEventListener("securitypolicyviolation", (e) => wrong.push("request for " + e.blockedURI));
addEventListener("load", () => setTimeout(() => {
  const charts = [...document.querySelectorAll(".chart")];
  for (const chart of charts) {
    chart.focus();
    chart.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  }
  const clipped = [...document.querySelectorAll(".chart svg")].filter((s) => s.getBoundingClientRect().right > innerWidth + 1).length;
  parent.postMessage("report " + [
    "drawn=" + document.documentElement.dataset.drawn,
    "plots=" + charts.filter((c) => c.querySelector("svg path, svg circle, svg rect, svg line, svg image")).length,
    "said=" + [...document.querySelectorAll(".said")].filter((s) => s.textContent).length,
    "overflow=" + Math.max(0, document.documentElement.scrollWidth - innerWidth),
    "clipped=" + clipped,
    "loaded=" + performance.getEntriesByType("resource").filter((r) => !/^(data|blob):/.test(r.name)).length,
    "wrong=" + wrong.join("; "),
  ].join(" "), "*");
}, 500));
</script>`

// installed returns the path of the first of the programs that there is.
func installed(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// The page draws its charts in a browser, at the widths of a phone and of a
// desk, without errors, without requests, and without running over the edge.
func TestPageInBrowser(t *testing.T) {
	browser := installed("chromium", "chromium-browser", "google-chrome")
	if browser == "" {
		t.Skip("neither chromium nor google-chrome is installed")
	}
	dir := t.TempDir()
	all := outcomes(t)
	if os.Getenv("SURPRISAL_LONG_TESTS") != "" {
		all = experiments.Run(t.Context(), experiments.All(), experiments.Options{Quick: true}, nil)
	}
	if _, err := Write(dir, all, experiments.Options{Quick: true}); err != nil {
		t.Fatal(err)
	}
	figures := 0
	for _, o := range all {
		if o.Result != nil {
			figures += len(o.Result.Figures())
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	// Before the page's own scripts, so that their errors are seen.
	probed := strings.Replace(string(page), "<body>", "<body>"+probe, 1)
	frames := `<body><iframe src="probed.html" width="390" height="800"></iframe><iframe src="probed.html" width="1280" height="800"></iframe>
<script>addEventListener("message", (e) => document.body.append(Object.assign(document.createElement("p"), { textContent: e.data })));</script>`
	for name, text := range map[string]string{"probed.html": probed, "frames.html": frames} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	dom, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1800,900", "--virtual-time-budget=20000", "--dump-dom",
		"file://"+filepath.Join(dir, "frames.html")).Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	reports := regexp.MustCompile(`report (drawn=[^<]*)</p>`).FindAllStringSubmatch(string(dom), -1)
	if len(reports) != 2 {
		t.Fatalf("%d of 2 frames reported:\n%.2000s", len(reports), dom)
	}
	want := fmt.Sprintf("drawn=%d plots=%[1]d said=%[1]d overflow=0 clipped=0 loaded=0 wrong=", figures)
	for _, r := range reports {
		if r[1] != want {
			t.Errorf("got  %s\nwant %s", r[1], want)
		}
	}
}
