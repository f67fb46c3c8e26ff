"""The sample project by the API alone, as the demo runs it."""

from scripts.demo.api import Api
from scripts.demo.project import PICTURE, run_project
from tests.people import logged_in, token
from webapp.models.user import user_named


def test_both_steps_are_done_and_the_picture_is_there(house, agent, tmp_path, capfdbinary):
    settings = house.app.extensions["settings"]
    house.app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})
    with house.app.app_context():
        api = Api(house.url, token())
        viewer = logged_in(house.app, user_named("vera"))
    assert run_project(api, house.url, tmp_path) is True
    printed = capfdbinary.readouterr().out.decode()
    assert "344 penguins" in printed and "Inputs: 2 files in place." in printed
    address = next(word for word in printed.split() if PICTURE in word and "://" in word)
    page = viewer.get(address.removeprefix(house.url))
    assert page.status_code == 200 and "penguins.png" in page.text
    with viewer.get(address.removeprefix(house.url).replace("/file?", "/image?")) as picture:
        assert picture.content_type == "image/png"
        assert picture.data.startswith(b"\x89PNG\r\n")
