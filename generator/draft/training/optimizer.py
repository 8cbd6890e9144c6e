"""fp32 masters of networks that run in a lower precision, their optimizers and their average."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

_ADAM_ONLY = ("embed", "input_proj", "final_layer", "adaln", "conv")


class Masters:
    """Trains networks in place.

    Inner matrices go to Muon; embeddings, the layers at both ends, modulations, convolutions,
    norms and biases go to AdamW. `average` is an exponential moving average, which is what is
    scored and shipped.
    """

    def __init__(self, networks: dict[str, nn.Module], lr: float, decay: float = 0.9995) -> None:
        self.names = [f"{n}.{p}" for n, net in networks.items() for p, _ in net.named_parameters()]
        self.working = [p for net in networks.values() for p in net.parameters()]
        self.masters = [nn.Parameter(p.detach().float().clone()) for p in self.working]
        self.average = [p.detach().clone() for p in self.masters]
        self._decay = decay
        self._steps = 0
        named = list(zip(self.names, self.masters, strict=True))
        inner = [p for name, p in named if p.ndim == 2 and not any(w in name for w in _ADAM_ONLY)]
        inner_ids = {id(p) for p in inner}
        vectors = [p for p in self.masters if p.ndim < 2]
        other = [p for p in self.masters if p.ndim >= 2 and id(p) not in inner_ids]
        groups = [
            {"params": other, "weight_decay": 0.0},
            {"params": vectors, "weight_decay": 0.0},
        ]
        self._optimizers: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.98), fused=self.masters[0].is_cuda)
        ]
        if inner:
            self._optimizers.append(
                torch.optim.Muon(
                    inner, lr=lr, weight_decay=0.01, momentum=0.95, adjust_lr_fn="match_rms_adamw"
                )
            )
        self._lr = lr

    def step(self, gradients: Iterable[Tensor], factor: float) -> None:
        """One step with `factor` times the full learning rate; then refresh the networks."""
        for master, gradient in zip(self.masters, gradients, strict=True):
            master.grad = gradient
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self._lr * factor
            optimizer.step()
        self._steps += 1
        weight = 1 - min(self._decay, self._steps / (self._steps + 20))
        with torch.no_grad():
            torch._foreach_lerp_(self.average, [p.data for p in self.masters], weight)
            torch._foreach_copy_([p.data for p in self.working], [p.data for p in self.masters])

    def gradients(self) -> list[Tensor]:
        """The working networks' gradients in fp32, cleared from the networks; bounded in norm."""
        grads = [torch.zeros_like(m) if p.grad is None else p.grad.float() for p, m in zip(self.working, self.masters, strict=True)]
        for p in self.working:
            p.grad = None
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(grads)))
        torch._foreach_mul_(grads, (1.0 / norm.clamp(min=1.0)).nan_to_num(0.0))
        return grads

    def load(self, weights: dict[str, Tensor]) -> None:
        """Start from saved weights, by name."""
        with torch.no_grad():
            for name, p, m, a in zip(self.names, self.working, self.masters, self.average, strict=True):
                for target in (p.data, m.data, a):
                    target.copy_(weights[name])

    def averaged(self) -> dict[str, Tensor]:
        """The averaged weights, by name."""
        return dict(zip(self.names, self.average, strict=True))
