"""What an export had in it: whoever has its file can tell whether that is the whole of it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import receipts
from jobs.api import examples
from jobs.api.examples import answered
from jobs.api.openapi import refuses
from jobs.api.refusals import no_receipt
from jobs.api.views import JsonView

CHECK = """\
What was sent in an export that ran to its end; kept for 24 hours. A file is complete if its SHA-256 is the same. `jobs` is
the number of its lines or, in CSV, of its rows below the header.

There is no receipt until the last part is sent, nor for an export that broke off: 404 `receipt_not_found`."""


class ReceiptSerializer(serializers.Serializer[Any]):
    """What a whole export holds."""

    id = serializers.UUIDField(help_text="From the export's `Export-Id`.")
    jobs = serializers.IntegerField(min_value=0)
    bytes = serializers.IntegerField(min_value=0, help_text="The size of the file.")
    sha256 = serializers.RegexField("^[0-9a-f]{64}$", help_text="Of the file, in hexadecimal.")
    finished_at = serializers.DateTimeField()


get_export_receipt = extend_schema(
    operation_id="get_export_receipt",
    summary="Get the receipt of an export",
    description=CHECK,
    parameters=[
        OpenApiParameter(
            "export_id",
            {"type": "string", "format": "uuid"},
            OpenApiParameter.PATH,
            description="The export's `Export-Id`.",
        )
    ],
    responses={200: OpenApiResponse(ReceiptSerializer, "The receipt.")},
    examples=[answered(examples.RECEIPT)],
    extensions=refuses("receipt_not_found"),
)


class ReceiptView(JsonView):
    @get_export_receipt
    def get(self, request: Request, export_id: UUID) -> Response:
        receipt = receipts.find(export_id)
        if receipt is None:
            raise no_receipt()
        return Response(
            {
                "id": str(receipt.id),
                "jobs": receipt.jobs,
                "bytes": receipt.size,
                "sha256": receipt.sha256.hex(),
                "finished_at": receipt.finished_at,
            }
        )
