"""Which image is chosen from a list."""

import pytest

from webapp.cloud.errors import CloudError
from webapp.cloud.images import newest, wanted


def image(name: str, created: str = "2026-01-01") -> dict:
    return {"ImageId": f"ami-{name}", "Name": name, "CreationDate": created}


def ubuntu(release: str, version: str, date: str) -> dict:
    name = f"ubuntu/images/hvm-ssd-gp3/ubuntu-{release}-{version}-amd64-server-{date}"
    return image(name, date)


def test_the_latest_lts_release_wins_over_a_later_build_of_an_older_one():
    images = [ubuntu("jammy", "22.04", "20260601"), ubuntu("noble", "24.04", "20250101")]
    assert "noble" in newest(images, "x86_64", gpu=False).name


def test_the_latest_build_of_a_release_wins():
    images = [ubuntu("noble", "24.04", "20250101"), ubuntu("noble", "24.04", "20260101")]
    assert newest(images, "x86_64", gpu=False).name.endswith("20260101")


@pytest.mark.parametrize("version", ["25.04", "24.10", "26.10"])
def test_releases_that_are_not_lts_are_passed_over(version: str):
    images = [ubuntu("other", version, "20260601"), ubuntu("noble", "24.04", "20250101")]
    assert "noble" in newest(images, "x86_64", gpu=False).name


def test_an_empty_list_is_a_sentence():
    with pytest.raises(CloudError, match="no Ubuntu LTS image for arm64"):
        newest([], "arm64", gpu=False)


def test_an_architecture_without_images_is_a_sentence():
    with pytest.raises(CloudError, match="architecture i386"):
        wanted("i386", gpu=False)
