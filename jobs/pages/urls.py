"""The URLs of the pages."""

from django.urls import path

from jobs import ids  # noqa: F401  # registers <job_id:…>
from jobs.pages import compare, live, new_operation, operations, peek, trash, views, watch

app_name = "pages"

urlpatterns = [
    path("", views.job_list, name="job_list"),
    path("activity/", views.activity, name="activity"),
    path("status-tabs/", views.status_tabs, name="status_tabs"),
    path("live/", live.live, name="live"),
    path("live/jobs/<job_id:job_id>/", live.live_job, name="live_job"),
    path("watch/", watch.watch, name="watch"),
    path("jobs/<job_id:job_id>/", views.job_detail, name="job_detail"),
    path("jobs/<job_id:job_id>/peek/", peek.job_peek, name="job_peek"),
    path("trash/", trash.trash, name="trash"),
    path("operations/", operations.operations, name="operations"),
    path("operations/new/", new_operation.new_operation, name="new_operation"),
    path("operations/<job_id:operation_id>/", operations.operation, name="operation"),
    path("compare/", compare.compare, name="compare"),
]
