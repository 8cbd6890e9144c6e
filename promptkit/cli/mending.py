"""Mend files, or show what mending them would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from promptkit.cli import console
from promptkit.cli.inputs import Input
from promptkit.document import Document, read
from promptkit.errors import UnreadableInputError
from promptkit.files import write_file
from promptkit.lint import Finding, Options, Selection, fix, lint


class Mender:
    """Checks files, and mends them where it is told to."""

    def __init__(self, *, fix: bool, diff: bool, unsafe: bool) -> None:
        self._active = fix or diff
        self._diff = diff
        self._unsafe = unsafe
        self.failed = False
        """Whether a file could not be written."""
        self.mended = 0
        """Findings."""
        self.changed = 0
        """Files."""

    def check(
        self, source: Input, selection: Selection, options: Options
    ) -> tuple[Document, Sequence[Finding]]:
        """A file's text and its findings; where it was mended, those of what it holds now.

        A file that is not UTF-8 is never written anew: its characters are not known.
        """
        text = _decoded(source.data) if self._active else None
        if text is None:
            document = read(source.data)
            return document, lint(document, selection, options)
        result = fix(text, selection, options, unsafe=self._unsafe)
        # What no fix was made on is not touched, whatever text comes back.
        after = result.text if result.fixed else text
        data = _encoded(after)
        if data is None:
            self._fail(f"{source.name}: not mended: half a character would have to be written")
        elif self._diff:
            console.out("".join(_diff(source.name, text, after)))
            self._count(result.fixed)
        elif self._write(source, data):
            self._count(result.fixed)
            return read(after), result.remaining
        document = read(source.data)
        return document, lint(document, selection, options)

    def _write(self, source: Input, data: bytes) -> bool:
        if source.path is None:
            console.out(data.decode())
            return True
        if data == source.data:
            return True
        try:
            write_file(source.path, data, expected=source.data)
        except UnreadableInputError as error:
            self._fail(str(error))
            return False
        return True

    def _count(self, fixed: Sequence[Finding]) -> None:
        self.changed += bool(fixed)
        self.mended += len(fixed)

    def _fail(self, message: str) -> None:
        self.failed = True
        console.talk(f"promptkit: {message}")


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _encoded(text: str) -> bytes | None:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    import difflib  # noqa: PLC0415 - for --diff alone

    old, new = (text.splitlines(keepends=True) for text in (before, after))
    for line in difflib.unified_diff(old, new, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
