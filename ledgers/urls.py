"""The addresses of ledgers."""

app_name = "ledgers"
urlpatterns = []
