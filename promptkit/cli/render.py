"""Render a template: one caption or many variants, each linted.

Values come from the template's defaults, --set, --vars and --matrix, each outweighing those
before it; --sample draws the others. Without --out the captions go to stdout, one a line;
with it into a folder, with a manifest.jsonl that says what made each. The same values and
seed give the same files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promptkit.cli import console
from promptkit.cli.counted import many
from promptkit.cli.parser import Namespace, Parser, picture_size
from promptkit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from promptkit.templating import Template, Variant
    from promptkit.templating.manifest import Written


def configure(parser: Parser) -> None:
    """What to render, with which values, and where to."""
    add = parser.add_argument
    add("template", metavar="TEMPLATE", help="a *.json.j2 file, a name from 'templates', or '-'")
    add("--set", action="append", default=[], metavar="K=V", help="give a variable a value")
    add("--vars", metavar="FILE", help="a table, a variant for each row: YAML, JSON, CSV")
    add(
        "--matrix",
        action="append",
        default=[],
        metavar="K=A,B",
        help="every combination; '*' takes all choices",
    )
    add("--sample", type=int, metavar="N", help="draw N variants (of each row and combination)")
    add("--seed", type=int, default=0, metavar="S", help="the same seed draws the same (0)")
    size = "the picture's size (the template says which)"
    add("--size", type=picture_size, metavar="WxH", help=size)
    add("--max", type=int, default=10_000, metavar="N", help="refuse to make more variants (10000)")
    add("--out", "-o", metavar="DIR", help="write files and a manifest there")
    add("--indent", type=int, metavar="N", help="lay the files out for people")


def run(args: Namespace) -> ExitCode:
    """Render, check, write."""
    from pathlib import Path  # noqa: PLC0415

    from promptkit.lint import Options, Selection  # noqa: PLC0415
    from promptkit.templating import Plan, expand  # noqa: PLC0415

    if args.sample is not None and args.sample < 1:
        raise UsageError(f"--sample {args.sample}: ask for at least one")
    if args.indent is not None and not 1 <= args.indent <= 8:
        raise UsageError(f"--indent {args.indent} is not between 1 and 8")
    if args.indent is not None and args.out is None:
        raise UsageError("--indent is for the files of --out; on stdout a caption is one line")
    if args.out is not None and Path(args.out).is_file():
        raise UsageError(f"--out {args.out}: is a file; name a folder")
    if args.template == args.vars == "-":
        raise UsageError("--vars -: standard input is the template already; name a file")
    template = _template(args.template)
    for name in template.unused:
        console.talk(f"{template.source.place}: variable '{name}' is never used")
    plan = Plan(
        template,
        fixed=_pairs(args.set, "--set"),
        rows=_rows(args.vars),
        matrix=_matrix(template, _pairs(args.matrix, "--matrix")),
        sample=args.sample,
        seed=args.seed,
        limit=args.max,
    )
    size = args.size or template.source.size
    made = expand(plan, size, Selection(), Options(size=size))
    if args.out is None:
        return _print(template, made)
    return _write(template, made, Path(args.out), args.indent)


def _template(name: str) -> Template:
    from promptkit.templating import Template  # noqa: PLC0415
    from promptkit.templating.shelf import find_template  # noqa: PLC0415
    from promptkit.templating.source import decode  # noqa: PLC0415

    if name == "-":
        return Template.from_text(decode(console.stdin_bytes(), "stdin"), name="stdin")
    return Template.load(find_template(name))


def _print(template: Template, made: Iterable[Variant]) -> ExitCode:
    report = _Report(template)
    for variant in made:
        console.out(f"{variant.prompt}\n")
        report.add(variant)
    return report.close()


def _write(
    template: Template, made: Iterable[Variant], folder: Path, indent: int | None
) -> ExitCode:
    from promptkit.templating.manifest import MANIFEST, write_variants  # noqa: PLC0415

    report = _Report(template)
    count = same = 0
    for written in write_variants(made, folder, indent=indent):
        report.add(written.variant)
        count += 1
        same += _tell_same(written)
    files = count - same
    repeated = f", {same} identical to another" if same else ""
    made_files = f"{many(count, 'variant')} in {many(files, 'file')}"
    console.talk(f"{made_files}{repeated}; see {folder / MANIFEST}")
    return report.close()


def _tell_same(written: Written) -> bool:
    if written.same_as is None:
        return False
    console.talk(f"variant {written.variant.number} equals variant {written.same_as}: not written")
    return True


class _Report:
    """Findings, each said once with the count of variants that have it."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.counts: dict[tuple[int, str, str], int] = {}
        self.failed = False

    def add(self, variant: Variant) -> None:
        for found in variant.findings:
            finding = found.finding
            self.failed = self.failed or finding.severity != "info"
            caused = f" ({_quoted(found.variables)})" if found.variables else ""
            text = f"{finding.code} {finding.slug}: {finding.message}{caused} in {variant.name}"
            key = (found.line, finding.code, ",".join(found.variables))
            if key not in self.counts:
                console.talk(f"{self.template.source.place}:{found.line}: {text}")
            self.counts[key] = self.counts.get(key, 0) + 1

    def close(self) -> ExitCode:
        for (line, code, _), count in self.counts.items():
            if count > 1:
                place = f"{self.template.source.place}:{line}"
                console.talk(f"{place}: {code} again in {count - 1} more variants")
        return ExitCode.FINDINGS if self.failed else ExitCode.OK


def _quoted(names: Sequence[str]) -> str:
    return "variable " + ", ".join(f"'{name}'" for name in names)


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} {text}: write a variable's name, '=' and its value")
        pairs[name.strip()] = value
    return pairs


def _rows(name: str | None) -> list[dict[str, Any]]:
    from pathlib import Path  # noqa: PLC0415

    from promptkit.templating.tables import parse_table, read_table  # noqa: PLC0415

    if name is None:
        return [{}]
    if name == "-":
        return parse_table(console.stdin_bytes(), "stdin.yaml")
    return read_table(Path(name))


def _matrix(template: Template, pairs: dict[str, str]) -> dict[str, list[Any]]:
    template.check_known(pairs)
    return {name: _alternatives(template, name, text) for name, text in pairs.items()}


def _alternatives(template: Template, name: str, text: str) -> list[Any]:
    if text == "*":
        choice = template.choices.get(name)
        if choice is None:
            raise UsageError(f"--matrix {name}=*: '{name}' declares no choices to take all of")
        return choice.values()
    # Boxes, palettes and lists have commas of their own, and so may any text.
    return [part.strip() for part in text.split(";" if ";" in text else ",")]
