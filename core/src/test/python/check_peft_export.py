"""Loads adapters that this project exported with Hugging Face PEFT and writes the logits that PEFT computes.

    python check_peft_export.py ENCODERS EXPORTS RESULT.json [--double]

ENCODERS holds the tiny encoders (fixtures/encoder), EXPORTS one folder per encoder with one folder per exported adapter, RESULT
receives {encoder: {adapter: [[logits of each text]]}} for the texts of make_peft_fixtures.py, in padded batches. Adapters whose
configuration says that the head reads [CLS] get the line of their README.md; for the others PEFT is used as it is.

The committed logits are those of the committed exports, in double precision:

    python check_peft_export.py ../resources/fixtures/encoder ../resources/fixtures/peft-export \
        ../resources/fixtures/peft-export/cases.json --double
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import warnings

import torch
from make_peft_fixtures import TEXTS, encode, logits
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def score(encoder: str, folder: pathlib.Path, double: bool) -> list[list[float]]:
    config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    own = config["infoprompt"]
    base = AutoModelForSequenceClassification.from_pretrained(
        encoder, num_labels=len(own["id2label"]), attn_implementation="eager", dtype=torch.float32
    )
    model = PeftModel.from_pretrained(base, folder).eval()
    if double:
        model = model.double()
    if own["pooled_token"] == "cls":
        n = config["num_virtual_tokens"]
        head = model.base_model.classifier if encoder == "roberta" else model.base_model.bert.pooler
        head.register_forward_pre_hook(lambda module, args: (args[0][:, n:],))
    task_ids = torch.zeros(len(TEXTS), dtype=torch.long) if config["peft_type"].startswith("MULTITASK") else None
    return logits(model, encode(AutoTokenizer.from_pretrained(encoder), TEXTS), task_ids).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("encoders", type=pathlib.Path)
    parser.add_argument("exports", type=pathlib.Path)
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("--double", action="store_true", help="compute in double precision")
    arguments = parser.parse_args()
    exports = arguments.exports.resolve()
    result = arguments.result.resolve()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    os.chdir(arguments.encoders)
    scores: dict[str, dict[str, list[list[float]]]] = {}
    for folder in sorted(exports.glob("*/*/adapter_config.json")):
        encoder, adapter = folder.parent.parent.name, folder.parent.name
        rows = score(encoder, folder.parent, arguments.double)
        scores.setdefault(encoder, {})[adapter] = [[round(v, 9) for v in row] for row in rows]
    result.write_text(json.dumps(scores) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
