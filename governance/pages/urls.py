"""The addresses of the pages that join the floors."""

from django.urls import path

from governance.pages import home

urlpatterns = [
    path("", home.home, name="home"),
]
