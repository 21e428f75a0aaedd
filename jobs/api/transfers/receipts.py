"""Export receipts, by which clients check that a file is complete."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.http.base import JsonView
from jobs.api.openapi import examples
from jobs.api.openapi.examples import response_example
from jobs.api.openapi.hooks import fails_with
from jobs.api.problems.transfers import RECEIPT_LIFETIME, ReceiptNotFound
from jobs.transfer import receipts

CHECK = f"""\
Returns the size and the SHA-256 of a finished export, for {RECEIPT_LIFETIME}. A file is complete if its SHA-256 is the same. `jobs`
is the number of its lines or, in CSV, of the rows below the header.

Until the last part is sent, and for an export that was interrupted, the response is 404 `receipt_not_found`."""


class ReceiptSerializer(serializers.Serializer[Any]):
    """What a complete export contains."""

    id = serializers.UUIDField(help_text="The export's `Export-Id`.")
    jobs = serializers.IntegerField(min_value=0)
    bytes = serializers.IntegerField(min_value=0, help_text="The size of the file.")
    sha256 = serializers.RegexField(
        "^[0-9a-f]{64}$", help_text="The file's SHA-256, in hexadecimal."
    )
    finished_at = serializers.DateTimeField()


get_export_receipt = extend_schema(
    operation_id="get_export_receipt",
    summary="Get an export's receipt",
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
    examples=[response_example(examples.RECEIPT)],
    extensions=fails_with("receipt_not_found"),
)


class ReceiptView(JsonView):
    @get_export_receipt
    def get(self, request: Request, export_id: UUID) -> Response:
        receipt = receipts.find(export_id)
        if receipt is None:
            raise ReceiptNotFound
        return Response(
            {
                "id": str(receipt.id),
                "jobs": receipt.jobs,
                "bytes": receipt.size,
                "sha256": receipt.sha256.hex(),
                "finished_at": receipt.finished_at,
            }
        )
