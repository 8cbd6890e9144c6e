"""What ``promptkit fmt`` does, one file after the other."""

from __future__ import annotations

from promptkit.canonical import canonical, is_caption, losses, pretty
from promptkit.cli import console
from promptkit.cli.inputs import Configs, Input, Inputs
from promptkit.cli.parser import Namespace
from promptkit.counted import many
from promptkit.document import Document, Flaw, read
from promptkit.errors import ExitCode, UnreadableInputError
from promptkit.files import write_file
from promptkit.settings import FormatSettings


def format_files(args: Namespace) -> ExitCode:
    """Run the command on all its files."""
    configs = Configs(args.config, isolated=args.isolated)
    inputs = Inputs(args.paths, configs, skip_others=args.skip_others)
    seen = changed = 0
    for source in inputs:
        try:
            text = formatted(source, _wanted(args, source.config.settings.fmt))
            changed += _settle(source, text.encode(), check=args.check)
            seen += 1
        except UnreadableInputError as error:
            inputs.complain(error)
    if seen and not args.quiet:
        what = "not in canonical form" if args.check else "formatted"
        count = f"{changed} of {many(seen, 'caption')}" if changed else many(seen, "caption")
        console.talk(f"{count} {what if changed else 'in canonical form'}")
    if inputs.failed:
        return ExitCode.USAGE
    return ExitCode.FINDINGS if args.check and changed else ExitCode.OK


def formatted(source: Input, style: FormatSettings) -> str:
    """The caption's text in canonical form, with the file's own kind of line break.

    Raises:
        UnreadableInputError: if it is no caption, or if anything in it would be lost.
    """
    document = read(source.data)
    for flaw in losses(document):
        place = document.position(flaw.start)
        raise UnreadableInputError(
            f"{source.name}:{place.line}:{place.column}: not formatted: {flaw.message}{_mend(flaw)}"
        )
    if not is_caption(document):
        raise UnreadableInputError(
            f"{source.name}: not formatted: none of a caption's keys is in it"
        )
    text = canonical(document) if style.compact else pretty(document, style.indent)
    if document.captions[0].parent is not None:
        text = _in_its_job(document, text)
    newline = "\r\n" if "\r\n" in document.text else "\n"
    return text.replace("\n", newline) + newline


def _mend(flaw: Flaw) -> str:
    """How to get rid of what keeps a caption from being formatted."""
    if not flaw.edits:
        return ""
    return f" ('promptkit lint --fix{'' if flaw.safe else ' --unsafe-fixes'}' does it)"


def _in_its_job(document: Document, text: str) -> str:
    """The job file with ``text`` for its caption; what stands beside the caption stays."""
    caption = document.captions[0]
    line = document.line(document.position(caption.start).line)
    lead = line[: len(line) - len(line.lstrip())]
    before, behind = document.text[: caption.start], document.text[caption.end :]
    whole = before + text.replace("\n", f"\n{lead}") + behind.rstrip()
    return whole.replace("\r\n", "\n")


def _wanted(args: Namespace, configured: FormatSettings) -> FormatSettings:
    if args.compact:
        return FormatSettings(compact=True)
    return FormatSettings(args.indent) if args.indent else configured


def _settle(source: Input, data: bytes, *, check: bool) -> bool:
    """Bring the formatted text where it belongs; whether it differs from what was there."""
    differs = data != source.data
    if check:
        if differs:
            console.talk(f"{source.name}: not in canonical form")
    elif source.path is None:
        console.out(data.decode())
    elif differs:
        write_file(source.path, data, expected=source.data)
    return differs
