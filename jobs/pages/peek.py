"""A job beside the list: the parts of its page that say what happened, as a fragment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from jobs.models import Job
from jobs.pages.htmx import JOB_PEEK, is_for_fragment, render_page_or_fragment
from jobs.pages.parameters import JOB_PARAMETERS, page_parameters
from jobs.pages.read_only import read_only
from jobs.pages.story import story


@read_only
def job_peek(request: HttpRequest, job_id: int) -> HttpResponse:
    """Opened as a page, its URL leads to the job's own. A deleted job is said to be deleted: 404, with the fragment."""
    if not is_for_fragment(request):
        query = request.META["QUERY_STRING"]
        return redirect(f"/jobs/{job_id}/{'?' if query else ''}{query}")
    job = Job.objects.row(job_id)
    context = {"job_id": job_id}
    if job is not None:
        context |= story(job, page_parameters(request.GET, JOB_PARAMETERS).query)
    status = 404 if job is None else 200
    return render_page_or_fragment(request, JOB_PEEK.template, JOB_PEEK, context, status)
