"""The API's URLs."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from jobs import ids  # noqa: F401  # registers <job_id:…> and <job_key:…>
from jobs.access.permissions import Permission, needs
from jobs.api import health, views
from jobs.api.audit.views import AuditExportView, AuditView
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
    permission_to_start,
)
from jobs.api.problems import error_views
from jobs.api.proposals.views import (
    ApproveView,
    DeclineView,
    ProposalListView,
    ProposalView,
)
from jobs.api.saved_views.views import SavedViewListView, SavedViewView
from jobs.api.transfers.exports import ExportView
from jobs.api.transfers.imports import ImportView
from jobs.api.transfers.receipts import ReceiptView
from jobs.api.trash.views import RestoreView, TrashedJobView, TrashView
from jobs.api.undo import UndoView

app_name = "api"

READ, CHANGE, ADMINISTER = Permission.READ, Permission.CHANGE, Permission.ADMINISTER

urlpatterns = [
    path("", needs(views.RootView.as_view(), GET=READ), name="root"),
    path(
        "jobs/",
        needs(views.JobListView.as_view(), GET=READ, POST=CHANGE, PATCH=CHANGE),
        name="jobs",
    ),
    path("jobs/export/", needs(ExportView.as_view(), GET=READ), name="export"),
    path("jobs/export/<uuid:export_id>/", needs(ReceiptView.as_view(), GET=READ), name="receipt"),
    path("jobs/import/", needs(ImportView.as_view(), POST=CHANGE), name="import"),
    path("jobs/bulk/", needs(BulkCreateView.as_view(), POST=CHANGE), name="bulk_create"),
    path("jobs/undo/", needs(BulkUndoView.as_view(), POST=CHANGE), name="bulk_undo"),
    path("jobs/delete/", needs(BulkDeleteView.as_view(), POST=CHANGE), name="bulk_delete"),
    path(
        "jobs/by-key/<job_key:key>/",
        needs(KeyedJobView.as_view(), GET=READ, PUT=CHANGE),
        name="job_by_key",
    ),
    path("jobs/counts/", needs(views.CountsView.as_view(), GET=READ), name="counts"),
    path(
        "jobs/<job_id:job_id>/",
        needs(views.JobView.as_view(), GET=READ, PATCH=CHANGE, DELETE=CHANGE),
        name="job",
    ),
    path(
        "jobs/<job_id:job_id>/statuses/",
        needs(views.StatusListView.as_view(), GET=READ),
        name="statuses",
    ),
    path("jobs/<job_id:job_id>/undo/", needs(UndoView.as_view(), POST=CHANGE), name="undo"),
    path(
        "operations/",
        needs(OperationListView.as_view(), GET=READ, POST=permission_to_start),
        name="operations",
    ),
    path(
        "operations/<job_id:operation_id>/",
        needs(OperationView.as_view(), GET=READ),
        name="operation",
    ),
    path(
        "operations/<job_id:operation_id>/failures/",
        needs(FailureListView.as_view(), GET=READ),
        name="failures",
    ),
    path(
        "operations/<job_id:operation_id>/cancel/",
        needs(CancelView.as_view(), POST=CHANGE),
        name="cancel_operation",
    ),
    path(
        "operations/<job_id:operation_id>/retry/",
        needs(RetryView.as_view(), POST=CHANGE),
        name="retry_operation",
    ),
    path(
        "operations/<job_id:operation_id>/undo/",
        needs(OperationUndoView.as_view(), POST=CHANGE),
        name="undo_operation",
    ),
    path("proposals/", needs(ProposalListView.as_view(), GET=READ), name="proposals"),
    path(
        "proposals/<job_id:proposal_id>/",
        needs(ProposalView.as_view(), GET=READ),
        name="proposal",
    ),
    path(
        "proposals/<job_id:proposal_id>/approve/",
        needs(ApproveView.as_view(), POST=CHANGE),
        name="approve_proposal",
    ),
    path(
        "proposals/<job_id:proposal_id>/decline/",
        needs(DeclineView.as_view(), POST=CHANGE),
        name="decline_proposal",
    ),
    path("views/", needs(SavedViewListView.as_view(), GET=READ, POST=CHANGE), name="views"),
    path(
        "views/<job_id:view_id>/",
        needs(SavedViewView.as_view(), GET=READ, PATCH=CHANGE, DELETE=CHANGE),
        name="view",
    ),
    path("trash/", needs(TrashView.as_view(), GET=READ), name="trash"),
    path("trash/restore/", needs(RestoreView.as_view(), POST=CHANGE), name="restore"),
    path(
        "trash/<job_id:trashed_id>/",
        needs(TrashedJobView.as_view(), GET=READ, DELETE=ADMINISTER),
        name="trashed_job",
    ),
    path("audit/", needs(AuditView.as_view(), GET=ADMINISTER), name="audit"),
    path("audit/export/", needs(AuditExportView.as_view(), GET=ADMINISTER), name="audit_export"),
    path("events/", needs(EventsView.as_view(), GET=READ), name="events"),
    path("health/", needs(health.HealthView.as_view(), GET=Permission.PUBLIC), name="health"),
    path("health/live/", needs(health.LiveView.as_view(), GET=Permission.PUBLIC), name="live"),
    path("health/ready/", needs(health.ReadyView.as_view(), GET=Permission.PUBLIC), name="ready"),
    path("schema/", needs(SchemaView.as_view(), GET=READ), name="schema"),
    # No URL below /api/ redirects to one with a slash: a client would repeat a POST as a GET.
    # Exempt from CSRF like the API's views, so that a POST gets a problem document.
    re_path(
        "",
        needs(
            csrf_exempt(error_views.not_found),
            GET=READ,
            POST=READ,
            PUT=READ,
            PATCH=READ,
            DELETE=READ,
        ),
    ),
]
