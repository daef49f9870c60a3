"""Writes the inputs of the information losses that both programs of a comparison read, as one safetensors file.

    python make_loss_inputs.py --out FILE [--batch 32 --hidden 384 --latent 32 --tokens 48 --vocabulary 30522 --classes 2]

Rows have between half and all of --tokens words, drawn at random. float32: words [V,D], mean_prompts [B,D], head [C,D],
projected [B,D] (the projected prompts the representation loss scores against), decoder [D,Z], mu, log_std, mu_prompted,
log_std_prompted [B,Z]; int32: token_ids [T], token_starts [B+1].
"""

from __future__ import annotations

import argparse
import pathlib

import torch
from safetensors.torch import save_file


def inputs(batch: int, hidden: int, latent: int, tokens: int, vocabulary: int, classes: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(20261124)
    normal = lambda *shape: torch.randn(*shape, generator=generator)  # noqa: E731
    lengths = torch.randint((tokens + 1) // 2, tokens + 1, (batch,), generator=generator)
    starts = torch.cat([torch.zeros(1, dtype=torch.long), lengths.cumsum(0)])
    return dict(
        words=0.5 * normal(vocabulary, hidden),
        mean_prompts=0.5 * normal(batch, hidden),
        head=normal(classes, hidden),
        projected=normal(batch, hidden),
        decoder=normal(hidden, latent) / latent**0.5,
        mu=normal(batch, latent),
        log_std=0.5 * normal(batch, latent),
        mu_prompted=normal(batch, latent),
        log_std_prompted=0.5 * normal(batch, latent),
        token_ids=torch.randint(0, vocabulary, (int(starts[-1]),), generator=generator).int(),
        token_starts=starts.int(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    for name, value in dict(batch=32, hidden=384, latent=32, tokens=48, vocabulary=30522, classes=2).items():
        parser.add_argument(f"--{name}", type=int, default=value)
    arguments = vars(parser.parse_args())
    save_file(inputs(**{k: v for k, v in arguments.items() if k != "out"}), arguments["out"])


if __name__ == "__main__":
    main()
