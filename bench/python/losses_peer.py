"""Both information losses and their gradients in PyTorch eager, fp32: the peer of org.infoprompt.bench.LossPeer.

    python losses_peer.py --form eager|reassociated [--threads 1]

eager is the form of the paper's released code: every sample is decoded to the hidden size and scored there. reassociated
scores in the latent space, as one would write it for speed without leaving PyTorch. Reads commands as JSON lines and answers
each with one: {"load": FILE, "samples": K, "seed": S}, {"time": SECONDS, "step": N} (runs until that long has passed, noise
by torch.randn) and {"check": true, "step": N} (with the library's noise, made outside).
"""

from __future__ import annotations

import argparse
import json
import math
import pathlib
import sys
import time

import torch
from safetensors.torch import load_file
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "core" / "src" / "test" / "python"))
from infoprompt_restatement import noise  # noqa: E402

TRAINED = ("mean_prompts", "mu", "log_std", "mu_prompted", "log_std_prompted", "head", "projected", "decoder")


class Problem:
    def __init__(self, file: str, samples: int, seed: int, form: str):
        self.samples, self.seed, self.form = samples, seed, form
        tensors = load_file(file)
        self.words = tensors["words"]
        starts = tensors["token_starts"].tolist()
        ids = tensors["token_ids"].long()
        lengths = [b - a for a, b in zip(starts, starts[1:], strict=False)]
        self.ids = torch.zeros(len(lengths), max(lengths), dtype=torch.long)
        self.pads = torch.ones_like(self.ids, dtype=torch.bool)
        for r, (start, length) in enumerate(zip(starts, lengths, strict=False)):
            self.ids[r, :length] = ids[start : start + length]
            self.pads[r, :length] = False
        self.trained = {name: tensors[name].requires_grad_() for name in TRAINED}

    def normals(self, step: int | None) -> tuple[torch.Tensor, torch.Tensor]:
        batch, width = self.trained["mu"].shape
        if step is None:
            return torch.randn(batch, width), torch.randn(batch, self.samples, width)
        positive = noise(self.seed, step, 1, batch, 1, width)[:, 0].float()
        return positive, noise(self.seed, step, 2, batch, self.samples, width).float()

    @staticmethod
    def loss(positive: torch.Tensor, negative: torch.Tensor) -> torch.Tensor:
        """Mean of -log softmax([positive, negatives])_0; scores [B,1] and [B,K]."""
        return -torch.log_softmax(torch.cat([positive, negative], 1), 1)[:, 0].mean()

    def head_loss(self) -> torch.Tensor:
        t = self.trained
        query = t["head"].mean(0) / math.sqrt(self.words.shape[1])
        scores = F.embedding(self.ids, self.words) @ query
        return self.loss((t["mean_prompts"] @ query)[:, None], scores.masked_fill(self.pads, -math.inf))

    def eager(self, e0: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
        t = self.trained
        sigma, sigma_prompted = (t[n].clamp(-2, 10).exp() for n in ("log_std", "log_std_prompted"))
        scale = 1 / math.sqrt(t["projected"].shape[1])
        positive = F.linear(t["mu_prompted"] + e0 * sigma_prompted, t["decoder"])
        negative = F.linear(t["mu"][:, None] + eps * sigma[:, None], t["decoder"])
        scores = torch.bmm(negative, t["projected"][:, :, None])[:, :, 0] * scale
        return self.loss((positive * t["projected"]).sum(1, keepdim=True) * scale, scores)

    def reassociated(self, e0: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
        t = self.trained
        sigma, sigma_prompted = (t[n].clamp(-2, 10).exp() for n in ("log_std", "log_std_prompted"))
        context = t["projected"] @ t["decoder"] / math.sqrt(t["projected"].shape[1])
        positive = ((t["mu_prompted"] + e0 * sigma_prompted) * context).sum(1, keepdim=True)
        negative = (t["mu"] * context).sum(1, keepdim=True)
        return self.loss(positive, negative + torch.bmm(eps, (sigma * context)[:, :, None])[:, :, 0])

    def run(self, normals: tuple[torch.Tensor, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        for parameter in self.trained.values():
            parameter.grad = None
        losses = self.head_loss(), getattr(self, self.form)(*normals)
        (losses[0] + losses[1]).backward()
        return losses


def answer(problem: Problem, command: dict) -> dict:
    if "time" in command:
        start, cpu, runs = time.perf_counter(), time.process_time(), 0
        while True:
            problem.run(problem.normals(None))
            runs += 1
            seconds = time.perf_counter() - start
            if seconds >= command["time"]:
                return dict(kind="time", seconds=seconds / runs, cpuSeconds=(time.process_time() - cpu) / runs, runs=runs)
    head, representation = problem.run(problem.normals(command["step"]))
    summaries = {}
    for name, parameter in problem.trained.items():
        gradient = parameter.grad.double().flatten()
        weights = torch.arange(len(gradient), dtype=torch.float64).cos()
        summaries[name] = [gradient.norm().item(), (gradient @ weights).item()]
    return dict(kind="check", head=head.item(), representation=representation.item(), gradients=summaries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--form", choices=("eager", "reassociated"), required=True)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(json.dumps(dict(kind="run", torch=torch.__version__, form=arguments.form)), flush=True)
    problem = None
    for line in sys.stdin:
        command = json.loads(line)
        if "load" in command:
            problem = Problem(command["load"], command["samples"], command["seed"], arguments.form)
            reply = dict(kind="loaded")
        else:
            reply = answer(problem, command)
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
