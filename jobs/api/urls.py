"""The API's URLs."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from jobs import ids  # noqa: F401  # registers <job_id:…> and <job_key:…>
from jobs.api import views
from jobs.api.bulk_create import BulkCreateView
from jobs.api.bulk_delete import BulkDeleteView
from jobs.api.bulk_undo import BulkUndoView
from jobs.api.by_key import KeyedJobView
from jobs.api.document import SchemaView
from jobs.api.events.views import EventsView
from jobs.api.operations.views import (
    CancelView,
    FailureListView,
    OperationListView,
    OperationUndoView,
    OperationView,
    RetryView,
)
from jobs.api.problems import handler
from jobs.api.saved_views.views import SavedViewListView, SavedViewView
from jobs.api.transfers.exports import ExportView
from jobs.api.transfers.imports import ImportView
from jobs.api.transfers.receipts import ReceiptView
from jobs.api.trash.views import RestoreView, TrashedJobView, TrashView
from jobs.api.undo import UndoView

app_name = "api"

urlpatterns = [
    path("", views.RootView.as_view(), name="root"),
    path("jobs/", views.JobListView.as_view(), name="jobs"),
    path("jobs/export/", ExportView.as_view(), name="export"),
    path("jobs/export/<uuid:export_id>/", ReceiptView.as_view(), name="receipt"),
    path("jobs/import/", ImportView.as_view(), name="import"),
    path("jobs/bulk/", BulkCreateView.as_view(), name="bulk_create"),
    path("jobs/undo/", BulkUndoView.as_view(), name="bulk_undo"),
    path("jobs/delete/", BulkDeleteView.as_view(), name="bulk_delete"),
    path("jobs/by-key/<job_key:key>/", KeyedJobView.as_view(), name="job_by_key"),
    path("jobs/counts/", views.CountsView.as_view(), name="counts"),
    path("jobs/<job_id:job_id>/", views.JobView.as_view(), name="job"),
    path("jobs/<job_id:job_id>/statuses/", views.StatusListView.as_view(), name="statuses"),
    path("jobs/<job_id:job_id>/undo/", UndoView.as_view(), name="undo"),
    path("operations/", OperationListView.as_view(), name="operations"),
    path("operations/<job_id:operation_id>/", OperationView.as_view(), name="operation"),
    path("operations/<job_id:operation_id>/failures/", FailureListView.as_view(), name="failures"),
    path("operations/<job_id:operation_id>/cancel/", CancelView.as_view(), name="cancel_operation"),
    path("operations/<job_id:operation_id>/retry/", RetryView.as_view(), name="retry_operation"),
    path(
        "operations/<job_id:operation_id>/undo/",
        OperationUndoView.as_view(),
        name="undo_operation",
    ),
    path("views/", SavedViewListView.as_view(), name="views"),
    path("views/<job_id:view_id>/", SavedViewView.as_view(), name="view"),
    path("trash/", TrashView.as_view(), name="trash"),
    path("trash/restore/", RestoreView.as_view(), name="restore"),
    path("trash/<job_id:trashed_id>/", TrashedJobView.as_view(), name="trashed_job"),
    path("events/", EventsView.as_view(), name="events"),
    path("health/", views.HealthView.as_view(), name="health"),
    path("schema/", SchemaView.as_view(), name="schema"),
    # No URL below /api/ redirects to one with a slash: a client would repeat a POST as a GET.
    # Exempt from CSRF like the API's views, so that a POST gets a problem document.
    re_path("", csrf_exempt(handler.not_found)),
]
