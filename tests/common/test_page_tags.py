"""Numbers, rates, bars, icons, dates, names and fields as the template tags write them."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from common import figures
from governance import assets

ROOT = Path(assets.BASE_DIR)


def write(text, **context):
    return Template("{% load page %}" + text).render(Context(context))


def test_a_count_is_a_link_to_its_list_with_the_bare_number_beside_it():
    html = write('{% figure 5969 "/list/?open=1" label="户数" %}')

    assert '<a class="figure" href="/list/?open=1" data-value="5969">' in html
    assert html.endswith("5,969</a>")
    assert "户数: " in html


def test_what_is_not_known_is_a_dash_and_leads_nowhere():
    assert write('{% figure nothing "/list/" %}', nothing=None) == '<span class="figure" data-value="">-</span>'
    assert write('{% figure 0 "/list/" %}').endswith('data-value="0">0</a>'), "zero is a number and has its empty list"


def test_an_address_and_a_label_cannot_break_out_of_their_attributes():
    html = write("{% figure 1 url label=label %}", url='/x"><script>', label="<b>")

    assert "<script>" not in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [(56, 57, "98.25 %"), (1, 3, "33.33 %"), (2, 3, "66.67 %"), (1, 800, "0.13 %"), (0, 0, "-"), (0, 4, "0.00 %")],
)
def test_a_rate_has_two_decimals_rounded_half_up_and_nothing_of_nothing_is_a_dash(part, whole, written):
    assert figures.rate_text(part, whole) == written
    assert (
        re.sub(r"<[^>]+>", "", write("{% rate part whole %}", part=part, whole=whole)) == f"{written} ({part}/{whole})"
    )


def test_a_bar_is_as_wide_as_its_share_and_any_amount_at_all_is_seen():
    assert "w-50" in write("{% bar 5 10 %}")
    assert "w-1 " in write("{% bar 1 1000 %}") or 'w-1"' in write("{% bar 1 1000 %}")
    assert "w-100" in write("{% bar 12 10 %}")
    assert "w-0" in write("{% bar 0 0 %}")


def test_dates_and_moments_are_local_and_chinese():
    late = dt.datetime(2026, 11, 21, 16, 5, tzinfo=dt.UTC)

    assert write("{{ when|day }} {{ when|month_day }} {{ when|moment }}", when=late) == (
        "2026年11月22日 11月22日 2026-11-22 00:05"
    )
    assert write("{{ when|day }}", when=None) == "-"


def test_names_and_numbers_are_masked():
    assert write('{{ "张三丰"|masked_name }} {{ "13812345678"|masked_phone }}') == "张** 138****5678"


def test_a_column_head_sorts_up_then_down_keeps_filters_and_forgets_the_page():
    def head(query):
        request = RequestFactory().get(f"/list/{query}")
        return Template('{% load page %}{% sort_header "open" "未化解" %}').render(Context({"request": request}))

    assert 'aria-sort="none"' in head("?page=3&village=2")
    assert 'href="?village=2&amp;sort=open"' in head("?page=3&village=2")
    assert 'aria-sort="ascending"' in head("?sort=open")
    assert 'href="?sort=-open"' in head("?sort=open")


def test_a_field_ties_its_help_and_error_to_its_control():
    class OneLine(forms.Form):
        line = forms.CharField(label="说明", help_text="不写姓名。")

    html = write('{% include "parts/_field.html" with field=form.line %}', form=OneLine({"line": ""}))

    assert 'for="id_line"' in html
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html).group(1).split()
    assert described
    assert all(f'id="{name}"' in html for name in described)


def test_every_icon_a_template_or_the_navigation_names_is_in_the_sprite():
    texts = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    named = {name for text in texts for name in re.findall(r'{% icon "([\w-]+)"', text)}
    named |= {name for text in texts for name in re.findall(r'icon_name="([\w-]+)"', text)}
    named |= set(
        re.findall(r'"([\w-]+)", (?:GRID|VILLAGE|OFFICES|TOWN|set)', (ROOT / "governance/navigation.py").read_text())
    )

    assert named >= {"home", "sitemap", "chart-bar"}
    assert named - set(assets.ICONS) == set()
