"""Writes the folder both programs of a comparison read: inputs.json and parameters.safetensors (README.md).

    python make_inputs.py --model HF_FOLDER --out FOLDER [--batch 32 --rows 64 --spread 0 --strategy task ...]

Token ids are drawn at random from the ordinary words of a BERT vocabulary; the cost of a step does not depend on them. With
--text the examples are real ones: the first columns of a tab-separated file with a header, tokenized by the model's tokenizer.
"""

from __future__ import annotations

import argparse
import json
import math
import pathlib

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer


def word_table(folder: pathlib.Path) -> torch.Tensor:
    with safe_open(folder / "model.safetensors", "pt") as file:
        name = next(k for k in file.keys() if k.endswith("embeddings.word_embeddings.weight"))
        return file.get_tensor(name)


def draw_parameters(arguments, words: torch.Tensor, generator) -> dict[str, torch.Tensor]:
    width, latent, slots = words.shape[1], arguments.latent, 4 * arguments.slots_per_group
    scale = words.std().item()
    parameters = {}

    def linear(name: str, outputs: int, inputs: int) -> None:
        for suffix, shape in (("weight", (outputs, inputs)), ("bias", (outputs,))):
            parameters[f"{name}.{suffix}"] = (torch.rand(shape, generator=generator) * 2 - 1) / math.sqrt(inputs)

    if arguments.strategy == "task":
        parameters["prompt.embeddings"] = scale * torch.randn(slots, width, generator=generator)
    else:
        linear("generator.down", latent, width)
        linear("generator.up", slots * width, latent)
    linear("projection", width, width)
    linear("bottleneck.mean", latent, width)
    linear("bottleneck.log_std", latent, width)
    linear("decoder", width, latent)
    parameters["head.weight"] = scale * torch.randn(arguments.classes, width, generator=generator)
    parameters["head.bias"] = torch.zeros(arguments.classes)
    return parameters


def read_text(arguments, count: int) -> list[dict]:
    """The first examples of a file, a pair where the header's second column is no label, cut to --max-rows."""
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids  # noqa: E731
    lines = arguments.text.read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    columns = [i for i, name in enumerate(header) if name.startswith("sentence") or name in ("premise", "hypothesis")]
    label = header.index("label")
    labels, examples = [], []
    for line in lines[1 : count + 1]:
        cells = line.split("\t")
        if cells[label] not in labels:
            labels.append(cells[label])
        texts = [encode(cells[i]) for i in columns[:2]]
        room = arguments.max_rows - 4 * arguments.slots_per_group - 4
        while sum(map(len, texts)) > room:
            max(texts, key=len).pop()
        pair = texts[1] if len(texts) == 2 else None
        examples.append(dict(text=texts[0], pair=pair, label=labels.index(cells[label])))
    return examples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--batches", type=int, default=2)
    parser.add_argument("--rows", type=int, default=64, help="mean length of a prompted row, specials and slots included")
    parser.add_argument("--spread", type=int, default=0, help="row lengths are uniform in rows +- spread")
    parser.add_argument("--slots-per-group", type=int, default=1)
    parser.add_argument("--strategy", choices=("task", "instance"), default="task")
    parser.add_argument("--classification", choices=("direct", "bottleneck", "both"), default="direct")
    parser.add_argument("--latent", type=int, default=32)
    parser.add_argument("--classes", type=int, default=12)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--text", type=pathlib.Path, help="a TSV of GLUE, such as SST-2's or RTE's train.tsv")
    parser.add_argument("--max-rows", type=int, default=128, help="with --text, the longest row")
    parser.add_argument("--first-word", type=int, default=1996, help="lowest id drawn; 1996 in BERT's English vocabulary")
    arguments = parser.parse_args()
    generator = torch.Generator().manual_seed(arguments.seed)
    words = word_table(arguments.model)
    examples = [] if arguments.text is None else read_text(arguments, arguments.batch * arguments.batches)
    for number in range(len(examples), arguments.batch * arguments.batches):
        change = torch.randint(-arguments.spread, arguments.spread + 1, (), generator=generator).item()
        length = arguments.rows + change - 4 * arguments.slots_per_group - 3
        text = torch.randint(arguments.first_word, words.shape[0], (length,), generator=generator).tolist()
        examples.append(dict(text=text, pair=None, label=number % arguments.classes))
    content = dict(
        strategy=arguments.strategy,
        classification=arguments.classification,
        slotsPerGroup=arguments.slots_per_group,
        hiddenSize=words.shape[1],
        latentSize=arguments.latent,
        numClasses=arguments.classes,
        gamma=0.1,
        beta=0.2,
        klWeight=0.1,
        informationWeight=1.0,
        logProbFloor=None,
        learningRate=5e-3,
        weightDecay=0.01,
        warmupSteps=None,
        totalSteps=None,
        maxGradNorm=None,
        seed=arguments.seed,
        threads=arguments.threads,
        specials=dict(cls=101, sep=102, mask=103),
        separatorsInMiddle=1,
        hasTypes=True,
        examples=examples,
        batches=[list(range(b * arguments.batch, (b + 1) * arguments.batch)) for b in range(arguments.batches)],
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "inputs.json").write_text(json.dumps(content) + "\n", encoding="utf-8")
    save_file(draw_parameters(arguments, words, generator), arguments.out / "parameters.safetensors")


if __name__ == "__main__":
    main()
