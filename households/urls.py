"""The addresses of households."""

from django.urls import path

from households import views

app_name = "households"
urlpatterns = [
    path("households/", views.household_list, name="list"),
    path("households/export/", views.export, name="export"),
]
