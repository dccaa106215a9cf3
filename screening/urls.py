"""The addresses of screening."""

from django.urls import path

from screening import api

app_name = "screening"
urlpatterns = [
    path("api/v1/reports/", api.ReportsView.as_view(), name="api_reports"),
]
