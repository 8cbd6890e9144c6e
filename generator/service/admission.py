"""Whether a job may enter the queue. Everything here is quick and comes before any weights."""

from __future__ import annotations

from pydantic import ValidationError

from generator.errors import RequestError
from generator.service.answers import RefusalError
from generator.service.engine import Engine
from promptkit.canonical import canonical
from promptkit.document import read
from promptkit.errors import CaptionError, UsageError
from promptkit.geometry import Size
from promptkit.job import Job, open_input_image, problems_of
from promptkit.lint import Finding, Options, Severity, lint


def read_job(body: bytes) -> Job:
    """The job in a request's body; RefusalError with every problem in it."""
    try:
        return Job.model_validate_json(body)
    except ValidationError as error:
        raise RefusalError(422, "invalid_job", "; ".join(problems_of(error))) from error


def admit(job: Job, engine: Engine, *, allow_findings: bool) -> None:
    """Raise RefusalError for a job that the engine should not start on."""
    if job.model is not None and job.model != engine.model:
        raise RefusalError(
            422,
            "other_model",
            f"this generator serves {engine.model}, not {job.model}; name that, or no model",
        )
    if not allow_findings:
        _refuse_errors(job)
    if job.input_image is not None:
        _check_picture(job.input_image)
    try:
        engine.check(job)
    except RequestError as error:
        raise RefusalError(422, "invalid_job", str(error)) from error


def _refuse_errors(job: Job) -> None:
    document = read(job.prompt)
    findings = lint(document, options=Options(Size(job.width, job.height)))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        lines = "\n".join(f"  {_line(finding)}" for finding in errors)
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise RefusalError(422, "findings", f"the caption has {count}:\n{lines}")
    try:
        canonical(document)
    except CaptionError as error:
        raise RefusalError(422, "findings", str(error)) from error


def _line(finding: Finding) -> str:
    where = finding.pointer or "caption"
    return f"{where}: {finding.code} {finding.slug}: {finding.message}"


def _check_picture(data: bytes) -> None:
    try:
        open_input_image(data)
    except UsageError as error:
        raise RefusalError(422, "invalid_job", f"input_image: {error}") from error
