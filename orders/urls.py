"""The addresses of service orders."""

from django.urls import path

from orders import views

app_name = "orders"
urlpatterns = [
    path("orders/", views.index, name="list"),
    path("orders/export/", views.export, name="export"),
    path("orders/new/", views.place, name="place"),
    path("orders/<int:pk>/", views.detail, name="detail"),
    path("orders/<int:pk>/in-clear/", views.reveal, name="reveal"),
    path("orders/<int:pk>/<slug:action>/", views.act, name="act"),
]
