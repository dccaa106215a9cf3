"""The addresses of the pages that join the floors; those of areas stand beside their floor's in governance/urls.py."""

from django.urls import path

from governance.pages import dashboard, home, system

urlpatterns = [
    path("", home.home, name="home"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("system/", system.system, name="system"),
]
