"""Makes adapters of every kind with Hugging Face PEFT over the tiny encoders, with the logits that PEFT computes for texts.

    python make_encoder_fixtures.py ../resources/fixtures        (makes the encoders; only if they are not there)
    python make_peft_fixtures.py ../resources/fixtures

Each adapter is saved by PEFT, loaded again by PEFT over a freshly opened encoder, and asked for the logits of one padded batch of
single texts and pairs, in double precision. The logits of each text alone are checked to be the same, so that padding plays no part. A fixture is one
folder per encoder with one folder per adapter and cases.json: texts, token ids, task ids and logits.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import pathlib
import shutil
import warnings

import peft
import torch
import transformers
from peft import (
    IA3Config,
    LoraConfig,
    MultitaskPromptTuningConfig,
    PeftModel,
    PrefixTuningConfig,
    PromptEncoderConfig,
    PromptTuningConfig,
    get_peft_model,
)
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()

NUM_LABELS = 3
TEXTS = [
    ("the cat sat on the mat", None),
    ("a very good film", "it was not bad"),
    ("red", None),
    ("who is the old man and the new dog?", "we see the sun, the day is big."),
    ("", None),
    ("running to the oldest", None),
]
TASK_IDS = [0, 1, 2, 0, 1, 2]

ADAPTERS = {
    "prompt-tuning": PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=4),
    "p-tuning": PromptEncoderConfig(task_type="SEQ_CLS", num_virtual_tokens=3, encoder_hidden_size=16),
    "prefix-tuning": PrefixTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=5),
    "prefix-tuning-projection": PrefixTuningConfig(
        task_type="SEQ_CLS", num_virtual_tokens=3, prefix_projection=True, encoder_hidden_size=16
    ),
    "multitask-prompt-tuning": MultitaskPromptTuningConfig(
        task_type="SEQ_CLS", num_virtual_tokens=4, num_tasks=3, num_ranks=2, prompt_tuning_init="RANDOM"
    ),
    "lora": LoraConfig(task_type="SEQ_CLS", r=4, lora_alpha=8, target_modules=["query", "value"]),
    "lora-patterns": LoraConfig(
        task_type="SEQ_CLS",
        r=3,
        lora_alpha=5,
        use_rslora=True,
        target_modules="all-linear",
        rank_pattern={"layer.1.attention.self.query": 2, "intermediate.dense": 1},
        alpha_pattern={"output.dense": 7},
    ),
    "ia3": IA3Config(
        task_type="SEQ_CLS",
        target_modules=["key", "value", "intermediate.dense", "output.dense"],
        feedforward_modules=["intermediate.dense", "output.dense"],
    ),
}

# DistilBERT's head begins with a layer that no pretrained encoder has, so it is always saved along.
DISTILBERT = {
    "prompt-tuning": PromptTuningConfig(
        task_type="SEQ_CLS",
        num_virtual_tokens=2,
        token_dim=32,
        num_layers=3,
        num_attention_heads=4,
        modules_to_save=["pre_classifier"],
    ),
    "lora": LoraConfig(
        task_type="SEQ_CLS", r=2, lora_alpha=6, target_modules=["q_lin", "lin2"], modules_to_save=["pre_classifier"]
    ),
}


def base(name: str):
    torch.manual_seed(5)
    return AutoModelForSequenceClassification.from_pretrained(
        name, num_labels=NUM_LABELS, attn_implementation="eager", dtype=torch.float32
    ).eval()


def randomise(model, seed: int) -> None:
    """Draws what PEFT leaves at zero, one or a default, so that nothing can be forgotten unseen."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if not parameter.requires_grad:
                continue
            noise = torch.randn(parameter.shape, generator=generator)
            if "ia3_l" in name:
                parameter.copy_(1 + 0.4 * noise)
            elif "prompt_encoder" in name:
                parameter.copy_(0.6 * noise)
            else:
                parameter.copy_(0.3 * noise)


def logits(model, batch, task_ids) -> torch.Tensor:
    extra = {} if task_ids is None else {"task_ids": task_ids}
    if model.config.model_type == "distilbert":
        batch = {key: value for key, value in batch.items() if key != "token_type_ids"}
    with torch.no_grad():
        return model(**batch, **extra).logits


def sort_lists(config: pathlib.Path) -> None:
    """PEFT writes sets in any order; sorted, a fixture made again is the same file."""
    root = json.loads(config.read_text(encoding="utf-8"))
    for key in ("target_modules", "modules_to_save", "feedforward_modules"):
        if isinstance(root.get(key), list):
            root[key] = sorted(set(root[key]))
    config.write_text(json.dumps(root, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def encode(tokenizer, texts):
    second = [pair for _, pair in texts]
    rows = [tokenizer(text, pair) if pair is not None else tokenizer(text) for (text, _), pair in zip(texts, second)]
    return tokenizer.pad(rows, return_tensors="pt")


def make(encoder: str, name: str, config, seed: int, target: pathlib.Path, tokenizer) -> torch.Tensor:
    # PEFT writes into the configuration it is given.
    model = get_peft_model(base(encoder), copy.deepcopy(config)).eval()
    randomise(model, seed)
    folder = target / name
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    if name == "prompt-tuning":
        # bfloat16 adapters are as common as float32 ones.
        file = folder / "adapter_model.safetensors"
        save_file({key: value.to(torch.bfloat16) for key, value in load_file(file).items()}, file)
    again = PeftModel.from_pretrained(base(encoder), folder).eval()
    sort_lists(folder / "adapter_config.json")
    multitask = config.peft_type == "MULTITASK_PROMPT_TUNING"
    task_ids = torch.tensor(TASK_IDS) if multitask else None
    batch = encode(tokenizer, TEXTS)
    single = logits(again, batch, task_ids)
    again = again.double()
    result = logits(again, batch, task_ids)
    torch.testing.assert_close(single.double(), result, rtol=0, atol=1e-4)
    print(f"{encoder} {name}: logits up to {result.abs().max():.3f}, float32 off by {(single - result).abs().max():.1e}")
    for i, row in enumerate(TEXTS):
        one = logits(again, encode(tokenizer, [row]), None if task_ids is None else task_ids[i : i + 1])
        torch.testing.assert_close(one[0], result[i], rtol=0, atol=1e-10)
    plain = logits(base(encoder), batch, None)
    assert (plain - result).abs().max() > 0.05, "the adapter changes nothing"
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=pathlib.Path, help="holds encoder/; peft/ is written in it")
    root = parser.parse_args().fixtures.resolve()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    # The adapters then name their base "bert", not a path of this machine.
    os.chdir(root / "encoder")
    for encoder, adapters in (("bert", ADAPTERS), ("roberta", ADAPTERS), ("distilbert", DISTILBERT)):
        target = root / "peft" / encoder
        shutil.rmtree(target, ignore_errors=True)
        tokenizer = AutoTokenizer.from_pretrained(encoder)
        cases = {
            "about": {"peft": peft.__version__, "torch": torch.__version__, "transformers": transformers.__version__},
            "texts": [{"text": text, "pair": pair} for text, pair in TEXTS],
            "inputIds": [
                tokenizer(text, pair)["input_ids"] if pair is not None else tokenizer(text)["input_ids"]
                for text, pair in TEXTS
            ],
            "taskIds": TASK_IDS,
            "logits": {},
        }
        for seed, (name, config) in enumerate(adapters.items()):
            result = make(encoder, name, config, 100 + seed, target, tokenizer)
            cases["logits"][name] = [[round(v, 9) for v in row] for row in result.tolist()]
        (target / "cases.json").write_text(json.dumps(cases) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
