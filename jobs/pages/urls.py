"""The URLs of the pages."""

from django.urls import path

from jobs import ids  # noqa: F401  # registers <job_id:…>
from jobs.access.permissions import Permission, needs
from jobs.pages import (
    audit,
    compare,
    live,
    new_operation,
    operations,
    peek,
    proposals,
    tokens,
    trash,
    views,
    watch,
)

app_name = "pages"

READ, CHANGE, ACCOUNT = Permission.READ, Permission.CHANGE, Permission.ACCOUNT
ADMINISTER = Permission.ADMINISTER

urlpatterns = [
    path("", needs(views.job_list, GET=READ), name="job_list"),
    path("activity/", needs(views.activity, GET=READ), name="activity"),
    path("status-tabs/", needs(views.status_tabs, GET=READ), name="status_tabs"),
    path("live/", needs(live.live, GET=READ), name="live"),
    path("live/jobs/<job_id:job_id>/", needs(live.live_job, GET=READ), name="live_job"),
    path("watch/", needs(watch.watch, GET=READ), name="watch"),
    path("jobs/<job_id:job_id>/", needs(views.job_detail, GET=READ), name="job_detail"),
    path("jobs/<job_id:job_id>/peek/", needs(peek.job_peek, GET=READ), name="job_peek"),
    path("trash/", needs(trash.trash, GET=READ), name="trash"),
    path("operations/", needs(operations.operations, GET=READ), name="operations"),
    path("operations/new/", needs(new_operation.new_operation, GET=CHANGE), name="new_operation"),
    path(
        "operations/<job_id:operation_id>/", needs(operations.operation, GET=READ), name="operation"
    ),
    path(
        "operations/proposals/<job_id:proposal_id>/",
        needs(proposals.proposal, GET=READ),
        name="proposal",
    ),
    path(
        "operations/proposals/<job_id:proposal_id>/approve/",
        needs(proposals.approve, POST=CHANGE),
        name="approve_proposal",
    ),
    path(
        "operations/proposals/<job_id:proposal_id>/decline/",
        needs(proposals.decline, POST=CHANGE),
        name="decline_proposal",
    ),
    path("compare/", needs(compare.compare, GET=READ), name="compare"),
    path("audit/", needs(audit.audit, GET=ADMINISTER), name="audit"),
    path("tokens/", needs(tokens.tokens, GET=ACCOUNT, POST=ACCOUNT), name="tokens"),
    path(
        "tokens/<job_id:token_id>/revoke/", needs(tokens.revoke, POST=ACCOUNT), name="revoke_token"
    ),
]
