"""Where the JSON stands in a file, and what stands around it: prose, thoughts, code fences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from promptkit.document.edit import Edit
from promptkit.document.node import Flaw
from promptkit.document.quotes import QUOTES

_FENCE = re.compile(r"^[ \t]*(```|~~~)[ \t]*[\w.+-]*[ \t]*\n?(?=\s*[{\[])", re.MULTILINE)
_THOUGHT = re.compile(r"\s*<(think|thinking|thought|reasoning|scratchpad)>.*?</\1>", re.DOTALL)
_OPENS_JSON = re.compile(r"""[{\[]\s*(?:["'“‘{\[}\]/#]|\\["n]|[^\W\d]\w{0,40}\s*:|\.\.\.)""")
_OPENINGS = frozenset("{[(") | QUOTES.keys() - {"`"}
_SCALAR = re.compile(r"(?:-?\d[\d.eE+-]*|\w+|[/#].*|[}\],:].*)\s*", re.DOTALL)


@dataclass(slots=True)
class Body:
    """The part ``text[start:end]`` of a file that is to be read as JSON."""

    start: int
    end: int
    is_json: bool = True
    flaws: list[Flaw] = field(default_factory=list)


def find_body(text: str) -> Body:
    """Where the JSON stands in ``text``, if any does."""
    body = Body(0, len(text))
    if marks := len(text) - len(text.lstrip("\ufeff")):
        message = "the file begins with a byte-order mark; save it without"
        title = "Remove the mark"
        edits = (Edit(0, marks, ""),)
        body.flaws.append(Flaw("byte-order-mark", 0, marks, message, edits, fix_title=title))
        body.start = marks
    stripped = text[body.start :].lstrip()
    if not stripped:
        message = "the file is empty; write a caption in it"
        body.flaws.append(Flaw("empty-file", body.start, body.end, message))
        body.is_json = False
    elif stripped[0] not in _OPENINGS:
        _find_inside(text, stripped, body)
    return body


def plain_text(text: str) -> Flaw:
    """The flaw of a file that holds a sentence."""
    message = "plain text, not a JSON caption: the model was trained on captions and follows"
    return Flaw("plain-text", 0, len(text), f"{message} them best; write one")


def prose(text: str, start: int, end: int, where: str) -> Flaw:
    """The flaw of words around the JSON."""
    message = f"text stands {where} the caption; a caption file holds the JSON alone"
    edits = (Edit(start, end, ""),)
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    return Flaw("surrounding-text", first, end, message, edits, safe=False, fix_title="Remove it")


def _find_inside(text: str, stripped: str, body: Body) -> None:
    thought = _THOUGHT.match(text, body.start)
    begin = thought.end() if thought else body.start
    fence = _FENCE.search(text, begin)
    opening = _OPENS_JSON.search(text, begin)
    if fence and opening and opening.start() < fence.start():
        fence = None
    if fence:
        _fenced(text, fence, body)
    elif opening:
        body.flaws.append(prose(text, body.start, opening.start(), "before"))
        body.start = opening.start()
    elif not _SCALAR.fullmatch(stripped):
        body.flaws.append(plain_text(text))
        body.is_json = False


def _fenced(text: str, fence: re.Match[str], body: Body) -> None:
    mark = fence.group(1)
    closing = re.compile(rf"[ \t]*{mark}[ \t]*(?:\n|\Z)").search(text, fence.end())
    edits = [Edit(fence.start(), fence.end(), "")]
    if text[body.start : fence.start()].strip():
        body.flaws.append(prose(text, body.start, fence.start(), "before"))
    if closing:
        edits.append(Edit(closing.start(), closing.end(), ""))
        if text[closing.end() :].strip():
            body.flaws.append(prose(text, closing.end(), len(text), "behind"))
    message = "the caption stands in a Markdown code fence; a caption file holds the JSON alone"
    title = "Remove the fence"
    begin = fence.start() + len(fence.group()) - len(fence.group().lstrip())
    body.flaws.append(
        Flaw("code-fence", begin, begin + len(mark), message, tuple(edits), fix_title=title)
    )
    body.start, body.end = fence.end(), closing.start() if closing else len(text)
