import pytest

from tests.pages.aws_scene import REGION, a_limit, refused_for
from tests.pages.scene import text_of
from webapp.clock import now
from webapp.extensions import db
from webapp.models.catalogue import CatalogueRegion
from webapp.models.limit import limits
from webapp.models.price_wish import prices_wished

ADD, LOOK = "/settings/aws/limits/add", "/settings/aws/limits/look"
WISH = {
    "region": REGION,
    "instance_type": "m5.xlarge",
    "purchase_type": "spot",
    "maximum": "5",
}


def test_it_adds_a_limit(admin, configured):
    assert admin.post(ADD, data=WISH).status_code == 303
    (limit,) = limits()
    assert (limit.region, limit.instance_type, limit.maximum) == (REGION, "m5.xlarge", 5)
    assert (limit.image_id, limit.volume_gib, limit.encrypted) == (None, None, None)


def test_it_adds_the_advanced_choices(admin, configured):
    more = {"image_id": "ami-0123456789abcdef0", "volume_gib": "64", "encrypted": "y"}
    admin.post(ADD, data={**WISH, **more})
    (limit,) = limits()
    assert (limit.image_id, limit.volume_gib, limit.encrypted) == (more["image_id"], 64, True)


def test_capitals_in_a_type_do_not_count(admin, configured):
    admin.post(ADD, data={**WISH, "instance_type": " M5.XLARGE "})
    assert limits()[0].instance_type == "m5.xlarge"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"region": ""}, "Choose a region."),
        ({"region": "mars-1"}, "There is no region mars-1."),
        ({"region": "af-south-1"}, "is not enabled in this AWS account"),
        ({"region": "us-east-1"}, "What us-east-1 offers is not known yet"),
        ({"instance_type": ""}, "Choose an instance type."),
        ({"instance_type": "m5.huge"}, "There is no instance type m5.huge."),
        ({"instance_type": "c1.old", "purchase_type": "on-demand"}, "cannot be bought as"),
        ({"purchase_type": "stolen"}, "Choose spot or on-demand."),
        ({"maximum": "0"}, "At least 1."),
        ({"maximum": "1000000000"}, "is there a digit too many?"),
        ({"maximum": "five"}, "Give a whole number of machines"),
        ({"image_id": "ubuntu"}, "An AMI id looks like"),
        ({"volume_gib": "1"}, "A whole number of GiB"),
    ],
)
def test_each_bad_input_has_its_own_words_and_nothing_typed_is_lost(
    admin, configured, changes, told
):
    typed = {**WISH, "maximum": "6", "image_id": "ami-0123456789abcdef0", **changes}
    answer = admin.post(ADD, data=typed)
    assert answer.status_code == 400
    assert told in answer.text
    for name in ("instance_type", "maximum", "image_id"):
        assert not typed[name] or f'value="{typed[name]}"' in answer.text
    assert limits() == []


def test_a_second_one_of_its_kind_is_refused(admin, configured):
    a_limit(3)
    answer = admin.post(ADD, data=WISH)
    assert answer.status_code == 400
    assert "already: change its maximum." in answer.text
    assert [limit.maximum for limit in limits()] == [3]


def test_without_scripts_find_sends_the_form_and_brings_it_back(admin, configured):
    answer = admin.post(ADD, data={**WISH, "instance_type": "xlarge", "find": "1"})
    assert answer.status_code == 200
    assert 'name="choose" value="m5.2xlarge"' in answer.text
    chosen = admin.post(ADD, data={**WISH, "choose": "m5.2xlarge"})
    assert 'value="m5.2xlarge"' in chosen.text
    assert limits() == []


def test_types_are_found_while_typing(admin, configured):
    text = text_of(admin.post(LOOK, data={**WISH, "instance_type": "5.2x"}))
    assert "m5.2xlarge CPU 8, Memory 32GiB" in text
    assert "m5.xlarge" not in text


def test_before_saving_it_tells_price_worst_case_and_vcpus(admin, configured):
    text = text_of(admin.post(LOOK, data=WISH))
    assert "Spot price now: $0.0800 an hour in the cheapest zone" in text
    assert "5 machines at once: $0.4000 an hour at worst." in text
    assert "allow 20 vCPUs" in text


def test_a_price_that_is_not_known_is_fetched_and_asked_for_again(admin, configured):
    answer = admin.post(LOOK, data={**WISH, "instance_type": "m5.2xlarge"})
    assert "Fetching the spot price" in answer.text
    assert 'hx-trigger="load delay:1s"' in answer.text
    assert prices_wished(now()) == [(REGION, "m5.2xlarge")]


def test_what_a_region_offers_is_fetched_when_it_is_chosen(admin, configured):
    answer = admin.post(LOOK, data={**WISH, "region": "us-east-1"})
    assert "Fetching what this region offers" in answer.text
    db.session.expire_all()
    assert db.session.get(CatalogueRegion, "us-east-1").wanted_at == now()


def test_the_purchase_type_is_narrowed_to_what_the_type_supports(admin, configured):
    answer = admin.post(LOOK, data={**WISH, "instance_type": "c1.old"})
    assert 'value="spot"' in answer.text
    assert 'value="on-demand"' not in answer.text


def test_what_on_demand_costs_is_not_made_up(admin, configured):
    text = text_of(admin.post(LOOK, data={**WISH, "purchase_type": "on-demand"}))
    assert "see AWS's price list" in text.replace("&#39;", "'")
    assert "$" not in text


def test_without_keys_there_is_nothing_to_choose_from(admin):
    assert "Enter keys first" in admin.get(ADD, follow_redirects=True).text


def test_only_an_admin_may(anonymous, viewer, member, configured):
    addresses = (ADD, "+" + ADD, "+" + LOOK)
    assert refused_for(viewer, *addresses) == [403] * 3
    assert refused_for(member, *addresses) == [403] * 3
    assert refused_for(anonymous, *addresses) == [303] * 3
