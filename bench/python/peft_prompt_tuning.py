"""One training step of Hugging Face PEFT's prompt tuning at the sizes of a folder: what most people would run instead.

    python peft_prompt_tuning.py --model HF_FOLDER --data FOLDER --threads 1 --steps 20 --warmup 3

PEFT puts its N = 4n virtual tokens in front of the row and trains them with the classifier; there are no information
losses, no mask slot and no plain pass, so its step does LESS than InfoPrompt's, and its losses are its own. Rows have as
many positions as the prompted rows of the folder. Output: README.md.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import platform
import resource
import time

import peft
import torch
import transformers
from peft import PromptTuningConfig, PromptTuningInit, TaskType, get_peft_model
from transformers import AutoModelForSequenceClassification

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()


def padded(setup: dict) -> list[tuple[dict, torch.Tensor]]:
    """Batches as the tokenizer would give them, plus the mask token that InfoPrompt's rows have, for equal length."""
    special, batches = setup["specials"], []
    for numbers in setup["batches"]:
        examples = [setup["examples"][i] for i in numbers]
        ids, types = [], []
        for example in examples:
            first = [special["cls"]] + example["text"] + [special["mask"], special["sep"]]
            second = [] if example["pair"] is None else example["pair"] + [special["sep"]]
            ids.append(first + second)
            types.append([0] * len(first) + [1] * len(second))
        longest = max(map(len, ids))
        pad = lambda rows: torch.tensor([r + [0] * (longest - len(r)) for r in rows])  # noqa: E731
        feed = dict(input_ids=pad(ids), attention_mask=pad([[1] * len(r) for r in ids]), token_type_ids=pad(types))
        batches.append((feed, torch.tensor([e["label"] for e in examples])))
    return batches


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warmup", type=int, default=3)
    arguments = parser.parse_args()
    setup = json.loads((arguments.data / "inputs.json").read_text(encoding="utf-8"))
    if not setup["hasTypes"]:
        parser.error("this peer is for BERT models with token types")
    threads = arguments.threads or setup["threads"]
    torch.set_num_threads(threads)
    torch.manual_seed(setup["seed"])
    base = AutoModelForSequenceClassification.from_pretrained(
        arguments.model, num_labels=setup["numClasses"], attn_implementation="sdpa", dtype=torch.float32
    )
    config = PromptTuningConfig(
        task_type=TaskType.SEQ_CLS,
        num_virtual_tokens=4 * setup["slotsPerGroup"],
        prompt_tuning_init=PromptTuningInit.RANDOM,
    )
    # Dropout stays off, as in the other programs.
    model = get_peft_model(base, config).eval()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=setup["learningRate"], weight_decay=setup["weightDecay"])
    batches = padded(setup)
    about = dict(
        kind="run",
        program="peft_prompt_tuning",
        torch=torch.__version__,
        transformers=transformers.__version__,
        peft=peft.__version__,
        python=platform.python_version(),
        threads=threads,
        trainedParameters=sum(p.numel() for p in trained),
        batchSize=len(batches[0][1]),
        paddedRowLength=batches[0][0]["input_ids"].shape[1] + config.num_virtual_tokens,
    )
    print(json.dumps(about))
    for step in range(arguments.warmup + arguments.steps):
        feed, labels = batches[step % len(batches)]
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = model(**feed, labels=labels).loss
        loss.backward()
        optimizer.step()
        seconds = time.perf_counter() - start
        measured = step >= arguments.warmup
        print(json.dumps(dict(kind="step", step=step, measured=measured, seconds=seconds, total=loss.item())), flush=True)
    print(json.dumps(dict(kind="end", peakResidentKiB=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)))


if __name__ == "__main__":
    main()
