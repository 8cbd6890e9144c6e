"""Count a caption's tokens against the model's limit, field by field.

What is counted is the canonical form, whatever the file's layout. Without a vocabulary
(pip install 'promptkit[tokens]') the number is an estimate with an upper bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptkit.cli import console
from promptkit.cli.parser import Namespace, OneOf, Parser
from promptkit.errors import CaptionError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from promptkit.tokens import TokenCount


def configure(parser: Parser) -> None:
    """The file, the vocabulary, the form."""
    add = parser.add_argument
    form = OneOf("text", "json")
    add("file", metavar="FILE", help="a caption; '-' reads stdin")
    add("--tokenizer", metavar="PATH", help="a tokenizer.json, or the folder of a checkpoint")
    add("--format", default="text", type=form, metavar="FORM", help="text or json")


def run(args: Namespace) -> ExitCode:
    """Count; a caption over the limit is a finding.

    Raises:
        CaptionError: if the file holds no caption, or several.
    """
    import json  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from promptkit.canonical import canonical  # noqa: PLC0415
    from promptkit.cli.inputs import no_caption, read_text  # noqa: PLC0415
    from promptkit.document import read  # noqa: PLC0415
    from promptkit.tokens import LIMIT, count, load_tokenizer, usage  # noqa: PLC0415

    try:
        prompt = canonical(read(read_text(args.file)))
    except CaptionError as error:
        raise no_caption(error, args.file) from error
    path = Path(args.tokenizer) if args.tokenizer else None
    counted = count(prompt, path)
    tokenizer = load_tokenizer(path) if counted.exact else None
    used = usage(prompt, tokenizer) if tokenizer else None
    fields = {"(chat template)": used.template, **used.fields} if used else {}
    if args.format == "json":
        report = {
            "tokens": counted.tokens,
            "at_most": counted.at_most,
            "exact": counted.exact,
            "limit": LIMIT,
            "fields": dict(used.fields) if used else None,
        }
        console.out(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    else:
        console.out("".join(_lines(counted, fields, LIMIT)))
    return ExitCode.FINDINGS if counted.at_most > LIMIT else ExitCode.OK


def _lines(counted: TokenCount, fields: Mapping[str, int], limit: int) -> Iterator[str]:
    from promptkit.report.cells import visible  # noqa: PLC0415

    for pointer, tokens in fields.items():
        yield f"{tokens:>6,}  {visible(pointer) or '(around the caption)'}\n"
    if counted.exact:
        yield f"{counted.tokens:>6,}  of {limit:,} tokens\n"
    else:
        bound = f"an estimate; at most {counted.at_most:,}"
        yield f"{counted.tokens:>6,}  of {limit:,} tokens, {bound}\n"
