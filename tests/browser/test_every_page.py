import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.test_artifacts import FILES
from tests.browser.test_run_workflow import at_work, send
from tests.pages.scene import submitted
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.models.secret import set_secret
from webapp.models.transaction import writing

DIFF = (
    """diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1,2 +1,2 @@
 same
-gone
+new """
    + "and long " * 60
)
LONG_NAME = "A_LONG_NAME_" * 8
LONG = b"a line without an end " * 40 + b"\n"


@pytest.fixture
def addresses(live_server, box):
    name, job = at_work(live_server, box)
    send(live_server, box, job, LONG * 3 + b"x" * 3000 + b"\n")
    with live_server.app.app_context():
        box.leave(job, FILES)
        needy = JobSpec("true", "train-" * 12, depends_on=(0,))
        code = Code("https://example.org/a.git", "main", "0" * 40, DIFF)
        about = {"code": code, "variables": {"a_long_name_of_a_variable": "x" * 300}}
        with writing():
            set_secret(TESTS, LONG_NAME, "the value of it", now())
        drawn = submitted(JobSpec("true", "prepare"), needy, **about).name
    return [
        "/runs",
        f"/runs/{name}",
        f"/runs/{drawn}",
        f"/runs/{name}/stop",
        f"/jobs/{job}/artifacts?folder=output",
        *(f"/jobs/{job}/artifacts/file?path={path}" for path in FILES),
        "/runs/new",
        "/runs/new/commit",
        "/runs/new/archive",
        "/settings/repositories",
        "/settings/repositories/add",
        "/runs/prune",
        "/runners",
        "/runners/box-1",
        "/runners/box-1/remove",
        "/settings/account",
        "/settings/token",
        "/settings/members",
        "/settings/secrets",
        "/settings/secrets/add",
        f"/settings/secrets/{LONG_NAME}/replace",
        f"/settings/secrets/{LONG_NAME}/delete",
        "/settings/aws",
        "/settings/storage",
        "/settings/storage/rule?days=0",
        "/api",
    ]


def test_every_page_fits_says_what_is_what_and_can_be_read(context_for, addresses, live_server):
    """All looks at a page in one visit: opening it anew for each of them took most of the time."""
    page = log_in(context_for(reduced_motion="reduce").new_page(), live_server, "admin")
    for address in addresses:
        page.goto(address)
        assert _unclear(page) == {"twice": [], "unnamed": [], "silent": []}, address
        assert _pale(page) == {"light": [], "dark": []}, address
        assert _too_wide(page) == [], address


def _unclear(page):
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    return page.evaluate(
        """() => {
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          const fields = 'input:not([type=hidden]):not([hidden]), select, textarea';
          const named = e => e.labels.length || e.ariaLabel || e.closest('label');
          const buttons = [...document.querySelectorAll('button, a[href]')];
          return {
            twice: ids.filter((id, i) => ids.indexOf(id) !== i),
            unnamed: [...document.querySelectorAll(fields)]
              .filter(e => !named(e)).map(e => e.outerHTML),
            silent: buttons.filter(e => !e.hidden && !e.ariaLabel && !e.textContent.trim())
              .map(e => e.outerHTML),
          };
        }"""
    )


def _pale(page):
    found = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found[theme] = page.evaluate(_PALE)
    return found


def _too_wide(page):
    """Widths at which it scrolls sideways, and texts that leave their card."""
    found = []
    for width in (2000, 360):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [width] * (wide > 0) + page.evaluate(_SPILT)
    return found


def test_every_page_works_without_scripts(context_for, addresses, live_server):
    page = log_in(context_for(java_script_enabled=False).new_page(), live_server, "admin")
    for address in addresses:
        assert page.goto(address).status == 200
    page.goto("/runners/box-1")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("box-1 is removed.")).to_be_visible()


def test_a_run_can_be_watched_without_scripts(context_for, live_server, box):
    name, job = at_work(live_server, box)
    page = log_in(context_for(java_script_enabled=False).new_page(), live_server)
    page.goto("/runs")
    expect(page.get_by_role("link", name=job)).to_be_visible()
    page.get_by_role("link", name=name).first.click()
    send(live_server, box, job, b"printed\n")
    page.reload()
    expect(page.get_by_text("printed", exact=True)).to_be_visible()


def test_a_chosen_theme_stays(page, live_server):
    log_in(page, live_server)
    page.goto("/runs")
    button = page.get_by_role("button", name="Theme: auto")
    button.click()
    page.get_by_role("button", name="Theme: light").click()
    page.goto("/runners")
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


# Texts that reach over the edge of their card and cannot be scrolled to, and tabs out of sight.
_SPILT = """() => {
  const scrolls = (node, card) => {
    for (let at = node; at && at !== card; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    return false;
  };
  const found = [];
  for (const card of document.querySelectorAll('.card, .tabs'))
    for (const node of card.querySelectorAll('*')) {
      if (!node.checkVisibility() || node.closest('svg, .unseen')) continue;
      const over = node.getBoundingClientRect().right - card.getBoundingClientRect().right;
      if (over > 1 && (card.matches('.tabs') || !scrolls(node, card)))
        found.push(`${over.toFixed(0)} ${node.outerHTML.slice(0, 90)}`);
    }
  return found;
}"""

# Every element with text of its own: its colour against the nearest ground that is painted.
_PALE = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const line = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const paint = parse(getComputedStyle(at).backgroundColor);
      if (paint.length === 3 || paint[3] === 1) return paint;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${node.outerHTML.slice(0, 90)}`);
  }
  return found;
}"""
