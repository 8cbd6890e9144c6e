"""`python -m generator.draft.scoring`: draw held-out captions with a checkpoint and score them.

Prints the scores of the pictures, of the world's own pictures (the scorer's ceiling) and of
pictures that belong to other captions (what no model at all would get).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

from generator.checkpoint import open_checkpoint
from generator.deployment import deploy
from generator.draft import folder
from generator.draft.scoring.lab import Floats
from generator.draft.scoring.other_hand import OTHER_HAND
from generator.draft.scoring.report import LOT, Asked, held_out, paint_truth, score
from generator.draft.scoring.sheet import load_sheet, save_sheet
from generator.ops import Tier
from generator.ops.tiers import PLAIN
from generator.pipeline import Ideogram4Pipeline

SIDE = 256


def main() -> int:
    """Parse, draw, score."""
    parser = argparse.ArgumentParser(description="Score a checkpoint on held-out captions.")
    parser.add_argument("--model", type=Path, default=folder(), help="checkpoint folder")
    parser.add_argument("--count", type=int, default=64, help="captions")
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--preset", help="steps, schedule and guidance together")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="float32")
    parser.add_argument("--tier", choices=tuple(Tier), help="round as it does, in plain torch")
    parser.add_argument("--lot", type=int, default=LOT, help="which held-out captions")
    parser.add_argument("--other-hand", action="store_true", help="wordings by another author")
    parser.add_argument("--save", type=Path, help="write the pictures as one contact sheet")
    parser.add_argument("--load", type=Path, help="score a sheet instead of drawing")
    parser.add_argument("--bounds", action="store_true", help="ceiling and baseline as well")
    args = parser.parse_args()
    instead = OTHER_HAND if args.other_hand else None
    requests = held_out(args.count, seed=args.lot, height=SIDE, width=SIDE, instead=instead)
    start = time.monotonic()
    pictures = load_sheet(args.load, SIDE) if args.load else _draw(args, requests)
    seconds = time.monotonic() - start
    if args.save:
        save_sheet(args.save, pictures)
    _say(f"{len(pictures)} pictures in {seconds:.0f} s")
    _say(f"model: {score(pictures[: args.count], requests)}")
    if args.bounds:
        truth = paint_truth([request.scene for request in requests])
        _say(f"ceiling, the world's own pictures: {score(truth, requests)}")
        _say(f"baseline, pictures of other captions: {score(truth[1:] + truth[:1], requests)}")
    return 0


def _draw(args: argparse.Namespace, requests: list[Asked]) -> list[Floats]:
    pipe = open_pipeline(args.model, getattr(torch, args.dtype), args.tier)
    pictures: list[Floats] = []
    for seed, request in enumerate(requests):
        image = pipe(
            request.caption,
            cfg_scale=args.guidance,
            height=SIDE,
            width=SIDE,
            seed=seed,
            num_inference_steps=args.steps,
            preset=args.preset,
        )
        pictures.append(np.asarray(image, np.float32) / 255)
    return pictures


def open_pipeline(model: Path, dtype: torch.dtype, tier: str | None) -> Ideogram4Pipeline:
    """As users have it, or on the CPU with the arithmetic of a tier."""
    if tier is None:
        return Ideogram4Pipeline.from_pretrained(model, torch_dtype=dtype)
    devices, primitives = [torch.device("cpu")], PLAIN[Tier(tier)]
    pipe = Ideogram4Pipeline.start(deploy(open_checkpoint(model), devices, primitives, dtype))
    pipe.wait()
    return pipe


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
