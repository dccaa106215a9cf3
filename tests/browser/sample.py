"""A page with every shared part on it: what the browser tests of the toolbox look at."""

from pathlib import Path

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_POST

from grids.models import Area

VILLAGES = ["东良村", "南沟村", "北社村", "西河底村", "信义村", "高台寺村"]
MAP_FIGURES = [98.25, 91.5, 100, None, 85, 85]
PAGE = Path(__file__).with_name("sample.html").read_text(encoding="utf-8")
PAPER = '{% extends "print.html" %}{% block heading %}名单{% endblock %}'


class SampleForm(forms.Form):
    line = forms.CharField(label="一句话说明", help_text="写清时间、地点、什么事，不写姓名。")
    kind = forms.ChoiceField(label="类别", choices=[("a", "婚姻家庭"), ("b", "邻里纠纷")])
    severity = forms.ChoiceField(
        label="程度", choices=[("1", "一般"), ("2", "较急"), ("3", "紧急")], widget=forms.RadioSelect
    )
    settled = forms.BooleanField(label="当场已化解", required=False)


def page(request):
    messages.success(request, "已保存。")
    rows = [
        {"name": name, "found": 3 + at * 2, "settled": 2 + at, "label": label, "tone": tone}
        for at, (name, (label, tone)) in enumerate(
            zip(VILLAGES, [("已签", "good"), ("待签", "warn"), ("逾期", "bad"), ("草稿", "calm")] * 2, strict=False)
        )
    ]
    today = request.user.created_at
    context = {
        "rows": rows, "form": SampleForm({"line": ""}), "today": today, "area": Area.objects.get(kind="grid"),
        "page_obj": Paginator(range(95), 20).page(2),
    }  # fmt: skip
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


def outlines(request):
    """Six squares in two rows; one village has no figure."""
    features = []
    for at, (name, value) in enumerate(zip(VILLAGES, MAP_FIGURES, strict=True)):
        west, south = 112.8 + at % 3 * 0.03, 36.8 + at // 3 * 0.03
        ring = [[west, south], [west + 0.03, south], [west + 0.03, south + 0.03], [west, south + 0.03], [west, south]]
        texts = {} if value is None else {"rate": f"{value:.2f} %"}
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {
                    "name": name,
                    "url": f"/list/?village={at}",
                    "figures": {"rate": value, "open": at},
                    "texts": texts,
                },
            }
        )
    return JsonResponse({"type": "FeatureCollection", "features": features})


def listing(request):
    return HttpResponse(engines["django"].from_string(PAPER).render({}, request))


@require_POST
def echo(request):
    """Answers a part to htmx; Django has checked the token that came as a header."""
    return HttpResponse("收到" if request.htmx else "整页")


def refused(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("planted")


def place(app, name):
    """Stands where an app's own page stands, so that the navigation is full."""
    return path(f"{app}/{name}/", include(([path("", listing, name=name)], app)))


urlpatterns = [
    path("sample/", page, name="dashboard"),
    *[place("screening", "desk"), place("disputes", "list"), place("orders", "list"), place("ledgers", "weekly_list")],
    path("map.json", outlines),
    path("list/", listing),
    path("echo/", echo),
    path("refused/", refused),
    path("broken/", login_not_required(broken)),
    path("", include("governance.urls")),
]
handler403, handler404 = "governance.pages.errors.forbidden", "governance.pages.errors.not_found"
handler500 = "governance.pages.errors.server_error"
