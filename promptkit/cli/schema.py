"""Print the JSON Schema of a caption, for editors and validators.

In an editor, associate it with your captions; on the command line:

    promptkit schema > caption.schema.json
"""

from __future__ import annotations

from promptkit.cli import console
from promptkit.cli.parser import Namespace, Parser
from promptkit.errors import ExitCode


def configure(_: Parser) -> None:
    """There is nothing to choose."""


def run(_: Namespace) -> ExitCode:
    """Print it."""
    import json  # noqa: PLC0415

    from promptkit.caption import json_schema  # noqa: PLC0415

    console.out(json.dumps(json_schema(), indent=2) + "\n")
    return ExitCode.OK
