"""fp32 masters of networks that run in a lower precision, their optimizers and their average."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

_ADAM_ONLY = ("embed", "input_proj", "final_layer", "adaln", "lessons", "conv_in", "conv_out")
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of the quintic iteration in Muon (Jordan et al. 2024)."""


class Muon:
    """Momentum whose update is made orthogonal: every direction of a matrix moves alike.

    Matrices of one shape go through the iteration as one batch; torch's own version takes them one
    by one, some three thousand small kernels a step here. Convolutions count as matrices
    [out, in * 9]. Updates have the root mean square of Adam's, so that both share a rate
    (Liu et al. 2025).
    """

    def __init__(self, matrices: Sequence[Tensor], momentum: float = 0.95, decay: float = 0.01):
        self._momentum, self._decay = momentum, decay
        groups: defaultdict[torch.Size, list[Tensor]] = defaultdict(list)
        for matrix in matrices:
            groups[matrix.flatten(1).shape].append(matrix)
        self._groups = list(groups.values())
        self._buffers = [
            torch.zeros_like(torch.stack([m.flatten(1) for m in group])) for group in self._groups
        ]

    @torch.no_grad()
    def step(self, lr: float) -> None:
        """One step along the matrices' `.grad`."""
        for group, buffer in zip(self._groups, self._buffers, strict=True):
            grads = torch.stack([p.grad.flatten(1) for p in group if p.grad is not None])
            buffer.lerp_(grads, 1 - self._momentum)
            update = orthogonal(grads.lerp(buffer, self._momentum))
            size = 0.2 * max(update.shape[1:]) ** 0.5
            torch._foreach_mul_(group, 1 - lr * self._decay)
            changes = [u.reshape(p.shape) for u, p in zip(update.float(), group, strict=True)]
            torch._foreach_add_(group, changes, alpha=-lr * size)


def orthogonal(matrices: Tensor, iterations: int = 5) -> Tensor:
    """About the nearest (semi-)orthogonal matrices to [N, rows, columns], in bf16."""
    a, b, c = NEWTON_SCHULZ
    tall = matrices.shape[1] > matrices.shape[2]
    x = (matrices.mT if tall else matrices).bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(iterations):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Masters:
    """Trains networks in place.

    Inner matrices and convolutions go to Muon; embeddings, the layers at both ends, modulations,
    norms and biases go to AdamW. `average` is an exponential moving average, which is what is
    scored and shipped.
    """

    def __init__(self, networks: dict[str, nn.Module], lr: float, *, decay: float = 0.999) -> None:
        self.names = [f"{n}.{p}" for n, net in networks.items() for p, _ in net.named_parameters()]
        self.working = [p for net in networks.values() for p in net.parameters()]
        self.masters = [p.detach().float().clone() for p in self.working]
        self.average = [p.clone() for p in self.masters]
        self._lr, self._decay, self._steps = lr, decay, 0
        named = list(zip(self.names, self.masters, strict=True))
        inner = [
            p
            for name, p in named
            if p.ndim in {2, 4} and not any(word in name for word in _ADAM_ONLY)
        ]
        chosen = {id(p) for p in inner}
        self._muon = Muon(inner)
        self._adam = torch.optim.AdamW(
            [p for p in self.masters if id(p) not in chosen],
            lr=lr,
            betas=(0.9, 0.98),
            weight_decay=0.0,
            fused=self.masters[0].is_cuda,
        )

    def step(self, gradients: Sequence[Tensor], factor: float) -> None:
        """One step with `factor` times the full learning rate; then refresh the networks."""
        for master, gradient in zip(self.masters, gradients, strict=True):
            master.grad = gradient
        for group in self._adam.param_groups:
            group["lr"] = self._lr * factor
        self._adam.step()
        self._muon.step(self._lr * factor)
        self._steps += 1
        weight = 1 - min(self._decay, self._steps / (self._steps + 20))
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.masters, weight)
            torch._foreach_copy_([p.data for p in self.working], self.masters)

    @torch.no_grad()
    def gradients(self) -> list[Tensor]:
        """The working networks' gradients in fp32, cleared from the networks; bounded in norm."""
        grads = [torch.empty_like(m) for m in self.masters]
        torch._foreach_copy_(grads, [p.grad for p in self.working if p.grad is not None])
        for p in self.working:
            p.grad = None
        norm = torch.nn.utils.get_total_norm(grads)
        torch._foreach_mul_(grads, (1.0 / norm.clamp(min=1.0)).nan_to_num(0.0))
        return grads

    @torch.no_grad()
    def load(self, weights: dict[str, Tensor]) -> None:
        """Start from saved weights, by name."""
        for k, name in enumerate(self.names):
            for target in (self.working[k].data, self.masters[k], self.average[k]):
                target.copy_(weights[name])

    def averaged(self) -> dict[str, Tensor]:
        """The averaged weights, by name."""
        return dict(zip(self.names, self.average, strict=True))
