"""Template tags every page uses: `{% load page %}`. Numbers, rates, icons, fields, dates, masked names, sorting."""

import json

from django import forms, template
from django.conf import settings
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from common import figures, masking

register = template.Library()


@register.simple_tag
def figure(value, url=None, label=""):
    """The one way a count reaches a page: `{% figure row.open row.open_url label=_("open disputes") %}`.

    A link to the list that is exactly as long as the number says. None is written "-" (not known, which is not zero)
    and leads nowhere. Without a URL (a reader who may know the number but not the list) it is a plain figure.
    The bare number stands in `data-value`, for charts and tests; `label` is what a screen reader says before it.
    """
    text = figures.count(value)
    if value is None:
        return _figure(text, None, label, "")
    return _figure(text, url, label, value)


@register.simple_tag
def rate(numerator, denominator, url=None, label=""):
    """A share with what it was taken from: `{% rate on_time expected url %}` -> "98.25 % (56/57)".

    Rounded half up to two decimals. A zero denominator is "-" and keeps its "(0/0)".
    """
    text = format_html(
        '{}<span class="figure-of"> ({}/{})</span>',
        figures.rate_text(numerator, denominator), figures.count(numerator), figures.count(denominator),
    )  # fmt: skip
    share = figures.rate(numerator, denominator)
    return _figure(text, url, label, "" if share is None else share)


def _figure(text, url, label, value):
    spoken = format_html('<span class="visually-hidden">{}: </span>', label) if label else ""
    if url:
        return format_html('<a class="figure" href="{}" data-value="{}">{}{}</a>', url, value, spoken, text)
    return format_html('<span class="figure" data-value="{}">{}{}</span>', value, spoken, text)


@register.simple_tag
def bar(value, most, tone=""):
    """A bar as wide as value/most, decoration beside a figure: hidden from screen readers, no inline style."""
    percent = 0 if not value or not most else max(1, min(100, round(100 * value / most)))
    return format_html(
        '<span class="bar {}" aria-hidden="true"><span class="bar-fill w-{}"></span></span>', tone, percent
    )


@register.simple_tag
def icon(name, label=""):
    """An icon of the sprite (the list stands in governance/assets.py). With a label it is an image, else decoration."""
    address = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def map_tiles():
    """What a map's box says about the maps of the ground under it (static/tiles.js); nothing unless configured."""
    maps = [[str(name), *told] for name, *told in settings.LEAFLET_CONFIG["TILES"]]
    if not maps:
        return ""
    told = {"none": gettext("Outlines only"), "about": gettext("Map: Tianditu"), "maps": maps}
    return format_html(' data-tiles="{}"', json.dumps(told, ensure_ascii=False))


@register.simple_tag(takes_context=True)
def sort_header(context, key, label, numeric=False):
    """A table's column head that sorts by `?sort=key` and, pressed again, by `?sort=-key`. Works without JavaScript."""
    request = context["request"]
    now = request.GET.get("sort", "")
    query = request.GET.copy()
    query["sort"] = f"-{key}" if now == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    arrow = {"ascending": "chevron-up", "descending": "chevron-down"}.get(order, "selector")
    return format_html(
        '<th scope="col" aria-sort="{}"{}><a class="sort" href="?{}">{}{}</a></th>',
        order, mark_safe(' class="number"') if numeric else "", query.urlencode(), label, icon(arrow),
    )  # fmt: skip


@register.filter
def control(field):
    """A bound field's widget with the look of its kind; Django itself ties help and errors to it."""
    widget = field.field.widget
    kinds = [
        ((forms.CheckboxSelectMultiple, forms.RadioSelect), "choices"),
        (forms.CheckboxInput, "form-check-input"),
        (forms.Select, "form-select"),
    ]
    look = next((look for kind, look in kinds if isinstance(widget, kind)), "form-control")
    wrong = " is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": f"{widget.attrs.get('class', '')} {look}{wrong}".strip()})


@register.filter
def is_checkbox(field):
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def day(value):
    """A date, or a moment in local time, as people write it: 2026年11月22日."""
    return formats.date_format(_local(value), "DATE_FORMAT") if value else figures.UNKNOWN


@register.filter
def month_day(value):
    """Without the year: 11月22日."""
    return formats.date_format(_local(value), "MONTH_DAY_FORMAT") if value else figures.UNKNOWN


@register.filter
def moment(value):
    """A moment in local time, to the minute: 2026-11-22 08:05."""
    return _local(value).strftime("%Y-%m-%d %H:%M") if value else figures.UNKNOWN


@register.filter
def clock_time(value):
    """The hour and minute in local time: 08:05."""
    return _local(value).strftime("%H:%M") if value else figures.UNKNOWN


def _local(value):
    return timezone.localtime(value) if hasattr(value, "tzinfo") and timezone.is_aware(value) else value


register.filter("masked_name", masking.name)
register.filter("masked_phone", masking.phone)
