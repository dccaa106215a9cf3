"""The addresses of accounts."""

from django.urls import path

from accounts import factor, first, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("first/", first.code, name="first"),
    path("first/password/", first.password, name="first_password"),
    path("sign-in/code/", factor.ask, name="second"),
    path("me/second-factor/", factor.set_up, name="second_set_up"),
    path("me/second-factor/codes/", factor.new_codes, name="recovery_codes"),
    path("me/second-factor/remove/", factor.remove, name="second_remove"),
    path("me/", views.me, name="me"),
    path("me/password/", views.password, name="password"),
    path("me/sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/phones/<int:pk>/revoke/", views.revoke_device, name="revoke_device"),
]
