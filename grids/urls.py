"""The addresses of grids. The pages of areas join floors: governance adds them to this name space."""

from django.urls import path

from grids import views

app_name = "grids"
urlpatterns = [
    path("areas/outlines.json", views.outlines, name="boundaries"),
]
