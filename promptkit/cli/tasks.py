"""Which pictures ``generate`` is to make: where each goes, and with which parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from promptkit.cli.parser import Namespace
from promptkit.cli.sources import Source
from promptkit.dispatch import ServedModel
from promptkit.errors import UnreadableInputError, UsageError
from promptkit.files import read_file
from promptkit.job import (
    DRAFT_MODEL,
    MAX_INPUT_IMAGE_BYTES,
    Job,
    open_input_image,
    overridden,
    read_record,
)


@dataclass(frozen=True, slots=True)
class Task:
    """One picture to make."""

    path: Path
    parameters: Mapping[str, Any]
    """What was asked for, without any defaults."""

    def job(self, served: ServedModel) -> Job:
        """The whole job, with the defaults of the model that does it."""
        named = {"model": served.name} | dict(self.parameters)
        return Job.of(**overridden(served.defaults, named))

    def is_done(self, job: Job, served: ServedModel) -> bool:
        """Whether the picture is there, made from this very job with these very weights.

        Raises:
            UsageError: if there is something else in its place that is not ours to replace.
        """
        if not self.path.exists():
            return False
        try:
            record = read_record(self.path)
        except UnreadableInputError as error:
            raise UsageError(f"{error}; move it away, or choose another folder with -o") from error
        same = job in (record.job, record.repeat)
        return same and record.made_by.model_hash == served.fingerprint


def plan(sources: Sequence[Source], args: Namespace) -> list[Task]:
    """Every picture that is asked for, each with a path of its own.

    Raises:
        UsageError: for parameters that do not fit, and for two captions with one path.
    """
    if args.count < 1:
        raise UsageError(f"generate: --count is {args.count}, expected at least 1")
    changes = changed_parameters(args)
    owners: dict[Path, str] = {}
    tasks: list[Task] = []
    for source in sources:
        parameters = overridden(source.parameters, changes)
        if args.model is not None:
            parameters.pop("model", None)  # a picture's own; the one that is served takes its place
        if args.input_image is not None and "denoising_strength" not in parameters:
            raise UsageError(
                "generate: --input-image needs --strength: at 1, which a job has without it, "
                "nothing of the picture is kept; try --strength 0.6"
            )
        for number in range(args.count):
            path = Path(args.out) / _file(source, number, args.count)
            owner = owners.setdefault(path, source.name)
            if owner != source.name:
                raise UsageError(
                    f"{owner} and {source.name} would both become {path}; rename one, or name "
                    "the folder that holds them both"
                )
            seed = parameters.get("seed")
            task = Task(path, parameters | ({} if seed is None else {"seed": seed + number}))
            _check(source.name, task.parameters, changes)
            tasks.append(task)
    return tasks


def only_model(tasks: Sequence[Task]) -> str | None:
    """The model that jobs and finished pictures name, for the generator to serve.

    Raises:
        UsageError: if they name several, or one whose place is not known.
    """
    names = {name for task in tasks if (name := task.parameters.get("model")) is not None}
    if len(names) > 1:
        several = ", ".join(sorted(names))
        raise UsageError(f"the jobs name several models ({several}); choose one with --model")
    for name in names:
        if name != DRAFT_MODEL and "/" not in name and not Path(name).is_dir():
            raise UsageError(
                f"the job was made with a folder called '{name}'; say where it is with --model"
            )
        return str(name)
    return None


DRAFT_GUIDANCE: Final = 3.0
"""What the draft model bears; the real one is at its best with more than twice as much."""


def draft_advice(served: ServedModel, jobs: Sequence[Job]) -> str | None:
    """What to say where the draft model is asked for what it cannot paint."""
    if served.name != DRAFT_MODEL:
        return None
    known = served.defaults.get("width"), served.defaults.get("height")
    preset = served.defaults.get("preset")
    for job in jobs:
        strong = job.preset != preset if job.preset else (job.cfg_scale or 0) > DRAFT_GUIDANCE
        gentler = f" --preset {preset}" if strong else ""
        if (job.width, job.height) != known:
            size = f"{known[0]}x{known[1]}"
            return (
                f"the draft model has learned {size} alone and paints hardly more than a ground at "
                f"{job.width}x{job.height}, slowly: add --size {size}{gentler}"
            )
        if strong:
            asked = job.preset or f"a guidance of {job.cfg_scale:g}"
            return f"the draft model burns colours out with {asked}: add{gentler}"
    return None


def changed_parameters(args: Namespace) -> dict[str, Any]:
    """What the command line says about every picture."""
    given = {
        "width": args.size.width if args.size else None,
        "height": args.size.height if args.size else None,
        "preset": args.preset,
        "num_inference_steps": args.steps,
        "cfg_scale": args.cfg_scale,
        "negative_prompt": args.negative_prompt,
        "seed": args.seed,
        "input_image": _input_image(args.input_image),
        "denoising_strength": args.strength,
    }
    return {name: value for name, value in given.items() if value is not None}


def _file(source: Source, number: int, count: int) -> Path:
    suffix = f"-{number + 1}" if count > 1 else ""
    return Path(source.stem.with_name(f"{source.stem.name}{suffix}.png"))


_OPTIONS: Final = {
    "num_inference_steps": "--steps",
    "cfg_scale": "--cfg-scale",
    "negative_prompt": "--negative-prompt",
    "seed": "--seed",
    "denoising_strength": "--strength",
}
"""What a parameter is called on the command line, where another word than its name says it."""


def _check(name: str, parameters: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    try:
        Job.of(**parameters)
    except UsageError as error:
        problem = str(error)
        for parameter in changes.keys() & _OPTIONS.keys():
            problem = re.sub(rf"\b{parameter}\b(?= is )", _OPTIONS[parameter], problem)
        raise UsageError(f"{name}: {problem}") from error


def _input_image(name: str | None) -> bytes | None:
    if name is None:
        return None
    data = read_file(Path(name), MAX_INPUT_IMAGE_BYTES + 1)
    if len(data) > MAX_INPUT_IMAGE_BYTES:
        limit = MAX_INPUT_IMAGE_BYTES >> 20
        raise UsageError(f"{name}: is larger than {limit} MiB; save it smaller")
    try:
        open_input_image(data)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from error
    return data
