"""The addresses of disputes."""

app_name = "disputes"
urlpatterns = []
