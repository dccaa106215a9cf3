"""The addresses of workdays."""

app_name = "workdays"
urlpatterns = []
