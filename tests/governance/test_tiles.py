"""Maps of the ground only with the town's own key; without one no page allows a browser to ask anybody else."""

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from governance import tiles
from grids.roles import Role

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def area_page(client, someone, town, village):
    client.force_login(someone(Role.TOWN_DESK, town))
    return lambda: client.get(reverse("grids:boundary", args=[town.code]))


def test_without_a_key_nothing_outside_is_allowed_or_named(area_page):
    assert configured.LEAFLET_CONFIG["TILES"] == tiles.layers("") == []

    answer = area_page()

    assert "tianditu" not in answer.content.decode() + answer["Content-Security-Policy"]
    assert "data-tiles" not in answer.content.decode()


def test_with_a_key_map_and_imagery_come_with_their_names_from_eight_hosts(area_page, settings):
    settings.LEAFLET_CONFIG = settings.LEAFLET_CONFIG | {"TILES": tiles.layers(KEY)}

    page = area_page().content.decode()

    assert page.count("&amp;TILEROW={y}&amp;TILECOL={x}&amp;tk=" + KEY) == 4
    for layer in ("vec", "cva", "img", "cia"):
        assert f"tianditu.gov.cn/{layer}_w/wmts?" in page
    assert tiles.sources(KEY) == [f"https://t{n}.tianditu.gov.cn" for n in range(8)]


@pytest.mark.parametrize("nonsense", ["x", "0123456789abcdef' onload='alert(1)", "https://example.org/" + KEY])
def test_a_key_that_can_be_none_stops_the_start(nonsense):
    with pytest.raises(ImproperlyConfigured, match="GOV_TIANDITU_KEY"):
        tiles.layers(nonsense)
