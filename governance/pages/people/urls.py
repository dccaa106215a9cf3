"""The addresses of people and their accounts."""

from django.urls import path

from governance.pages.people import exports, importing, views

app_name = "people"
urlpatterns = [
    path("", views.index, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("new/", views.new, name="new"),
    path("exports/", exports.index, name="exports"),
    path("exports/<int:pk>/decide/", exports.decide, name="decide_export"),
    path("exports/<int:pk>/download/", exports.download, name="download_export"),
    path("import/", importing.upload, name="import"),
    path("import/template.xlsx", importing.template, name="import_template"),
    path("import/<uuid:held_id>/", importing.preview, name="import_preview"),
    path("import/<uuid:held_id>/marked.xlsx", importing.marked, name="import_marked"),
    path("slips/", views.print_slips, name="slips"),
    path("phones/<int:pk>/revoke/", views.revoke_device, name="revoke_device"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/reveal/", views.reveal, name="reveal"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/second-factor/", views.remove_second_factor, name="remove_second_factor"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
]
