"""The addresses of grids. The pages of areas join floors: governance adds them to this name space."""

from django.urls import path

from grids import post_views, right_views, staffing_views, team_views, views
from grids.outlines import import_views as imports
from grids.outlines import views as outlines
from grids.reshaping import views as reshaping

app_name = "grids"
urlpatterns = [
    path("areas/<str:code>/posts/", post_views.posts, name="posts"),
    path("areas/<str:code>/posts/new/", post_views.appoint, name="appoint"),
    path("posts/mine/", post_views.my_posts, name="my_posts"),
    path("posts/of/<int:pk>/", post_views.person, name="person"),
    path("posts/of/<int:pk>/phone/", post_views.phone, name="person_phone"),
    path("posts/<int:pk>/", post_views.post, name="post"),
    path("posts/<int:pk>/hand-over/", post_views.hand_over, name="hand_over"),
    path("posts/<int:pk>/<str:name>/", post_views.act, name="post_act"),
    path("areas/<str:code>/vacancies/", staffing_views.vacancies, name="vacancies"),
    path("areas/<str:code>/vacancies.xlsx", staffing_views.vacancies_xlsx, name="vacancies_xlsx"),
    path("areas/<str:code>/staffing/", staffing_views.choose, name="staffing"),
    path("areas/<str:code>/staffing/rows/", staffing_views.rows, name="staffing_rows"),
    path("areas/<str:code>/area-cadres/", staffing_views.cadres, name="cadres"),
    path("areas/<str:code>/teams/", team_views.register, name="teams"),
    path("teams/<int:pk>/", team_views.team, name="team"),
    path("teams/<int:pk>/end/", team_views.end, name="team_end"),
    path("teams/<int:pk>/members/<int:member>/leave/", team_views.leave, name="team_leave"),
    path("rights/", right_views.matrix, name="rights"),
    path("rights/ask/", right_views.ask, name="ask"),
    path("areas/<str:code>/notices/", team_views.all_notices, name="all_notices"),
    path("notices/<str:code>/", team_views.notice, name="notice"),
    path("areas/outlines.json", views.outlines, name="boundaries"),
    path("areas/where/", outlines.where, name="where"),
    path("areas/<str:code>/boundary/", outlines.boundary, name="boundary"),
    path("areas/<str:code>/boundary/end/", outlines.end, name="boundary_end"),
    path("areas/<str:code>/boundary/import/", imports.send, name="boundary_import"),
    path("areas/<str:code>/boundary/import/<int:pk>/", imports.preview, name="boundary_preview"),
    path("areas/<str:code>/changes/", reshaping.acts, name="changes"),
    path("areas/<str:code>/changes/<slug:kind>/", reshaping.change, name="change"),
    path("areas/<str:code>/changes/<int:pk>/withdraw/", reshaping.withdraw, name="withdraw_act"),
    path("areas/<str:code>/changes/<int:pk>/reverse/", reshaping.reverse, name="reverse_act"),
]
