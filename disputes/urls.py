"""The addresses of disputes."""

from django.urls import path

from disputes import views

app_name = "disputes"
urlpatterns = [
    path("disputes/", views.index, name="list"),
    path("disputes/export/", views.export, name="export"),
    path("disputes/new/", views.register, name="register"),
    path("disputes/<int:pk>/", views.detail, name="detail"),
    path("disputes/<int:pk>/in-clear/", views.reveal, name="reveal"),
    path("disputes/<int:pk>/<slug:action>/", views.act, name="act"),
]
