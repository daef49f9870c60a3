"""Embeds texts one at a time in PyTorch: a peer of org.infoprompt.bench.serving.ServingPeer.

    python serving_peer.py --model HF --threads 1

HF is a Hugging Face folder of the encoder. The embedding is the mean over the last hidden states, in fp32, under
torch.inference_mode. Reads commands as JSON lines and answers each with one: {"ids": [[...], ...], "width": D} (the texts),
{"check": true} (all embeddings) and {"from": I, "calls": N} (the nanoseconds of each call).
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import torch
import transformers

WARMING_CALLS = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    transformers.logging.set_verbosity_error()
    model = transformers.AutoModel.from_pretrained(arguments.model, dtype=torch.float32).eval()
    print(json.dumps(dict(kind="run", torch=torch.__version__, transformers=transformers.__version__)), flush=True)
    texts = []

    def embed(number: int) -> torch.Tensor:
        return model(input_ids=texts[number], attention_mask=torch.ones_like(texts[number])).last_hidden_state.mean(dim=1)[0]

    with torch.inference_mode():
        for line in sys.stdin:
            command = json.loads(line)
            if "ids" in command:
                texts = [torch.tensor([ids]) for ids in command["ids"]]
                for i in range(WARMING_CALLS):
                    embed(i % len(texts))
                answer = dict(kind="loaded")
            elif "check" in command:
                answer = dict(kind="check", embeddings=[embed(i).tolist() for i in range(len(texts))])
            else:
                nanos = []
                for i in range(command["calls"]):
                    number = (command["from"] + i) % len(texts)
                    start = time.perf_counter_ns()
                    embed(number)
                    nanos.append(time.perf_counter_ns() - start)
                answer = dict(kind="calls", nanos=nanos)
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
