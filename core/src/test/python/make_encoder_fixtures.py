"""Writes fixtures/encoder: tiny random encoders with their hidden states and input gradients by transformers.

Regenerate (from the root of the checkout; overwrites core/src/test/resources/fixtures/encoder):

    python core/src/test/python/make_encoder_fixtures.py core/src/test/resources/fixtures

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, safetensors 0.8.0.

Per model NAME (bert, bert-tanh, roberta, distilbert):

  NAME/config.json, model.safetensors, vocab.txt | vocab.json + merges.txt    a Hugging Face folder
  NAME/cases.json      per case: lengths [B]; per row (sequence after sequence, no padding): inputIds [R] (-1: a prompt
                       row), tokenTypes [R] (all 0 where the family has none), positions [R] (row of the position
                       table); promptRows [P]; readRows [K], the 1 or 2 rows per sequence that case "read" reads
  NAME/expected.safetensors, with CASE in {words, prompts}, R rows, D = hiddenSize:
    CASE.prompts                [P,D] f32   the vectors of the prompt rows, in place of word embeddings (case prompts only)
    CASE.hidden, .hidden32      [R,D] f64, f32   last hidden state, computed in double and in float
    CASE.all.upstream           [R,D] f32   dL/dhidden of every row
    CASE.all.gradient, .gradient32   [R,D] f64, f32   dL/d(word or prompt vector), before positions and types
    CASE.read.upstream          [K,D] f32   dL/dhidden of readRows only (zero elsewhere)
    CASE.read.gradient, .gradient32  [R,D] f64, f32
"""

from __future__ import annotations

import argparse
import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file

import tiny_models
from tiny_models import MODELS, TinyModel

LENGTHS = [1, 2, 7, 17, 40]


def make_case(model: TinyModel, prompts: bool, generator: torch.Generator) -> dict:
    """Draws token ids, types, prompt rows and read rows; every sequence starts with cls and, from 2 rows on, ends in sep."""
    lengths = LENGTHS if not prompts else [40, 3, 17, 8]
    ids, types, prompt_rows, read_rows, positions = [], [], [], [], []
    start = 0
    for number, length in enumerate(lengths):
        last_word = tiny_models.VOCABULARY - (1 if model.name == "roberta" else 0)
        words = torch.randint(model.first_word, last_word, (length,), generator=generator).tolist()
        words[0] = model.cls
        if length > 1:
            words[-1] = model.sep
        if length > 6:
            words[length // 2] = model.mask
        ids += words
        second = length - length // 3 if number % 2 else length
        types += [int(model.has_types and t >= second) for t in range(length)]
        offset = model.pad + 1 if model.name == "roberta" else 0
        positions += [offset + t for t in range(length)]
        if prompts:
            chosen = {1, length // 2 - 1, length // 2 + 1, length - 2} if length > 6 else {1}
            prompt_rows += [start + t for t in sorted(chosen)]
        read_rows += [start + length // 2] if number % 2 else sorted({start, start + length // 2})
        start += length
    for row in prompt_rows:
        ids[row] = -1
    return dict(
        lengths=lengths,
        inputIds=ids,
        tokenTypes=types,
        positions=positions,
        promptRows=prompt_rows,
        readRows=read_rows,
    )


def packed(encoder, model: TinyModel, case: dict, embeddings: torch.Tensor) -> torch.Tensor:
    """Hidden states of all rows: each sequence on its own, so no padding can leak."""
    types = torch.tensor(case["tokenTypes"]) if model.has_types else None
    rows, start = [], 0
    for length in case["lengths"]:
        span = slice(start, start + length)
        rows.append(tiny_models.run(encoder, embeddings[span], None if types is None else types[span]))
        start += length
    return torch.cat(rows)


def embed(encoder, case: dict, prompts: torch.Tensor) -> torch.Tensor:
    words = tiny_models.word_embeddings(encoder)
    ids = torch.tensor(case["inputIds"])
    vectors = words[ids.clamp(min=0)].clone()
    vectors[torch.tensor(case["promptRows"], dtype=torch.long)] = prompts.to(vectors.dtype)
    return vectors


def gradient(encoder, model, case, embeddings, upstream) -> torch.Tensor:
    leaf = embeddings.detach().clone().requires_grad_()
    packed(encoder, model, case, leaf).backward(upstream.to(leaf.dtype))
    return leaf.grad


def expected(folder: pathlib.Path, model: TinyModel, case: dict, generator: torch.Generator) -> dict:
    rows = len(case["inputIds"])
    prompts = 0.4 * torch.randn(len(case["promptRows"]), tiny_models.HIDDEN, generator=generator)
    everywhere = torch.randn(rows, tiny_models.HIDDEN, generator=generator)
    read = torch.randn(len(case["readRows"]), tiny_models.HIDDEN, generator=generator)
    somewhere = torch.zeros(rows, tiny_models.HIDDEN)
    somewhere[torch.tensor(case["readRows"])] = read
    tensors = {"all.upstream": everywhere, "read.upstream": read}
    if case["promptRows"]:
        tensors["prompts"] = prompts
    for dtype, suffix in ((torch.float64, ""), (torch.float32, "32")):
        encoder = tiny_models.load(folder, model, dtype)
        embeddings = embed(encoder, case, prompts)
        tensors["hidden" + suffix] = packed(encoder, model, case, embeddings)
        tensors["all.gradient" + suffix] = gradient(encoder, model, case, embeddings, everywhere)
        tensors["read.gradient" + suffix] = gradient(encoder, model, case, embeddings, somewhere)
        if dtype == torch.float64:
            check(encoder, model, case, embeddings, tensors)
    return tensors


def check(encoder, model, case, embeddings, tensors) -> None:
    """The packed run equals a padded batch run from ids, positions are as stated, and gradients pass gradcheck."""
    lengths = case["lengths"]
    if not case["promptRows"]:
        longest = max(lengths)
        ids = torch.full((len(lengths), longest), model.pad)
        types = torch.zeros((len(lengths), longest), dtype=torch.long)
        attention = torch.zeros((len(lengths), longest), dtype=torch.long)
        start = 0
        for b, length in enumerate(lengths):
            ids[b, :length] = torch.tensor(case["inputIds"][start : start + length])
            types[b, :length] = torch.tensor(case["tokenTypes"][start : start + length])
            attention[b, :length] = 1
            start += length
        extra = {"token_type_ids": types} if model.has_types else {}
        padded = encoder(input_ids=ids, attention_mask=attention, **extra).last_hidden_state
        torch.testing.assert_close(padded[attention.bool()], tensors["hidden"], rtol=0, atol=1e-12)
    start = 0
    for length in lengths:
        if length in (7, 8):
            span = slice(start, start + length)
            types = torch.tensor(case["tokenTypes"][span]) if model.has_types else None
            leaf = embeddings[span].detach().clone().requires_grad_()
            assert torch.autograd.gradcheck(lambda x: tiny_models.run(encoder, x, types), leaf, eps=1e-6, atol=1e-5)
        start += length
    if model.name != "distilbert":
        table = encoder.embeddings.position_embeddings.weight
        types = encoder.embeddings.token_type_embeddings.weight[torch.tensor(case["tokenTypes"])]
    else:
        table = encoder.embeddings.position_embeddings.weight
        types = 0
    by_hand = encoder.embeddings.LayerNorm(embeddings + table[torch.tensor(case["positions"])] + types)
    start = 0
    for length in lengths:
        span = slice(start, start + length)
        extra = {"token_type_ids": torch.tensor(case["tokenTypes"][span])[None]} if model.has_types else {}
        if model.name == "distilbert":
            first = encoder.embeddings(None, embeddings[None, span])
        else:
            first = encoder.embeddings(inputs_embeds=embeddings[None, span], **extra)
        torch.testing.assert_close(first[0], by_hand[span], rtol=0, atol=1e-13)
        start += length


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=pathlib.Path, help="the fixtures folder; encoder/ is written in it")
    root = parser.parse_args().fixtures / "encoder"
    torch.set_num_threads(1)
    for model in MODELS.values():
        folder = root / model.name
        tiny_models.save(tiny_models.build(model), model, folder)
        generator = torch.Generator().manual_seed(1000 + model.seed)
        cases, tensors = {}, {}
        for name, prompts in (("words", False), ("prompts", True)):
            case = make_case(model, prompts, generator)
            cases[name] = case
            for key, value in expected(folder, model, case, generator).items():
                tensors[f"{name}.{key}"] = value.detach().contiguous()
        about = dict(torch=torch.__version__, transformers=transformers.__version__, model=model.name)
        text = json.dumps(dict(about=about, cases=cases))
        (folder / "cases.json").write_text(text + "\n", encoding="utf-8")
        save_file(tensors, folder / "expected.safetensors")
        error = max(
            (tensors[f"{c}.hidden"] - tensors[f"{c}.hidden32"]).abs().max().item() for c in cases
        )
        print(f"{model.name}: float32 against double, hidden: {error:.2e}")


if __name__ == "__main__":
    main()
