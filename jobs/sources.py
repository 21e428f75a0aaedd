"""What reports a status: the values of JobStatus.source."""

from enum import StrEnum


class Source(StrEnum):
    """By what a job entered a status. Values may be added."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"
    UNDO = "undo"
    OPERATION = "operation"
    RETENTION = "retention"
    AGENT = "agent"
    SEED = "seed"
