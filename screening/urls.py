"""The addresses of screening."""

from django.urls import path

from screening import api, desk, list_pages, views, visit_api, visit_pages, visit_views

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
    path("visits/", visit_pages.visits, name="visits"),
    path("visits/export/", visit_pages.export_visits, name="export_visits"),
    path("visits/due/", visit_pages.due, name="visits_due"),
    path("visits/due/export/", visit_pages.export_due, name="export_visits_due"),
    path("visits/round/", visit_views.visit_round_page, name="round"),
    path("visits/new/", visit_views.record, name="record_visit"),
    path("visits/reception/", visit_views.receive, name="receive"),
    path("visits/<int:pk>/", visit_views.visit, name="visit"),
    path("visits/<int:pk>/correct/", visit_views.correct, name="correct_visit"),
    path("visits/<int:pk>/withdraw/", visit_views.withdraw, name="withdraw_visit"),
    path("visits/plan/<str:code>/", visit_views.plan, name="visit_plan"),
    path("api/v1/visits/", visit_api.VisitsView.as_view(), name="api_visits"),
    path("api/v1/reports/", api.ReportsView.as_view(), name="api_reports"),
]
