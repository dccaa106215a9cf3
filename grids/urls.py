"""The addresses of grids."""

app_name = "grids"
urlpatterns = []
