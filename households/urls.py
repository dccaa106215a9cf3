"""The addresses of households."""

from django.urls import path

from households import proposal_views, roster_views, views

app_name = "households"
urlpatterns = [
    path("households/", views.household_list, name="list"),
    path("households/export/", views.export, name="export"),
    path("households/import/", roster_views.rosters, name="rosters"),
    path("households/import/template/", roster_views.template, name="roster_template"),
    path("households/import/<uuid:sealing_id>/", roster_views.roster, name="roster"),
    path("households/import/<uuid:sealing_id>/columns/", roster_views.roster_columns, name="roster_columns"),
    path("households/import/<uuid:sealing_id>/confirm/", roster_views.confirm, name="roster_confirm"),
    path("households/import/<uuid:sealing_id>/cancel/", roster_views.cancel, name="roster_cancel"),
    path("households/import/<uuid:sealing_id>/undo/", roster_views.undo, name="roster_undo"),
    path("households/import/<uuid:sealing_id>/marked/", roster_views.marked, name="roster_marked"),
    path("areas/<str:code>/boundary/proposal/", proposal_views.proposal, name="proposal"),
    path("areas/<str:code>/boundary/proposal/points/", proposal_views.points, name="points"),
]
