"""What this machine can run: device, models at hand, and what fits. Loads no weights."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import torch

from generator import draft
from generator.checkpoint import DEFAULT_MODEL, Checkpoint, Part, cached, open_checkpoint
from generator.deployment import choose_arithmetic, deploy
from generator.devices import choose_device, compute_dtype, device_name
from generator.errors import CheckpointError, DeviceError
from generator.memory import PLANS, Plan, choose_plan, plan_cost
from generator.ops import resolve
from generator.tokenizer import PromptTokenizer
from promptkit.job import DRAFT_MODEL

SIZES: Final = (1024, 2048)
"""Sides of the square pictures that the answer to "what fits" is given for."""


def machine_info(model: str | None = None) -> dict[str, Any]:
    """Plain data for ``promptkit doctor`` and for scripts.

    Keys: ``torch`` (version, cuda build, tier and its reason), ``device`` (name, total and free
    bytes, null where there is no GPU) and ``models``, each with either ``problem`` or what it has:
    bytes by part, fingerprint, and by size of picture the memory plan that would be chosen now
    and its bytes on the device and in main memory.
    """
    device = choose_device()
    primitives = resolve(device)
    return {
        "torch": {
            "version": torch.__version__,
            "cuda": torch.version.cuda,
            "tier": primitives.tier.value,
            "tier_reason": primitives.reason,
        },
        "device": _device(device),
        "models": [_model(name, folder, device) for name, folder in _models(model)],
    }


def _device(device: torch.device) -> dict[str, Any] | None:
    if device.type != "cuda":
        return None
    free, total = torch.cuda.mem_get_info(device)
    major, minor = torch.cuda.get_device_capability(device)
    return {
        "name": device_name(device),
        "capability": f"{major}.{minor}",
        "total": total,
        "free": free,
    }


def _models(model: str | None) -> list[tuple[str, Path | None]]:
    bundled = draft.folder()
    names = [(DRAFT_MODEL, bundled if bundled.is_dir() else None)]
    names.append((DEFAULT_MODEL, cached(DEFAULT_MODEL)))
    if model is not None and model not in {DRAFT_MODEL, DEFAULT_MODEL}:
        folder = Path(model)
        names.append((model, folder if folder.is_dir() else cached(model)))
    return names


def _model(name: str, folder: Path | None, device: torch.device) -> dict[str, Any]:
    if folder is None:
        return {"name": name, "present": False}
    try:
        checkpoint = open_checkpoint(folder)
        PromptTokenizer(checkpoint.tokenizer, checkpoint.sizes.text_encoder.vocab_size)
    except CheckpointError as error:
        return {"name": name, "present": True, "folder": str(folder), "problem": str(error)}
    return {
        "name": name,
        "present": True,
        "folder": str(folder),
        "fingerprint": checkpoint.fingerprint(),
        "bytes": {part.value: checkpoint.nbytes(part) for part in Part},
        "modes": _modes(checkpoint, device),
    }


def _modes(checkpoint: Checkpoint, device: torch.device) -> list[dict[str, Any]]:
    """What a picture takes at its peak, with and without the unconditional transformer."""
    wholes = [(True, checkpoint)] if checkpoint.has_unconditional else []
    modes = []
    for unconditional, opened in [*wholes, (False, checkpoint.without_unconditional())]:
        plan = _plan(opened, device)
        modes += [
            {
                "unconditional": unconditional,
                "size": f"{side}x{side}",
                "bytes": plan_cost(opened, plan, side, side).total,
                "plan": plan.name,
                "main_memory": plan.main_memory,
            }
            for side in SIZES
        ]
    return modes


def _plan(checkpoint: Checkpoint, device: torch.device) -> Plan:
    """The plan that would be chosen now; where there is room for none, the smallest."""
    dtype = compute_dtype(device)
    primitives = choose_arithmetic(checkpoint, device, dtype, None)
    try:
        return deploy(checkpoint, [device], primitives, dtype).plan
    except DeviceError:
        return choose_plan(checkpoint, sys.maxsize, name=PLANS[-1], item=dtype.itemsize)
