"""Writes fixtures/encoder/*/mlm.safetensors: the masked-language-model heads of the tiny models, run by transformers.

Regenerate (from the root of the checkout; the folders themselves come from make_encoder_fixtures.py):

    python core/src/test/python/make_mlm_fixtures.py core/src/test/resources/fixtures

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, safetensors 0.8.0. All numbers are computed and stored in
double.

mlm.safetensors (D = 32, V = 120, R = 6): states [R,D], features [R,D] = the head's output in front of the decoder, logits
  [R,V], upstream [R,D] = dL/dfeatures, gradient [R,D] = dL/dstates; ids [T] = a sequence with two mask tokens, masks [2] =
  where they are, maskLogits [2,V] = the whole model's scores there
"""

from __future__ import annotations

import argparse
import pathlib

import torch
from safetensors.torch import save_file
from transformers import AutoModelForMaskedLM

from tiny_models import HIDDEN, MODELS, TinyModel

ROWS = 6


def transform(module: torch.nn.Module, model: TinyModel, states: torch.Tensor) -> torch.Tensor:
    """The head up to the decoder, by the modules transformers itself runs."""
    if model.name == "roberta":
        head = module.lm_head
        return head.layer_norm(torch.nn.functional.gelu(head.dense(states)))
    if model.name == "distilbert":
        return module.vocab_layer_norm(module.activation(module.vocab_transform(states)))
    return module.cls.predictions.transform(states)


def decode(module: torch.nn.Module, model: TinyModel, features: torch.Tensor) -> torch.Tensor:
    if model.name == "roberta":
        return module.lm_head.decoder(features)
    if model.name == "distilbert":
        return module.vocab_projector(features)
    return module.cls.predictions.decoder(features)


def write(folder: pathlib.Path, model: TinyModel) -> None:
    module = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    module = module.double().eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(100 + model.seed)
    states = torch.randn(ROWS, HIDDEN, generator=generator, dtype=torch.float64).requires_grad_()
    upstream = torch.randn(ROWS, HIDDEN, generator=generator, dtype=torch.float64)
    features = transform(module, model, states)
    logits = decode(module, model, features)
    features.backward(upstream)
    words = [model.first_word + 7 * i for i in range(8)]
    ids = [model.cls, *words[:3], model.mask, *words[3:6], model.mask, *words[6:], model.sep]
    masks = [i for i, token in enumerate(ids) if token == model.mask]
    whole = module(input_ids=torch.tensor([ids])).logits[0, masks]
    tensors = dict(
        states=states.detach(),
        features=features.detach(),
        logits=logits.detach(),
        upstream=upstream,
        gradient=states.grad,
        ids=torch.tensor(ids),
        masks=torch.tensor(masks),
        maskLogits=whole,
    )
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "mlm.safetensors")
    print(folder.name, f"logits up to {logits.abs().max().item():.2f}, gradient up to {states.grad.abs().max().item():.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=pathlib.Path, help="the fixtures folder; files are written into its encoder/*")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for name in ("bert-tanh", "roberta", "distilbert"):
        write(arguments.fixtures / "encoder" / name, MODELS[name])


if __name__ == "__main__":
    main()
