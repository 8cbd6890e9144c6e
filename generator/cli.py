"""The generator's side of the command line: serve pictures, look at the machine, get a model.

Data goes to stdout, talk to stderr, and the exit codes are the toolkit's.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.bench.options import configure as configure_bench
from generator.bench.options import from_arguments
from promptkit.errors import ExitCode, PromptkitError, UsageError

if TYPE_CHECKING:
    from generator.service.bind import Address
    from generator.service.serve import Service

TOKEN_VARIABLE: Final = "PROMPTKIT_TOKEN"  # noqa: S105 - the name of the variable, not a token
DEFAULT_PORT: Final = 8964


def main(argv: Sequence[str]) -> int:
    """Run a command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    level = logging.INFO if arguments.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        code: ExitCode = arguments.run(arguments)
    except PromptkitError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in ("generator", "promptkit"):
            raise
        # The commands import late, so that --help works without what the extra installs.
        sys.stderr.write(
            f"error: the generator cannot run here ({error.name} is not installed); "
            "`pip install 'promptkit[generate]'`\n"
        )
        return ExitCode.GENERATOR
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generator",
        description=(__doc__ or "").partition("\n")[0],
        epilog="Most people need none of this: 'promptkit generate' starts what it needs.",
    )
    parser.add_argument("--verbose", action="store_true", help="say what is being loaded")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser(
        "serve",
        help="serve pictures over HTTP",
        description="Serve pictures to 'promptkit generate --server ADDRESS' and OpenAI clients. "
        "The address is printed when it listens; the first job has the weights loaded.",
    )
    serve.add_argument(
        "--model",
        metavar="NAME",
        help="draft, a folder or a hub id; default: the published model where it can run",
    )
    serve.add_argument(
        "--device",
        help="cuda, cuda:1, cpu, or two, which work at the same time: cuda:0,cuda:1; "
        "default: cuda where there is one",
    )
    serve.add_argument(
        "--no-unconditional",
        dest="unconditional",
        action="store_false",
        help="leave the unconditional transformer out: less memory, poorer pictures",
    )
    serve.add_argument(
        "--tier",
        choices=("faithful", "fast", "max"),
        help="arithmetic: bf16, e4m3 products, or e4m3 attention too; default: fast on a GPU that "
        "has e4m3, else faithful",
    )
    serve.add_argument(
        "--memory",
        choices=("resident", "24GB", "12GB"),
        help="what of the weights stays on the GPU; default: as much as its free memory allows",
    )
    serve.add_argument(
        "--socket", type=Path, metavar="PATH", help="listen on this Unix socket (the default)"
    )
    serve.add_argument("--port", type=int, help=f"listen on TCP; usual: {DEFAULT_PORT}, 0: any")
    serve.add_argument(
        "--host",
        help=f"with TCP: the address to bind; others than loopback need {TOKEN_VARIABLE} set",
    )
    serve.add_argument("--queue", type=int, default=256, help="jobs that may wait (default: 256)")
    serve.add_argument(
        "--owned", action="store_true", help="end when standard input is closed by its owner"
    )
    serve.set_defaults(run=_serve)

    info = commands.add_parser(
        "info",
        help="what this machine can run, as JSON",
        description="What this machine can run, as JSON; 'promptkit doctor' says it in words.",
    )
    info.add_argument("--model", metavar="NAME", help="also look at this folder or hub id")
    info.add_argument("--json", action="store_true", help="one line instead of many")
    info.set_defaults(run=_info)

    pull = commands.add_parser(
        "pull",
        help="download a model and check it",
        description="Download a model into the hub's cache, check it, and print its folder.",
    )
    pull.add_argument(
        "model", nargs="?", metavar="NAME", help="hub id; default: the published fp8 model"
    )
    pull.set_defaults(run=_pull)

    bench = commands.add_parser(
        "bench",
        help="measure what this machine could do and what the engine does on it",
        description="Measure the roof first, then each part of a picture, tier by tier. One line "
        "for each measurement, and one JSON line with all of them at the end.",
    )
    configure_bench(bench)
    bench.set_defaults(run=_bench)
    return parser


# The commands import what they need: --help and a wrong option must not wait for torch.


def _serve(arguments: argparse.Namespace) -> ExitCode:
    from generator.service.bind import listening  # noqa: PLC0415
    from generator.service.owner import OwnerWatch  # noqa: PLC0415

    owner = OwnerWatch()
    if arguments.owned:
        owner.start()
    token = os.environ.pop(TOKEN_VARIABLE, None) or None
    address = _address(arguments)
    _refuse_open_door(address, token)
    if arguments.queue < 1:
        raise UsageError(f"--queue is {arguments.queue}, expected at least 1")
    with listening(address) as (listener, bound):
        # The server raises the signal again when it has ended in order, which is no failure.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(ExitCode.OK))
        service = _service(bound, token, arguments)
        owner.on_gone = service.stop
        return service.run(listener)


def _service(address: Address, token: str | None, arguments: argparse.Namespace) -> Service:
    """Open the model, and say that pictures may be asked for."""
    from generator.deployment import choose_devices  # noqa: PLC0415
    from generator.models import open_model  # noqa: PLC0415
    from generator.ops import Tier  # noqa: PLC0415
    from generator.service.pipeline_engine import PipelineEngine  # noqa: PLC0415
    from generator.service.serve import Service  # noqa: PLC0415
    from generator.service.store import Limits  # noqa: PLC0415

    devices = choose_devices(arguments.device and arguments.device.split(","))
    model = open_model(
        arguments.model, cuda=devices[0].type == "cuda", unconditional=arguments.unconditional
    )
    limits = Limits(waiting=arguments.queue)
    tier = None if arguments.tier is None else Tier(arguments.tier)
    engine = PipelineEngine(model, devices, tier, arguments.memory)
    service = Service(engine, address, token=token, limits=limits)
    note = "\n".join(note for note in (model.note, engine.note) if note)
    _out(json.dumps({"address": str(address), "model": model.name, "note": note}))
    return service


def _address(arguments: argparse.Namespace) -> Address:
    from generator.service.bind import (  # noqa: PLC0415
        TcpAddress,
        UnixAddress,
        default_socket,
        has_unix_sockets,
    )

    wants_tcp = arguments.port is not None or arguments.host is not None
    if wants_tcp and arguments.socket is not None:
        raise UsageError("--socket and --port are two places; name one")
    if wants_tcp or not (arguments.socket or has_unix_sockets()):
        port = DEFAULT_PORT if arguments.port is None else arguments.port
        if not 0 <= port <= 65535:
            raise UsageError(f"--port is {port}, expected 0 to 65535")
        return TcpAddress(arguments.host or "127.0.0.1", port)
    return UnixAddress(arguments.socket or default_socket())


def _refuse_open_door(address: Address, token: str | None) -> None:
    from generator.service.bind import TcpAddress  # noqa: PLC0415

    if isinstance(address, TcpAddress) and not address.is_loopback and token is None:
        raise UsageError(
            f"{address.host} can be reached from other machines: set {TOKEN_VARIABLE} to a secret "
            "that clients send, e.g. "
            f'{TOKEN_VARIABLE}=$(python -c "import secrets; print(secrets.token_urlsafe())")'
        )


def _info(arguments: argparse.Namespace) -> ExitCode:
    from generator.info import machine_info  # noqa: PLC0415

    info = machine_info(arguments.model)
    _out(json.dumps(info, indent=None if arguments.json else 2))
    return ExitCode.OK


def _pull(arguments: argparse.Namespace) -> ExitCode:
    from generator.checkpoint import DEFAULT_MODEL, download, open_checkpoint  # noqa: PLC0415

    model = arguments.model or DEFAULT_MODEL
    folder = download(model)
    open_checkpoint(folder)
    _out(str(folder))
    return ExitCode.OK


def _bench(arguments: argparse.Namespace) -> ExitCode:
    options = from_arguments(arguments)
    from generator.bench.report import json_line  # noqa: PLC0415
    from generator.bench.run import run  # noqa: PLC0415

    _out(json_line(run(options, _out)))
    return ExitCode.OK


def _out(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
