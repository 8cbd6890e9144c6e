"""The job file: a caption with its render parameters in one JSON file.

The caption stands in it as an object under ``caption``, where people can read and edit it; a prompt
that is no canonical caption stands as a string under ``prompt``. The other members are a ``Job``'s.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from promptkit.canonical import canonical, pretty
from promptkit.caption import compact_json
from promptkit.document import read
from promptkit.errors import UsageError
from promptkit.job.model import Job, problems_of


def is_job_file(value: object) -> bool:
    """Whether parsed JSON is meant as a job rather than as a caption."""
    return (
        isinstance(value, dict)
        and ("caption" in value or "prompt" in value)
        and "compositional_deconstruction" not in value
    )


def load_job_file(text: str, where: str = "job file") -> Job:
    """Read a job file; UsageError as ``job_parameters``."""
    return Job(**job_parameters(text, where))


def job_parameters(text: str, where: str) -> dict[str, Any]:
    """The parameters that a job file names, checked, without the defaults of those it does not.

    The caption is written compactly in the order that it has: a job says exactly what the model
    reads, and mending captions is the linter's work.

    Raises:
        UsageError: naming what is wrong, beginning with ``where``.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: is not JSON: {error}") from error
    if not is_job_file(value):
        raise UsageError(f"{where}: is no job; a job has a 'caption' or a 'prompt' member")
    members: dict[str, Any] = dict(value)
    if "caption" in members:
        if "prompt" in members:
            raise UsageError(f"{where}: has both 'caption' and 'prompt'; leave one out")
        members["prompt"] = compact_json(members.pop("caption"))
    try:
        job = Job.model_validate_json(compact_json(members))
    except ValidationError as error:
        raise UsageError(f"{where}: {'; '.join(problems_of(error))}") from error
    return {name: getattr(job, name) for name in members}


def dump_job_file(job: Job) -> str:
    """The job as a file, without the parameters that have their default value."""
    members = job.model_dump(mode="json", exclude_defaults=True)
    prompt = members.pop("prompt")
    caption = _laid_out(prompt)
    head = f'"prompt": {compact_json(prompt)}' if caption is None else f'"caption": {caption}'
    rest = json.dumps(members, ensure_ascii=False, indent=2).removeprefix("{").strip()
    return f"{{\n  {head},\n  {rest}\n" if members else f"{{\n  {head}\n}}\n"


def _laid_out(prompt: str) -> str | None:
    """The prompt as an object over several lines, if reading that gives exactly this prompt."""
    try:
        value = json.loads(prompt)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or compact_json(value) != prompt:
        return None
    document = read(prompt)
    # The form for people also puts keys in order, and this prompt may have another.
    ordered = bool(document.captions) and canonical(document) == prompt
    text = pretty(document) if ordered else json.dumps(value, ensure_ascii=False, indent=2)
    return text.replace("\n", "\n  ")
