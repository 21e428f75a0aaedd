"""The tools that change a few jobs, or propose to change many. None deletes."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from jobs.access.permissions import Permission
from jobs.api.bulk import result
from jobs.api.operations.views import preview_json
from jobs.api.proposals.views import proposal_json
from jobs.changes.bulk import Change, change_jobs
from jobs.mcp import arguments, schemas
from jobs.mcp.arguments import MAX_CHANGED, MAX_PROPOSED_IDS, PROPOSABLE
from jobs.mcp.schemas import OBJECT, SEARCH, TEXT
from jobs.mcp.tool import UNTRUSTED, Caller, Tool
from jobs.proposals.changes import EXPIRE_DAYS, Proposer, propose
from jobs.querysets import Count
from jobs.sources import Source


def set_status(values: Any, caller: Caller) -> dict[str, Any]:
    given = values.validated_data
    changes = [
        Change(job_id, given["status_type"], reason=given["reason"]) for job_id in given["ids"]
    ]
    outcomes = change_jobs(changes, Source.AGENT, caller.principal.actor)
    return {"results": [result(outcome) for outcome in outcomes]}


def propose_operation(values: Any, caller: Caller) -> dict[str, Any]:
    given, principal = values.validated_data, caller.principal
    preview = preview_json(given["selection"], given["action"])
    proposal = propose(
        given["action"],
        given["parameters"],
        given["selection"],
        bool(given.get("all")),
        given["reason"],
        Count(preview["count"], preview["count_relation"]),
        Proposer(principal.user_id, principal.token_id),
    )
    path = reverse("pages:proposal", args=[proposal.id])
    return {
        "proposal": proposal_json(proposal),
        "preview": preview,
        "url": caller.request.build_absolute_uri(path),
    }


CHANGING: Final = (
    Tool(
        name="set_status",
        title="Set the status of a few jobs",
        description=f"Records a status for up to {MAX_CHANGED} jobs at once, with a reason that their histories show. People see"
        " that an agent did it, and can undo it. Returns an outcome for each job. For more jobs, use propose_operation."
        + UNTRUSTED,
        arguments=arguments.StatusArguments,
        properties={
            "ids": schemas.ids(MAX_CHANGED),
            "status_type": schemas.STATUS,
            "reason": schemas.REASON,
        },
        required=("ids", "status_type", "reason"),
        output={
            "results": schemas.a_list(
                {
                    "type": "object",
                    "properties": {
                        "id": schemas.ID,
                        "status": {"type": "integer", "description": "As an HTTP status."},
                        "job": schemas.JOB,
                        "problem": OBJECT,
                    },
                    "required": ["id", "status"],
                }
            )
        },
        permission=Permission.CHANGE_FEW,
        is_destructive=True,
        run=set_status,
    ),
    Tool(
        name="propose_operation",
        title="Propose a change of many jobs",
        description="Proposes to set a status, label, delete or restore all jobs that a search finds, or those with ids. Changes"
        " nothing: a person sees the proposal with its preview, and approves or declines it. Give the url in the result to"
        f" that person. A proposal expires after {EXPIRE_DAYS} days; get_proposal says what came of it."
        + UNTRUSTED,
        arguments=arguments.ProposalArguments,
        properties={
            "action": {"type": "string", "enum": [action.value for action in PROPOSABLE]},
            "status_type": schemas.STATUS | {"description": "Only for set_status."},
            "labels": {
                "type": "object",
                "additionalProperties": {"type": ["string", "null"]},
                "description": "Labels to set; null removes a label. Only for label.",
            },
            **SEARCH,
            "ids": schemas.ids(MAX_PROPOSED_IDS)
            | {"description": "Instead of a search; restore needs ids or all."},
            "all": {"type": "boolean", "description": "All jobs, instead of a search."},
            "except": schemas.ids(MAX_PROPOSED_IDS) | {"description": "Jobs to leave out."},
            "reason": schemas.REASON,
        },
        required=("action", "reason"),
        output={"proposal": OBJECT, "preview": OBJECT, "url": TEXT},
        permission=Permission.PROPOSE,
        run=propose_operation,
    ),
)
