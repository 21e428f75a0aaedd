"""The models: fields, constraints and indexes. jobs.changes, jobs.saved_views and jobs.access.tokens have the statements that
change them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from jobs.changes.single import JobChanges
from jobs.labels import MAX_LABELS, labels_object
from jobs.limits import MAX_TOKEN_NAME_LENGTH, MAX_VIEW_NAME_LENGTH, MAX_VIEWS
from jobs.names import VISIBLE_IN_DATABASE
from jobs.querysets import JobQuerySet, JobStatusQuerySet
from jobs.rows import COLUMNS, LABELS, WRITABLE, JobRow, Kind
from jobs.statuses import StatusType

MAX_NAME_LENGTH = 255
MAX_KEY_LENGTH = 255
MAX_REASON_LENGTH = 2_000

JobQueries = models.Manager.from_queryset(JobQuerySet)


class JobManager(JobChanges, JobQueries["Job"]):
    """Named reads and changes of jobs, without the cost of a queryset or an instance."""


class Job(models.Model):
    """A computational job. `current_status` always equals the newest row of its history."""

    name = models.CharField(max_length=MAX_NAME_LENGTH, db_collation="pg_c_utf8")
    current_status = models.CharField(
        max_length=16, choices=StatusType.choices, default=StatusType.PENDING, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # The id that another system gives the job
    key = models.CharField(max_length=MAX_KEY_LENGTH, null=True, db_collation="pg_c_utf8")
    # Each is "key=value"; sorted, and each key appears once.
    labels = ArrayField(models.TextField(), default=list, db_default=[])
    # The name folded for search and sorting (SQL: job_name_key). Stored, so that index-only scans can serve both.
    name_key = models.GeneratedField(
        expression=models.Func(models.F("name"), function="job_name_key"),
        output_field=models.TextField(db_collation="pg_c_utf8"),
        db_persist=True,
        editable=False,
    )

    objects = JobManager()

    class Meta:
        db_table = "job"
        constraints = [
            models.CheckConstraint(name="job_name_not_blank", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="job_name_visible", condition=models.Q(name__regex=VISIBLE_IN_DATABASE)
            ),
            models.CheckConstraint(
                name="job_status_known", condition=models.Q(current_status__in=StatusType.values)
            ),
            models.CheckConstraint(
                name="job_key_visible", condition=models.Q(key__regex=VISIBLE_IN_DATABASE)
            ),
            models.CheckConstraint(
                name="job_labels_few", condition=models.Q(labels__len__lte=MAX_LABELS)
            ),
            models.UniqueConstraint(
                fields=["key"], name="job_key", condition=models.Q(key__isnull=False)
            ),
        ]
        indexes = [
            # The unfiltered list, for each ordering
            models.Index(fields=["created_at", "id"], name="job_by_created"),
            models.Index(fields=["updated_at", "id"], name="job_by_updated"),
            models.Index(fields=["name_key", "id"], name="job_by_name"),
            # The list of one status, for each ordering
            models.Index(
                fields=["current_status", "created_at", "id"], name="job_by_status_created"
            ),
            models.Index(
                fields=["current_status", "updated_at", "id"], name="job_by_status_updated"
            ),
            models.Index(fields=["current_status", "name_key", "id"], name="job_by_status_name"),
            # Substrings of the name. A pending list larger than 1 MB stalls the insert that flushes it for 0.2 s
            GinIndex(
                OpClass("name_key", "gin_trgm_ops"),
                name="job_name_trigrams",
                fastupdate=True,
                gin_pending_list_limit=1024,
            ),
            # Jobs without labels, whose changes cost nothing, are not in it: a query repeats the condition.
            GinIndex(
                fields=["labels"],
                name="job_labels",
                condition=~models.Q(labels=[]),
                fastupdate=True,
                gin_pending_list_limit=1024,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Creates the job with its first status, or sets its writable columns. Ignores an assigned status."""
        if self._state.adding:
            self._load_row(Job.objects.create_pending(**self._values()))
            self._state.adding = False
        else:
            self._load_row(Job.objects.edit(self.pk, **self._values()))

    def record_status(self, status: StatusType) -> None:
        """Sets the status, appends it to the history, and refreshes this instance from the stored row.

        Raises Job.DoesNotExist if the job has been deleted.
        """
        self._load_row(Job.objects.record_status(self.pk, status))

    def _values(self) -> dict[str, Any]:
        """The writable columns, without those that get their default from the database."""
        values = {name: getattr(self, name) for name in WRITABLE}
        values = {name: v for name, v in values.items() if not isinstance(v, DatabaseDefault)}
        # Saving adds labels, and removes none: changes are merged.
        return values | {name: labels_object(values[name]) for name in LABELS if name in values}

    def _load_row(self, row: JobRow | None) -> None:
        if row is None:
            raise Job.DoesNotExist(f"Job {self.pk} has been deleted.")
        for name, kind, *_ in COLUMNS:
            value = getattr(row, name)
            setattr(self, name, datetime.fromisoformat(value) if kind is Kind.TIME else value)
        self._state.db = connection.alias


class JobStatus(models.Model):
    """An entry of a job's history: the status that it entered, and when. Immutable once written."""

    # The database cascades the deletion (jobs.migrations): Django would delete a long history row by row.
    job = models.ForeignKey(
        Job, models.DO_NOTHING, related_name="statuses", db_constraint=False, db_index=False
    )
    status_type = models.CharField(max_length=16, choices=StatusType.choices)
    timestamp = models.DateTimeField(editable=False)
    # The id of the entry that this one undoes. Not a foreign key: both are deleted together with their job.
    undoes = models.BigIntegerField(null=True, editable=False)
    # Why, as its reporter says
    reason = models.CharField(max_length=MAX_REASON_LENGTH, null=True, editable=False)
    # By what: a value of Source; null for entries from before there was this column
    source = models.CharField(max_length=16, null=True, editable=False)
    # By whom: the id of the user; null in open mode
    actor = models.BigIntegerField(null=True, editable=False)
    # When it happened, as its reporter says. The order of the history is that of the ids.
    occurred_at = models.DateTimeField(null=True, editable=False)
    # The operation that appended it. Not a foreign key: an operation can be forgotten before the history.
    operation_id = models.BigIntegerField(null=True, editable=False)

    objects = JobStatusQuerySet.as_manager()

    class Meta:
        db_table = "job_status"
        constraints = [
            models.CheckConstraint(
                name="job_status_type_known", condition=models.Q(status_type__in=StatusType.values)
            )
        ]
        indexes = [
            # A job's history, newest first, and its cascading deletion
            models.Index(fields=["job", "id"], name="job_status_of_job"),
            # The entries that an operation has appended
            models.Index(
                fields=["operation_id", "job"],
                name="job_status_of_operation",
                condition=models.Q(operation_id__isnull=False),
            ),
            # What a user has changed, apart from operations and imports: the audit
            models.Index(
                fields=["actor", "timestamp", "id"],
                name="job_status_by_actor",
                condition=models.Q(actor__isnull=False, operation_id__isnull=True)
                & ~models.Q(source="import"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status_type} since {self.timestamp:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError for a new entry; the database refuses to change an existing one (job_status_append_only)."""
        if self._state.adding:
            raise TypeError(
                "An entry is appended together with the job's status: use record_status()."
            )
        super().save(*args, **kwargs)


class SavedView(models.Model):
    """A name for a search with its status tabs, ordering, page size and columns: its maker's, or shared by all.

    The search is stored as text: it outlives a change of the search language, by which it may become invalid.
    """

    name = models.CharField(max_length=MAX_VIEW_NAME_LENGTH, db_collation="pg_c_utf8")
    name_key = models.GeneratedField(
        expression=models.Func(models.F("name"), function="job_name_key"),
        output_field=models.TextField(db_collation="pg_c_utf8"),
        db_persist=True,
        editable=False,
    )
    statuses = ArrayField(models.CharField(max_length=16))
    q = models.TextField(blank=True)
    ordering = models.CharField(max_length=16)
    page_size = models.IntegerField()
    # Those that are shown, in order; empty for the columns that each viewer has chosen.
    columns = ArrayField(models.CharField(max_length=32))
    position = models.IntegerField()
    is_default = models.BooleanField()
    # The user who made it; null in open mode. Not a foreign key: a shared view outlives its maker.
    owner_id = models.BigIntegerField(null=True)
    is_shared = models.BooleanField(db_default=True)
    # The list that it is in: names, positions and the default are those of a list.
    place = models.GeneratedField(
        expression=models.Case(
            models.When(is_shared=True, then=models.Value(0)),
            default=models.F("owner_id"),
            output_field=models.BigIntegerField(),
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
        editable=False,
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "saved_view"
        constraints = [
            models.CheckConstraint(
                name="saved_view_name_visible",
                condition=models.Q(name__regex=VISIBLE_IN_DATABASE),
            ),
            # Together with the unique positions, this limits the number of views.
            models.CheckConstraint(
                name="saved_view_position_in_range",
                condition=models.Q(position__range=(1, MAX_VIEWS)),
            ),
            models.CheckConstraint(
                name="saved_view_private_has_owner",
                condition=models.Q(is_shared=True) | models.Q(owner_id__isnull=False),
            ),
            models.UniqueConstraint(fields=["place", "name_key"], name="saved_view_name"),
            # Deferrable: while a statement moves views, two may have the same position.
            models.UniqueConstraint(
                fields=["place", "position"],
                name="saved_view_position",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(
                fields=["place"],
                name="saved_view_default",
                condition=models.Q(is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LoginSession(models.Model):
    """Where a session was last seen. The database deletes it with its session, however that ends."""

    session = models.OneToOneField("sessions.Session", models.DO_NOTHING, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    begun_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    browser = models.TextField()

    class Meta:
        db_table = "login_session"
        indexes = [models.Index(fields=["user", "id"], name="login_session_of_user")]

    def __str__(self) -> str:
        return self.browser


class ProviderAccount(models.Model):
    """Whom a provider of OpenID Connect names by this subject, and whose account here that is."""

    issuer = models.TextField()
    subject = models.TextField()
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_login_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "provider_account"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="provider_account_subject"),
            models.UniqueConstraint(fields=["user", "issuer"], name="provider_account_user"),
        ]

    def __str__(self) -> str:
        return self.subject


class ApiToken(models.Model):
    """What a program proves with whose rights it calls. Its text is stored nowhere, only an HMAC of it."""

    key = models.TextField()
    pepper = models.IntegerField()
    digest = models.BinaryField()
    user = models.ForeignKey(User, models.CASCADE, db_index=False)
    name = models.CharField(max_length=MAX_TOKEN_NAME_LENGTH)
    scope = models.CharField(max_length=16)
    # Empty for everywhere
    networks = ArrayField(models.TextField())
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.GenericIPAddressField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # The form that made it: sent twice, it makes one token.
    form = models.UUIDField(null=True)

    class Meta:
        db_table = "api_token"
        constraints = [
            models.CheckConstraint(
                name="api_token_scope_known",
                condition=models.Q(scope__in=["read", "write", "admin", "agent"]),
            ),
            models.CheckConstraint(
                name="api_token_expires_later",
                condition=models.Q(expires_at__gt=models.F("created_at")),
            ),
            models.UniqueConstraint(fields=["key"], name="api_token_key"),
            models.UniqueConstraint(fields=["form"], name="api_token_form"),
        ]
        indexes = [models.Index(fields=["user", "id"], name="api_token_of_user")]

    def __str__(self) -> str:
        return self.key
