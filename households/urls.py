"""The addresses of households."""

from django.urls import path

from households import proposal_views, views

app_name = "households"
urlpatterns = [
    path("households/", views.household_list, name="list"),
    path("households/export/", views.export, name="export"),
    path("areas/<str:code>/boundary/proposal/", proposal_views.proposal, name="proposal"),
    path("areas/<str:code>/boundary/proposal/points/", proposal_views.points, name="points"),
]
