"""The addresses of households."""

from django.urls import path

from households import act_views, answer_views, proposal_views, roster_views, setting_views, views

app_name = "households"
urlpatterns = [
    path("households/", views.household_list, name="list"),
    path("households/export/", views.export, name="export"),
    path("households/import/", roster_views.rosters, name="rosters"),
    path("households/import/template/", roster_views.template, name="roster_template"),
    path("households/import/<uuid:sealing_id>/", roster_views.roster, name="roster"),
    path("households/import/<uuid:sealing_id>/columns/", roster_views.roster_columns, name="roster_columns"),
    path("households/import/<uuid:sealing_id>/confirm/", roster_views.confirm, name="roster_confirm"),
    path("households/import/<uuid:sealing_id>/cancel/", roster_views.cancel, name="roster_cancel"),
    path("households/import/<uuid:sealing_id>/undo/", roster_views.undo, name="roster_undo"),
    path("households/import/<uuid:sealing_id>/marked/", roster_views.marked, name="roster_marked"),
    path("households/enter/", act_views.enter, name="enter"),
    path("households/<str:code>/acts/<str:name>/", act_views.act, name="act"),
    path("households/<str:code>/people/<int:pk>/", act_views.person, name="person"),
    path("households/<str:code>/people/<int:pk>/in-clear/", act_views.reveal, name="reveal"),
    path("households/<str:code>/people/<int:pk>/answer/", answer_views.answer, name="answer"),
    path("households/<str:code>/people/<int:pk>/acts/<str:name>/", act_views.person_act, name="person_act"),
    path("areas/<str:code>/roster/", setting_views.setting, name="setting"),
    path("areas/<str:code>/roster/<str:name>/", setting_views.set_it, name="set"),
    path("areas/<str:code>/boundary/proposal/", proposal_views.proposal, name="proposal"),
    path("areas/<str:code>/boundary/proposal/points/", proposal_views.points, name="points"),
]
