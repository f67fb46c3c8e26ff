import re

from tests.conftest import make_app, test_settings
from webapp.extensions import db

POLICY = "Content-Security-Policy"


def test_every_answer_forbids_what_these_pages_never_do(app, anonymous, people):
    for path in ("/login", "/nothing", "/healthz", "/static/css/base.css", "/api/runs/query"):
        with anonymous.get(path) as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers[POLICY] and "unsafe" not in headers[POLICY]
        assert "frame-ancestors 'none'" in headers[POLICY]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_pages_are_not_kept_and_assets_may_be(app, admin):
    assert admin.get("/runs").headers["Cache-Control"] == "no-store"
    with admin.get("/static/css/base.css") as asset:
        assert "no-store" not in asset.headers["Cache-Control"]


def test_no_page_has_script_or_style_in_it(app, admin):
    for path in ("/runs", "/runners", "/runs/new", "/settings/account", "/settings/members"):
        page = admin.get(path).text
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app, people, anonymous):
    answer = anonymous.get("/login")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_behind_tls_cookies_and_browsers_insist_on_it(template, tmp_path):
    app = make_app(template, test_settings(tmp_path, public_url="https://runs.example.org"))
    with app.app_context():
        client = app.test_client()
        answer = client.get("/setup", base_url="https://runs.example.org")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        answer = client.get("/login", base_url="https://runs.example.org", follow_redirects=True)
        cookies = answer.headers.getlist("Set-Cookie")
        assert all("Secure" in cookie for cookie in cookies)
        assert app.config["SESSION_COOKIE_SECURE"]
        db.session.remove()
        db.engine.dispose()
