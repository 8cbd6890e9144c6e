"""List the templates that are shipped, or show one's variables.

Start from one with 'promptkit new NAME', or render it as it is with 'promptkit render NAME'.
"""

from __future__ import annotations

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser
from promptkit.errors import ExitCode


def configure(parser: Parser) -> None:
    """One template, or none."""
    parser.add_argument("template", nargs="?", metavar="NAME", help="a name, or a *.json.j2 file")


def run(args: Namespace) -> ExitCode:
    """Print the list, or a template's variables."""
    from promptkit.templating import Template  # noqa: PLC0415
    from promptkit.templating.shelf import find_template, shelf  # noqa: PLC0415
    from promptkit.templating.source import load_source  # noqa: PLC0415

    if args.template is None:
        sources = [load_source(path) for path in shelf()]
        widest = max((len(source.name) for source in sources), default=0)
        for source in sources:
            console.out(f"{source.name:<{widest}}  {source.front.description}\n")
        return ExitCode.OK
    template = Template.load(find_template(args.template))
    source = template.source
    console.out(f"{source.name}: {source.front.description}\nsize: {source.front.size}\n")
    for name, variable in source.front.variables.items():
        default = "" if variable.default is None else f" = {_shown(variable.default)}"
        console.out(f"  {name} ({variable.kind}){default}\n")
        choice = template.choices.get(name)
        choices = "" if choice is None else f"from {', '.join(map(str, choice.values()))}"
        for line in (variable.description, variable.bounds, choices):
            if line:
                console.out(f"      {line}\n")
    return ExitCode.OK


def _shown(default: object) -> str:
    """A default as ``--set`` takes it."""
    import json  # noqa: PLC0415 - not to slow the help down

    if isinstance(default, (list, tuple, dict, bool)):
        return json.dumps(default, ensure_ascii=False)
    return str(default) or '""'
