"""The maps of Tianditu (天地图) under our own outlines, with the town's own key; without one nothing outside is asked.

Vector and imagery each come with their layer of names. Only Web Mercator (`_w`) fits the web map; Tianditu's WGS84 and
CGCS2000 are the same to a centimetre, so our outlines lie right on it, which they would not on GCJ-02 maps.
"""

import re

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

HOSTS = [f"https://t{number}.tianditu.gov.cn" for number in range(8)]
ADDRESS = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
MAPS = [(_("Tianditu map"), ["vec", "cva"]), (_("Tianditu imagery"), ["img", "cia"])]
KEY = re.compile(r"[0-9A-Za-z]{16,64}")


def layers(key: str) -> list:
    """(name, addresses of the layers from below, options) of each map; empty without a key. The key is seen by every
    browser: let Tianditu bind it to the platform's host name."""
    if not key:
        return []
    if not KEY.fullmatch(key):
        raise ImproperlyConfigured("GOV_TIANDITU_KEY must be the key (tk) of letters and digits that Tianditu gave out")
    return [
        (name, [ADDRESS.format(layer=layer, key=key) for layer in drawn], {"subdomains": "01234567"})
        for name, drawn in MAPS
    ]


def sources(key: str) -> list[str]:
    """What the content security policy lets images come from, besides ourselves."""
    return HOSTS if key else []
