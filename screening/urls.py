"""The addresses of screening."""

app_name = "screening"
urlpatterns = []
