"""The addresses of screening."""

from django.urls import path

from screening import api, desk, list_pages, views

app_name = "screening"
urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/nil/", views.file_nil, name="file_nil"),
    path("today/found/", views.found, name="found"),
    path("desk/", desk.desk, name="desk"),
    path("reports/", list_pages.reports, name="reports"),
    path("reports/export/", list_pages.export_reports, name="export_reports"),
    path("reports/<int:pk>/", views.report, name="report"),
    path("reports/<int:pk>/void/", views.void, name="void"),
    path("reports/<int:pk>/findings/<int:finding>/", views.correct, name="correct"),
    path("findings/", list_pages.findings, name="findings"),
    path("findings/export/", list_pages.export_findings, name="export_findings"),
    path("api/v1/reports/", api.ReportsView.as_view(), name="api_reports"),
]
