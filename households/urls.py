"""The addresses of households."""

app_name = "households"
urlpatterns = []
