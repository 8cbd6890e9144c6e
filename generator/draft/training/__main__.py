"""`python -m generator.draft.training --minutes 18 --out DIR`: train the draft checkpoint.

On several GPUs: `torchrun --nproc-per-node 2 -m generator.draft.training ...`. A second run goes
on with `--resume DIR`. The result is a folder of `state-*.safetensors`, which
`python -m generator.draft.export` turns into a checkpoint.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

from generator.draft.training.keep import Keeper
from generator.draft.training.ranks import join
from generator.draft.training.run import Hooks, Plan, run, save_log
from generator.draft.training.sizes import build, draft_sizes, tiny_sizes
from generator.draft.training.state import load_state, tokenizer_file
from generator.draft.training.stream import Stream, draft_tokenizer


def main() -> int:
    """Parse, train, save."""
    args = _arguments()
    rank, count = int(os.environ.get("LOCAL_RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    resumed = load_state(args.resume) if args.resume else None
    seed = args.seed + (resumed.steps if resumed else 0)  # go on with other scenes and noise
    if args.resume:
        tokenizer = Tokenizer.from_file(str(tokenizer_file(args.resume)))
    else:
        tokenizer = draft_tokenizer(200 if args.tiny else 20_000)
    scenes = 64 if args.tiny else 1024
    workers = max(1, args.workers // count)
    stream = Stream(tokenizer, workers, seed * 100 + rank, scenes)
    stops: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stops.append(number))
    ranks = join()
    logging.basicConfig(level=logging.INFO if ranks.first else logging.WARNING, stream=sys.stderr)
    if ranks.first:
        logging.getLogger().addHandler(save_log(args.out / "training.log"))
    torch.manual_seed(seed)
    torch.set_float32_matmul_precision("high")
    sizes = (tiny_sizes if args.tiny else draft_sizes)(tokenizer.get_vocab_size())
    networks, spare = build(sizes), build(sizes)
    for network in spare.named().values():
        network.to(ranks.device, ranks.precision)
    torch.manual_seed(1000 * seed + ranks.rank)
    keeper = Keeper(args.out, tokenizer, spare, args.sheet, scored=args.score)
    hooks = Hooks(keeper.save_and_draw, lambda: bool(stops))
    state = run(_plan(args), networks, tokenizer, iter(stream), ranks, resumed, hooks)
    if ranks.first:
        keeper.save_and_draw(state)
        if not stops:
            keeper.wait()
    stream.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the draft checkpoint.")
    parser.add_argument("--minutes", type=float, required=True, help="wall clock, both stages")
    parser.add_argument("--out", type=Path, required=True, help="folder of the result and the log")
    parser.add_argument("--resume", type=Path, help="folder of an earlier run's result")
    parser.add_argument("--autoencoder-minutes", type=float, default=1.5, help="0: resume it")
    parser.add_argument("--cooldown", type=float, default=0.5, help="share of falling rate")
    parser.add_argument("--lr", type=float, default=2.5e-3)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--batch", type=int, default=640)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheet", type=int, default=128, help="held-out captions drawn")
    parser.add_argument("--score", action="store_true", help="score the sheets beside training")
    parser.add_argument("--save-minutes", type=float, default=2.0, help="between saved states")
    parser.add_argument("--tiny", action="store_true", help="toy sizes, to try the script out")
    return parser.parse_args()


def _plan(args: argparse.Namespace) -> Plan:
    small = {"autoencoder_batch": 4, "steps_between_shards": 4, "pictures": 256, "encode_batch": 32}
    return Plan(
        60 * args.minutes,
        60 * args.autoencoder_minutes,
        args.cooldown,
        lr=args.lr,
        passes=args.passes,
        batch=args.batch,
        save_seconds=60 * args.save_minutes,
        **(small if args.tiny else {}),
    )


if __name__ == "__main__":
    raise SystemExit(main())
