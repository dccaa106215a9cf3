"""The addresses of orders."""

app_name = "orders"
urlpatterns = []
