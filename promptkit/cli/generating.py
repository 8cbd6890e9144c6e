"""What ``promptkit generate`` does: check all captions, then render what is not there yet."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from promptkit.cli import console
from promptkit.cli.parser import Namespace
from promptkit.cli.progress import Progress
from promptkit.cli.selecting import Selector
from promptkit.cli.sources import Source, Sources
from promptkit.cli.tasks import Task, draft_advice, only_model, plan
from promptkit.counted import many
from promptkit.dispatch import (
    Crashed,
    Done,
    Failed,
    FailureCode,
    Generator,
    Picture,
    Update,
    open_generator,
)
from promptkit.errors import (
    CaptionError,
    ExitCode,
    PromptkitError,
    UnreadableInputError,
    UsageError,
)
from promptkit.files import shown_path, write_file
from promptkit.lint import Severity, lint
from promptkit.report import Checked, Format, Look, render

SHEET: Final = "contact-sheet.png"
BLOCKED: Final = (
    "looks like the grey picture that the model paints when it refuses a prompt. What to look at "
    "in the caption: words that read as unsafe; no elements at all, or one that fills the frame; "
    "keys that the schema does not have; very many elements"
)


def generate(args: Namespace) -> ExitCode:
    """Run the command."""
    options = _serving(args)
    if args.server and options:
        raise UsageError(
            f"generate: {options[0]} is for a generator here; over there give it to "
            "'python -m generator serve'"
        )
    sources = Sources(args.files)
    found = list(sources)
    if sources.failed:
        unread = "mend what cannot be read, or leave it out"
        none = "a caption is a *.json file that holds a caption's keys"
        console.talk(f"no picture was made: {unread if sources.unread else none}")
        return ExitCode.USAGE
    tasks = plan(found, args)
    sheet = Path(args.out) / SHEET
    if args.contact_sheet and any(task.path == sheet for task in tasks):
        raise UsageError(f"{sheet} would be a picture and the contact sheet; rename its caption")
    if not args.allow_findings and _report_errors(found, args):
        console.talk("no picture was made: mend the errors, or add --allow-findings")
        return ExitCode.FINDINGS
    model = args.model or (None if args.server else only_model(tasks))
    with open_generator(args.server, model=model, hear=_hear, options=options) as generator:
        if generator.note:
            console.talk(generator.note)
        code = _Batch(generator, tasks, overwrite=args.overwrite).render()
    if args.contact_sheet:
        _write_sheet(sheet, tasks)
    return code


def _serving(args: Namespace) -> list[str]:
    """How a generator here is to serve."""
    whole = [] if not args.no_unconditional else ["--no-unconditional"]
    return [*whole, *(["--tier", args.tier] if args.tier else [])]


class _Batch:
    """The pictures of one command."""

    def __init__(self, generator: Generator, tasks: Sequence[Task], *, overwrite: bool) -> None:
        """Raises UsageError where pictures would be lost and ``overwrite`` does not allow it."""
        self._generator = generator
        jobs = [task.job(generator.served) for task in tasks]
        self._open = [
            (task, job)
            for task, job in zip(tasks, jobs, strict=True)
            if not task.is_done(job, generator.served)
        ]
        self._kept = len(tasks) - len(self._open)
        advice = draft_advice(generator.served, [job for _, job in self._open])
        if advice:
            console.talk(advice)
        others = [task.path for task, _ in self._open if task.path.exists()]
        if others and not overwrite:
            more = f", and {many(len(others) - 1, 'picture')} more" if len(others) > 1 else ""
            raise UsageError(
                f"{shown_path(others[0])}: made with other parameters or weights{more}; "
                "choose another folder with -o, or replace with --overwrite"
            )
        self._made = self._failed = self._refused = self._blocked = 0
        self._progress = Progress(len(self._open))

    def render(self) -> ExitCode:
        """Make them, and say how it went."""
        if self._kept:
            console.talk(f"{many(self._kept, 'picture')} already there")
        try:
            # They have been linted here, with the user's own configuration.
            jobs = [job for _, job in self._open]
            for update in self._generator.render(jobs, allow_findings=True):
                self._take(update)
        except (PromptkitError, KeyboardInterrupt):
            self._progress.close()
            left = len(self._open) - self._made
            console.talk(f"{many(left, 'picture')} not made; the same command goes on from there")
            raise
        self._progress.close()
        if self._failed:
            console.talk(f"{many(self._failed, 'picture')} failed; {self._made} made")
            return ExitCode.USAGE if self._refused == self._failed else ExitCode.GENERATOR
        return ExitCode.FINDINGS if self._blocked else ExitCode.OK

    def _take(self, update: Update) -> None:
        path = self._open[update.index][0].path
        name, event = shown_path(path), update.event
        if isinstance(event, Picture):
            _save(path, event.png)
            self._made += 1
            self._progress.finish(name, event.done)
            console.out(f"{name}\n")
            if event.done.blocked:
                self._blocked += 1
                self._progress.say(f"{name}: {BLOCKED}")
        elif isinstance(event, Failed):
            self._failed += 1
            self._refused += event.code is FailureCode.REFUSED
            self._progress.finish(name, None)
            self._progress.say(f"promptkit: {name}: {event.message}")
        elif isinstance(event, Crashed):
            self._progress.say(f"{event.last_words}\nstarting it again for {name}")
        elif not isinstance(event, Done):
            self._progress.show(name, event)


def _save(path: Path, png: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableInputError(f"{path.parent}: cannot be made: {error.strerror}") from error
    write_file(path, png)


def _report_errors(sources: Sequence[Source], args: Namespace) -> bool:
    """Tell the errors in the captions; whether there are any."""
    # The configuration's rules and no others: only what 'lint' calls an error stops a picture.
    as_configured = Namespace(
        select=(), extend_select=(), ignore=(), tokenizer=None, size=args.size
    )
    selector = Selector(as_configured)
    checked = []
    for source in sources:
        options = selector.options(source.input)
        if args.size is None and source.size is not None:
            options = replace(options, size=source.size)
        findings = lint(source.document, selector.selection(source.input), options)
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        checked.append(Checked(source.name, source.document, tuple(errors)))
    look = Look(console.has_color(sys.stderr), console.width(sys.stderr))
    sys.stderr.writelines(render(Format.TEXT, checked, look))
    found = any(result.findings for result in checked)
    for source in sources:
        if source.problem is not None and not found:
            mend = "write a caption, or add --allow-findings to render the text as it is"
            raise CaptionError(list(source.problem.problems), where=source.name, mend=mend)
    return found


def _hear(piece: str) -> None:
    """A download's progress is for whoever waits for it."""
    sys.stderr.write(piece)
    sys.stderr.flush()


def _write_sheet(path: Path, tasks: Sequence[Task]) -> None:
    from io import BytesIO  # noqa: PLC0415 - few want a sheet

    from promptkit.cli.sheet import contact_sheet  # noqa: PLC0415

    pictures = [(task.path.stem, task.path) for task in tasks if task.path.exists()]
    if pictures:
        buffer = BytesIO()
        contact_sheet(pictures).save(buffer, format="PNG")
        write_file(path, buffer.getvalue())
        console.out(f"{shown_path(path)}\n")
