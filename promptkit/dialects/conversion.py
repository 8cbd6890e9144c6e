"""From text in any form that can be told to a canonical caption, and an account of what changed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from promptkit.canonical import canonical_of
from promptkit.dialects.draft import Draft, listed
from promptkit.dialects.registry import all_dialects, find_dialect
from promptkit.dialects.sizes import declared_ratio, declared_size, size_of_ratio
from promptkit.document import Document, Node, plain, read
from promptkit.errors import CaptionError
from promptkit.geometry import Size


@dataclass(frozen=True, slots=True)
class Conversion:
    """A caption in the trained form, and how it came about."""

    caption_text: str
    """Compact, in the order of the schema. Lint it: what is no dialect's matter stays as it was."""
    changes: tuple[str, ...]
    """One line for each change, in the past tense, in the order in which they were made."""
    dialects: tuple[str, ...]
    """The names of the dialects that were found or asked for."""
    size: Size | None
    """The picture's size, if the caller or the file gave it: a parameter of the rendering."""


def convert(
    source: str | bytes | Document, dialect: str | None = None, size: Size | None = None
) -> Conversion:
    """Turn a caption in a foreign form into one in the trained form.

    A ``dialect`` that is named is applied whatever the file looks like; all others are applied
    where they are found. ``size`` is that of the picture, for boxes in pixels.

    Raises:
        CaptionError: if there is no caption, or more than one, or a part cannot be converted
            without a guess; it names each such part.
        UsageError: if no dialect has the name.
    """
    asked = find_dialect(dialect) if dialect is not None else None
    document = source if isinstance(source, Document) else read(source)
    node = _only_caption(document)
    declared = declared_size(node)
    draft = Draft(plain(node), size or declared, has_canvas=declared is not None)
    draft.changes += _read_past(document, node)
    ratio = declared_ratio(node)
    if ratio and draft.size is None and (of_ratio := size_of_ratio(*ratio)):
        draft.size = of_ratio
        draft.note(f"took the size {of_ratio} for the ratio {ratio[0]}:{ratio[1]} beside it")
    used = []
    for each in all_dialects():
        if each is asked or (
            (asked is None or each.name not in asked.excludes) and each.detect(draft)
        ):
            each.apply(draft)
            used.append(each.name)
    if not draft.problems and not isinstance(draft.data, dict):
        draft.refuse("this is no object, and no known form of a caption")
    if draft.problems:
        raise CaptionError(draft.problems, where="cannot be converted")
    written = read(json.dumps(draft.data, ensure_ascii=False))
    if not written.roots:
        raise CaptionError(["it is too large to be a caption"], where="cannot be converted")
    text = canonical_of(written.roots[0])
    return Conversion(text, tuple(draft.changes), tuple(used), draft.size)


def _only_caption(document: Document) -> Node:
    if not document.captions:
        worst = [flaw.message for flaw in document.flaws if not flaw.edits]
        raise CaptionError(worst or ["no JSON was found"], where="cannot be converted")
    if len(document.captions) > 1:
        count = len(document.captions)
        message = f"{count} captions stand in one file; convert them one at a time"
        raise CaptionError([message], where="cannot be converted")
    return document.captions[0]


def _read_past(document: Document, node: Node) -> list[str]:
    """What the reader forgave, one line a kind, and the wrapper that was taken off."""
    changes = [
        f"read past {slug}" + (f" in {count} places" if count > 1 else "")
        for slug, count in Counter(flaw.slug for flaw in document.flaws).items()
        if slug != "wrapper"
    ]
    if node.parent is not None:
        changes.append(f"took the caption out of {node.pointer}")
        left = [member.name for member in node.parent.members if member.name != node.key]
        changes += [f"left {listed(left)} behind, which stood beside it"] if left else []
    return changes
