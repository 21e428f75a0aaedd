"""The floors, which no call can beat: a response without the database, and fifty rows passed on as JSON text."""

from typing import Final

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

UTC_TIME: Final = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
LABELS: Final = """
    CASE WHEN labels = '{}' THEN '{}' ELSE (
        SELECT json_object_agg(split_part(label, '=', 1), substr(label, strpos(label, '=') + 1)) FROM unnest(labels) AS label
    ) END
"""
FIFTY_ROWS: Final = f"""
    SELECT json_agg(page)::text FROM (
        SELECT id, name, current_status,
            {UTC_TIME.format("created_at")} AS created_at,
            {UTC_TIME.format("updated_at")} AS updated_at, key, {LABELS} AS labels
        FROM job ORDER BY job.created_at DESC, id DESC LIMIT 50
    ) AS page
"""  # noqa: S608  # constants above


def plain(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


def raw(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(FIFTY_ROWS)
        [rows] = cursor.fetchone()
    return HttpResponse(f'{{"results":{rows}}}', content_type="application/json")
