"""The addresses of the pages that join the floors; those of areas stand beside their floor's in governance/urls.py."""

from django.urls import path

from governance.pages import dashboard, home, system
from governance.pages.setup import beginning, choosing, county_list, grid_pages

urlpatterns = [
    path("", home.home, name="home"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("system/", system.system, name="system"),
    path("setup/", beginning.begin, name="set_up"),
    path("setup/list/", county_list.upload, name="set_up_list"),
    path("setup/list/<uuid:held_id>/", county_list.preview, name="set_up_list_preview"),
    path("setup/<str:code>/drop/", beginning.drop, name="set_up_drop"),
    path("setup/<str:code>/villages/", choosing.villages, name="set_up_villages"),
    path("setup/<str:code>/levels/", choosing.levels, name="set_up_levels"),
    path("setup/<str:code>/confirm/", choosing.confirm, name="set_up_confirm"),
    path("setup/<str:code>/grids/", grid_pages.grids, name="set_up_grids"),
    path("setup/<str:code>/grids/template.xlsx", grid_pages.template, name="set_up_template"),
    path("setup/<str:code>/grids/errors.xlsx", grid_pages.marked, name="set_up_marked"),
    path("setup/<str:code>/grids/confirm/", grid_pages.confirm_grids, name="set_up_confirm_grids"),
    path("setup/<str:code>/grids/discard/", grid_pages.discard_grids, name="set_up_discard_grids"),
    path("setup/<str:code>/next/", grid_pages.what_next, name="set_up_next"),
]
