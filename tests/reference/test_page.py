import re


def test_it_shows_every_call_and_every_shape(anonymous, people, calls, document):
    page = anonymous.get("/api").text
    for call in calls.values():
        assert f"{call.method} {call.path}" in page
        assert f'id="{call.name}"' in page
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page


def test_its_links_lead_somewhere(anonymous, people):
    page = anonymous.get("/api").text
    ids = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
    assert len(ids) == len(re.findall(r'\bid="', page)), "an id is there twice"


def test_an_example_is_a_line_for_a_shell(anonymous, people):
    page = anonymous.get("/api", base_url="https://runners.example.org").text
    line = "curl -X POST -H &#34;Authorization: Bearer $TOKEN&#34; https://runners.example.org/api"
    assert line + "/runs/stop -d &#39;{&#34;run_name&#34;: &#34;cowardly-goose-1&#34;}&#39;" in page


def test_it_needs_nothing_from_elsewhere(anonymous, people):
    page = anonymous.get("/api")
    assert not re.search(r'(src|href)="https?:', page.text)
    assert not re.search(r"<script>|<style|style=|onclick", page.text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_account_page_leads_to_it(viewer):
    assert 'href="/api"' in viewer.get("/settings/account").text
