"""The answering side: ``python -m generator.partner SOCKET MEMORY``, started by ``Partner``."""

from __future__ import annotations

import signal
import sys
from multiprocessing.connection import Connection

import torch

from generator import ops
from generator.checkpoint import Part, Placing, open_checkpoint
from generator.denoise import Branch, make_branch
from generator.errors import DeviceError
from generator.graphs import RecordedBranch, recorded
from generator.model.transformer import Transformer
from generator.packing import image_positions
from generator.partner.exchange import Exchange
from generator.partner.messages import Done, Failed, Load, Picture, Ready, Step
from promptkit.errors import GeneratorError


def main(connection: Connection, exchange: Exchange) -> None:
    """Load what is asked for, then answer until the other process ends."""
    order: Load = connection.recv()
    try:
        network = load(order)
    except GeneratorError as error:
        connection.send(Failed(str(error)))
        return
    except torch.OutOfMemoryError as error:
        connection.send(
            Failed(f"out of memory while loading; free its memory or use one device: {error}")
        )
        return
    connection.send(Ready())
    with torch.inference_mode():
        answer(connection, exchange, network, order.device)


def load(order: Load) -> Transformer:
    """The unconditional transformer, with the arithmetic of the other process."""
    if order.device.type == "cuda":
        torch.cuda.set_device(order.device)
    primitives = ops.resolve(order.device, order.dtype, order.tier)
    if primitives.tier is not order.tier:
        raise DeviceError(
            f"has the tier {primitives.tier}, the first device {order.tier} "
            f"({primitives.reason}): both sides of a picture must be computed alike; choose the "
            f"tier {primitives.tier} or one device"
        )
    checkpoint = open_checkpoint(order.folder).with_parts(Part.UNCONDITIONAL)
    placing = Placing(decoded=order.decoded)
    network = checkpoint.load(order.device, order.dtype, primitives, placing=placing).unconditional
    if network is None:
        raise DeviceError("the checkpoint has no unconditional transformer to run here")
    return network


def answer(
    connection: Connection, exchange: Exchange, network: Transformer, device: torch.device
) -> None:
    """Answer steps of one picture after another."""
    picture: Picture | None = None
    branch: Branch | RecordedBranch | None = None
    tokens, channels = 0, network.config.in_channels
    while True:
        request = connection.recv()
        if isinstance(request, Picture):
            tokens = request.grid[0] * request.grid[1]
            picture, branch = request, None
        elif isinstance(request, Step) and picture is not None:
            try:
                if branch is None:
                    # Here, where running out of memory has an answer.
                    branch = _branch(network, picture, device)
                z_BIC = exchange.latents(tokens, channels).to(device, copy=True)
                exchange.velocity(tokens, channels).copy_(branch.velocity(z_BIC, request.step))
            except torch.OutOfMemoryError as error:
                words = f"out of memory; choose a smaller size or one device: {error}"
                connection.send(Failed(words, request.number))
            else:
                connection.send(Done(request.number))


def _branch(
    network: Transformer, picture: Picture, device: torch.device
) -> Branch | RecordedBranch:
    positions = image_positions(picture.grid).to(device)
    return recorded(make_branch(network, None, positions, picture.times, picture.numerics))


if __name__ == "__main__":
    # Ctrl+C reaches both processes; the other one decides what follows from it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(int(sys.argv[1])) as ours:
        try:
            main(ours, Exchange(int(sys.argv[2])))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            sys.exit(0)
