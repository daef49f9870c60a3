"""Writes fixtures/warp: loss, scores and gradients of WARP on two tiny encoders, restated in PyTorch.

Regenerate (from the root of the checkout; the folders of the encoders come from make_encoder_fixtures.py):

    python core/src/test/python/make_warp_fixture.py core/src/test/resources/fixtures

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, safetensors 0.8.0. All numbers are computed and stored in
double.

Source: Hambardzumyan et al., arXiv 2101.00121. Input [CLS] P*n a P*n [MASK] P*n b P*n [SEP] in one segment, n = 2; the class head
reads the masked-LM head's output in front of the decoder; loss = mean cross-entropy.

warp/MODEL.json: examples [{text, pair or null, label}] as word ids
warp/MODEL.safetensors: prompts [8,D], head.weight [C,D], head.bias [C]; loss [1], logits [B,C]; d.prompts, d.head.weight,
  d.head.bias; wordHead.weight and wordHead.bias: what the class head starts as for the label words [[5], [6, 8], [11]]
"""

from __future__ import annotations

import argparse
import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import AutoModelForMaskedLM

from make_mlm_fixtures import transform
from tiny_models import HIDDEN, MODELS, TinyModel

SLOTS, CLASSES = 2, 3
LABEL_WORDS = [[5], [6, 8], [11]]
LENGTHS = [(7, 4), (1, 9), (12, None), (5, 1)]


def features(module: torch.nn.Module, model: TinyModel, prompts: torch.Tensor, example: dict) -> torch.Tensor:
    table = module.get_input_embeddings().weight
    words = lambda ids: table[torch.tensor(ids, dtype=torch.long)]  # noqa: E731
    groups = prompts.reshape(4, SLOTS, HIDDEN)
    parts = [words([model.cls]), groups[0], words(example["text"]), groups[1], words([model.mask]), groups[2]]
    mask_row = sum(len(p) for p in parts[:4])
    parts += [words(example["pair"] or []), groups[3], words([model.sep])]
    encoder = getattr(module, module.base_model_prefix)
    hidden = encoder(inputs_embeds=torch.cat(parts)[None]).last_hidden_state[0, mask_row]
    return transform(module, model, hidden)


def write(fixtures: pathlib.Path, model: TinyModel) -> None:
    folder = fixtures / "encoder" / model.name
    module = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    module = module.double().eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(200 + model.seed)
    draw = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731
    ids = lambda n: torch.randint(model.first_word, 119, (n,), generator=generator).tolist()  # noqa: E731
    examples = [
        dict(text=ids(a), pair=None if b is None else ids(b), label=i % CLASSES) for i, (a, b) in enumerate(LENGTHS)
    ]
    prompts = (0.4 * draw(4 * SLOTS, HIDDEN)).requires_grad_()
    weight = (0.3 * draw(CLASSES, HIDDEN)).requires_grad_()
    bias = (0.2 * draw(CLASSES)).requires_grad_()
    states = torch.stack([features(module, model, prompts, e) for e in examples])
    logits = states @ weight.T + bias
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor([e["label"] for e in examples]))
    loss.backward()
    decoder = module.get_output_embeddings()
    tensors = {
        "prompts": prompts.detach(),
        "head.weight": weight.detach(),
        "head.bias": bias.detach(),
        "loss": loss.detach().reshape(1),
        "logits": logits.detach(),
        "d.prompts": prompts.grad,
        "d.head.weight": weight.grad,
        "d.head.bias": bias.grad,
        "wordHead.weight": torch.stack([decoder.weight[w].mean(0) for w in LABEL_WORDS]),
        "wordHead.bias": torch.stack([decoder.bias[w].mean() for w in LABEL_WORDS]),
    }
    out = fixtures / "warp"
    out.mkdir(exist_ok=True)
    save_file({k: v.contiguous() for k, v in tensors.items()}, out / f"{model.name}.safetensors")
    (out / f"{model.name}.json").write_text(json.dumps(dict(examples=examples)) + "\n", encoding="utf-8")
    print(model.name, f"loss {loss.item():.4f}, prompt gradient up to {prompts.grad.abs().max().item():.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=pathlib.Path, help="the fixtures folder; warp/ is written in it")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for name in ("bert-tanh", "roberta"):
        write(arguments.fixtures, MODELS[name])


if __name__ == "__main__":
    main()
