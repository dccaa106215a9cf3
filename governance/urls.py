"""Every address of the platform, one include per app; each app names its own paths from the root."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from governance import health
from governance.pages import area, household, offline, town_settings, tree
from grids.urls import urlpatterns as grids_urls
from households.urls import urlpatterns as households_urls

# the pages of areas join floors, so they live up here; people and links know them by the name of their floor
AREAS = [
    path("areas/", tree.areas, name="areas"),
    path("areas/export.xlsx", tree.export, name="areas_export"),
    path("areas/<str:code>/branch/", tree.branch, name="branch"),
    path("areas/<str:code>/settings/", town_settings.settings, name="town_settings"),
    path("areas/<str:code>/settings/<slug:what>/", town_settings.change, name="town_setting"),
    *grids_urls,
    path("areas/<str:code>/", area.area, name="area"),
]
# so does the page of a household
HOMES = [*households_urls, path("households/<str:code>/", household.household, name="home")]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("sw.js", offline.worker, name="worker"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("governance.pages.urls")),
    path("", include("accounts.urls")),
    path("people/", include("governance.pages.people.urls")),
    path("", include((AREAS, "grids"))),
    path("", include("households.party_urls")),
    path("", include((HOMES, "households"))),
    path("", include("screening.urls")),
    path("", include("disputes.urls")),
    path("", include("orders.urls")),
    path("", include("ledgers.urls")),
    path("", include("workdays.urls")),
]

handler400 = "governance.pages.errors.bad_request"
handler403 = "governance.pages.errors.forbidden"
handler404 = "governance.pages.errors.not_found"
handler500 = "governance.pages.errors.server_error"
