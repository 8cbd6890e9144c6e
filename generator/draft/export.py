"""`python -m generator.draft.export STATE [FOLDER]`: a training state as an fp8 checkpoint."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from tokenizers import Tokenizer

from generator.checkpoint.networks import Networks
from generator.checkpoint.write import write_checkpoint
from generator.draft import folder
from generator.draft.training.sizes import build, draft_sizes
from generator.draft.training.state import State, load_state, subset


def export(state: State, tokenizer: Tokenizer, target: Path) -> None:
    """Write the checkpoint's folders into `target`; other files there are left alone."""
    sizes = draft_sizes(tokenizer.get_vocab_size())
    autoencoder = replace(
        sizes.autoencoder,
        latents_shift=tuple(round(v, 6) for v in state.shift.tolist()),
        latents_scale=tuple(round(v, 6) for v in state.scale.tolist()),
    )
    networks = build(replace(sizes, autoencoder=autoencoder))
    for name, network in networks.named().items():
        network.load_state_dict(subset(state.weights, name))
    checkpoint = Networks(
        networks.transformer, networks.unconditional, networks.text_encoder, networks.autoencoder
    )
    write_checkpoint(target, checkpoint, tokenizer.to_str())


def main() -> int:
    """Parse and export."""
    parser = argparse.ArgumentParser(description="Export a training state as a checkpoint.")
    parser.add_argument("state", type=Path, help="folder that a training run wrote")
    parser.add_argument("folder", type=Path, nargs="?", default=folder())
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.state / "tokenizer.json"))
    export(load_state(args.state), tokenizer, args.folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
