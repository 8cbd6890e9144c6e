"""What runs where, decided before any weights are read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from generator import ops
from generator.checkpoint import Checkpoint
from generator.devices import choose_device, free_memory
from generator.errors import RequestError
from generator.memory import ROOMY_BYTES, Plan, check_second, choose_plan

Device = str | torch.device


@dataclass(frozen=True)
class Deployment:
    """A checkpoint, and the devices, arithmetic and memory that it is run with."""

    checkpoint: Checkpoint
    device: torch.device
    second: torch.device | None
    """Where the unconditional transformer runs by itself; None for the one device."""
    dtype: torch.dtype
    primitives: ops.Ops
    plan: Plan
    """Of ``device``."""

    @property
    def local(self) -> Checkpoint:
        """What is loaded on ``device``."""
        return self.checkpoint if self.second is None else self.checkpoint.without_unconditional()


def choose_devices(names: Device | Sequence[Device] | None) -> tuple[torch.device, ...]:
    """One device or two, checked; RequestError for other numbers and for what is not here."""
    if names is None or isinstance(names, str | torch.device):
        return (choose_device(names),)
    devices = tuple(choose_device(name) for name in names)
    if not 1 <= len(devices) <= 2:
        raise RequestError(f"device names {len(devices)} devices, expected one or two")
    gpus = [device.index or 0 for device in devices if device.type == "cuda"]
    if len(set(gpus)) < len(gpus):
        raise RequestError(f"device names GPU {gpus[0]} twice; name two GPUs, or one")
    if len(gpus) == 2:
        # The second process makes its GPU the current one by this number.
        return tuple(torch.device("cuda", index) for index in gpus)
    return devices


def read_tier(name: str | None) -> ops.Tier | None:
    """The tier of this name; RequestError for one that there is not."""
    if name is not None and name not in set(ops.Tier):
        raise RequestError(f"tier is {name!r}, expected {', '.join(ops.Tier)}")
    return None if name is None else ops.Tier(name)


def choose_arithmetic(
    checkpoint: Checkpoint, device: torch.device, dtype: torch.dtype, tier: ops.Tier | None
) -> ops.Ops:
    """The primitives of a tier, or of the device's own: the nearest that both sides allow."""
    obstacle = checkpoint.e4m3_obstacle
    if obstacle is None:
        return ops.resolve(device, dtype, tier)
    primitives = ops.resolve(device, dtype, ops.Tier.FAITHFUL)
    return replace(primitives, reason=f"{primitives.reason}: {checkpoint.name}: {obstacle}")


def deploy(
    checkpoint: Checkpoint,
    devices: Sequence[torch.device],
    primitives: ops.Ops,
    dtype: torch.dtype,
    memory: str | None = None,
) -> Deployment:
    """Decide where the weights of a checkpoint go.

    Raises:
        RequestError: for a second device where there is no unconditional transformer to run, or
            a memory plan that there is not.
        DeviceError: if there is no room.
    """
    first, *others = devices
    if others and not checkpoint.has_unconditional:
        raise RequestError(
            "a second device runs the unconditional transformer, and there is none here; name one "
            "device"
        )
    if others and os.name == "nt":
        raise RequestError("two devices are not supported on Windows; name one")
    local = checkpoint.without_unconditional() if others else checkpoint
    # Weights that are decoded ahead round less: on both devices or on none.
    faithful = primitives.tier is ops.Tier.FAITHFUL and all(
        (free_memory(other) or 0) >= ROOMY_BYTES for other in others
    )
    item = dtype.itemsize
    alone = not others
    plan = choose_plan(
        local, free_memory(first), name=memory, faithful=faithful, item=item, alone=alone
    )
    if others:
        free, decoded = free_memory(others[0]), plan.placing.decoded
        check_second(checkpoint, str(others[0]), free, decoded=decoded, item=item)
    return Deployment(checkpoint, first, others[0] if others else None, dtype, primitives, plan)
