"""The addresses of ledgers."""

from django.urls import path

from ledgers import month_views, views

app_name = "ledgers"
urlpatterns = [
    path("ledgers/", views.weekly_list, name="weekly_list"),
    path("ledgers/<slug:code>/<str:monday>/", views.week, name="week"),
    path("ledgers/<slug:code>/<str:monday>/print/", views.week_print, name="week_print"),
    path("ledgers/<slug:code>/<str:monday>/xlsx/", views.week_xlsx, name="week_xlsx"),
    path("ledgers/<slug:code>/<str:monday>/<slug:act>/", views.act, name="week_act"),
    path("town/month/", month_views.town_month, name="town_month"),
    path("town/<slug:code>/month/<str:month>/", month_views.town_month, name="town_month"),
    path("town/<slug:code>/month/<str:month>/print/", month_views.town_month_print, name="town_month_print"),
    path("town/<slug:code>/month/<str:month>/xlsx/", month_views.town_month_xlsx, name="town_month_xlsx"),
]
