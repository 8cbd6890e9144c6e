"""Render a template: one caption or many variants, each linted.

Values come from the template's defaults, --vars, --set and --matrix, each outweighing those
before it; --sample draws the others. Without --out the captions go to stdout, one a line;
with it into a folder, with a manifest.jsonl that says what made each. The same values and
seed give the same files. The rules are those of the configuration of that folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser, picture_size
from promptkit.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from promptkit.lint import Options, Selection
    from promptkit.templating import Template


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
    add("--prune", action="store_true", help="delete files of an earlier run that are not made now")
    add("--indent", type=int, metavar="N", help="lay the files out for people")


def run(args: Namespace) -> ExitCode:
    """Render, check, write."""
    from pathlib import Path  # noqa: PLC0415

    from promptkit.cli.rendering import print_variants, write_files  # noqa: PLC0415
    from promptkit.templating import Plan, expand  # noqa: PLC0415

    _check(args)
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
        table=args.vars or "",
    )
    plan.check()
    for name in plan.overruled:
        console.talk(f"--set or --matrix outweighs what {args.vars} says of '{name}'")
    selection, options = _rules(args, template)
    made = expand(plan, options.size or template.source.size, selection, options)
    if args.out is None:
        return print_variants(template, made)
    return write_files(template, made, Path(args.out), args.indent, delete=args.prune)


def _check(args: Namespace) -> None:
    """Refuse options that contradict each other.

    Raises:
        UsageError: naming them.
    """
    from pathlib import Path  # noqa: PLC0415

    if args.sample is not None and args.sample < 1:
        raise UsageError(f"--sample {args.sample}: ask for at least one")
    if args.indent is not None and not 1 <= args.indent <= 8:
        raise UsageError(f"--indent {args.indent} is not between 1 and 8")
    if args.indent is not None and args.out is None:
        raise UsageError("--indent is for the files of --out; on stdout a caption is one line")
    if args.prune and args.out is None:
        raise UsageError("--prune is for the files of --out; nothing else is ever deleted")
    if args.out is not None and Path(args.out).is_file():
        raise UsageError(f"--out {args.out}: is a file; name a folder")
    if args.template == args.vars == "-":
        raise UsageError("--vars -: standard input is the template already; name a file")


def _rules(args: Namespace, template: Template) -> tuple[Selection, Options]:
    """What the configuration says of captions where these are going to be."""
    from dataclasses import replace  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from promptkit.cli.inputs import Configs, Input  # noqa: PLC0415
    from promptkit.cli.selecting import Selector  # noqa: PLC0415

    path = Path(args.out or ".") / f"{template.source.name}.json"
    place = Input(str(path), path, b"", Configs().of(path))
    own = template.source.size if template.source.says_size else None
    # Selecting rules is the business of 'lint', and of the configuration that both follow.
    as_configured = Namespace(
        select=(), extend_select=(), ignore=(), tokenizer=None, size=args.size or own
    )
    selector = Selector(as_configured)
    options = selector.options(place)
    return selector.selection(place), replace(options, size=options.size or template.source.size)


def _template(name: str) -> Template:
    from promptkit.templating import Template  # noqa: PLC0415
    from promptkit.templating.shelf import find_template  # noqa: PLC0415
    from promptkit.templating.source import decode  # noqa: PLC0415

    if name == "-":
        return Template.from_text(decode(console.stdin_bytes(), "stdin"), name="stdin")
    return Template.load(find_template(name))


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
