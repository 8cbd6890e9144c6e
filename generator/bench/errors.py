"""How far the velocity of each tier is from fp32 arithmetic on the same weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from generator.bench.networks import in_fp32
from generator.bench.steps import GUIDANCE, Work, branch
from generator.sampling import guide


def exact_velocities(work: Work) -> tuple[Tensor, Tensor]:
    """Conditional and unconditional velocity in fp32 throughout.

    e4m3 weights are decoded exactly; the text tokens are those of ``work``.
    """
    conditional, negative = work.conditional, work.negative
    image_I3 = work.positions_L3[-work.z_BIC.shape[1] :]
    text_BTD = None if conditional.text_BTD is None else conditional.text_BTD.float()
    with _no_tf32():
        return (
            branch(in_fp32(conditional.network), text_BTD, work.positions_L3).velocity(
                work.z_BIC, 0
            ),
            branch(in_fp32(negative.network), None, image_I3).velocity(work.z_BIC, 0),
        )


def velocity_errors(work: Work, exact: tuple[Tensor, Tensor]) -> dict[str, float]:
    """Norm of the difference over the norm: of both passes and of the guided velocity."""
    ours = work.cond(), work.uncond()
    return {
        "cond": apart(ours[0], exact[0]),
        "uncond": apart(ours[1], exact[1]),
        "guided": apart(guide(*ours, GUIDANCE), guide(*exact, GUIDANCE)),
    }


def apart(ours: Tensor, exact: Tensor) -> float:
    """Norm of the difference over the norm of ``exact``."""
    difference = torch.linalg.vector_norm(ours.float() - exact)
    return float(difference / torch.linalg.vector_norm(exact))


@contextmanager
def _no_tf32() -> Iterator[None]:
    """Matrix products of fp32 numbers in fp32."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
