"""Writes fixtures/training: ten AdamW steps of InfoPrompt on the tiny encoders, by infoprompt_restatement.

Regenerate (from the root of the checkout, after make_encoder_fixtures.py, whose folders it reads):

    python core/src/test/python/make_training_fixture.py core/src/test/resources/fixtures

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, safetensors 0.8.0, numpy 2.4.6. Everything is computed in
double unless the name says float32.

VARIANT.json: encoder (folder under fixtures), strategy (task | instance), classification (bottleneck | direct | both),
  slotsPerGroup n, hiddenSize D, latentSize Z, numClasses C, gamma, beta, klWeight, informationWeight, logProbFloor (null:
  none), learningRate, warmupSteps, totalSteps, steps, maxGradNorm (null: no clipping), weightDecay, betas, epsilon, seed,
  specials {cls, sep, mask}, separatorsInMiddle, hasTypes,
  examples [{text: ids, pair: ids or null, label}] (words only, no specials), batches [[example numbers]] used in turn,
  rows [{ids (-1: prompt slot), types, slots, mask, nullIds, nullMask}] per example, as the method builds them,
  firstStep.rawLogStdClamped: how many bottleneck log-stds lay outside [-2, 10] in the first step,
  trajectory [{ce, head, rep, kl, total, gradNorm (before clipping), learningRate}] and trajectoryFloat32, the same run
  with encoder, parameters and arithmetic in float32 (how far float error alone leads away).
VARIANT.safetensors (float64): initial.NAME, grad0.NAME (first step, before clipping), final.NAME per parameter (names and
  shapes in infoprompt_restatement.py; head.bias is always there); state0.cls, state0.plain, state0.prompted [B,D],
  state0.prompts [B,N,D], state0.logits [B,C]; noise0.classified, noise0.positive [B,1,Z], noise0.negative [B,4B,Z];
  predict.logits [examples, C], z = mu, with the final parameters.

The gradient of decoder.bias is exactly zero where only the representation loss uses it (classification direct), because
the softmax cancels it; here it is rounding noise of about 1e-17.
"""

from __future__ import annotations

import argparse
import json
import math
import pathlib

import torch
import transformers
from safetensors.torch import save_file

import infoprompt_restatement as method
import tiny_models
from infoprompt_restatement import Example, Method, Restatement

BATCH, CLASSES, LATENT, STEPS = 5, 3, 8, 10
SEED = 0xABC12345678

VARIANTS = {
    "task-direct": ("bert", False, Method("task", "direct", 2), dict(learningRate=5e-3)),
    "instance-bottleneck": ("bert", False, Method("instance", "bottleneck", 1), dict()),
    "task-both-clamp": (
        "bert",
        False,
        Method("task", "both", 2, information_weight=0.6, log_prob_floor=-2.0),
        dict(learningRate=5e-3),
    ),
    "instance-direct-pair": ("bert", True, Method("instance", "direct", 1), dict(maxGradNorm=1.0)),
    "roberta-instance-bottleneck": ("roberta", False, Method("instance", "bottleneck", 2), dict()),
    "roberta-task-direct-pair": ("roberta", True, Method("task", "direct", 1), dict(learningRate=5e-3)),
}


def draw_examples(model, pairs: bool, generator) -> list[Example]:
    last = tiny_models.VOCABULARY - (1 if model.name == "roberta" else 0)
    words = lambda count: torch.randint(model.first_word, last, (count,), generator=generator).tolist()  # noqa: E731
    lengths = [7, 1, 19, 4, 12, 9, 0, 23, 2, 15]
    seconds = [3, 11, 1, 16, 6, 2, 8, 5, 0, 13]
    return [
        Example(words(length), words(second) if pairs else None, (i * 2 + i // 5) % CLASSES)
        for i, (length, second) in enumerate(zip(lengths, seconds))
    ]


def draw_parameters(setup: Method, generator) -> dict[str, torch.Tensor]:
    """Uniform layers as torch.nn.Linear; prompts and class rows at the words' scale; log-stds near their lower bound."""
    width, slots = tiny_models.HIDDEN, 4 * setup.slots_per_group
    normal = lambda *shape: 0.4 * torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731

    def linear(name: str, outputs: int, inputs: int) -> dict[str, torch.Tensor]:
        uniform = lambda *shape: (  # noqa: E731
            torch.rand(*shape, generator=generator, dtype=torch.float64) * 2 - 1
        ) / math.sqrt(inputs)
        return {f"{name}.weight": uniform(outputs, inputs), f"{name}.bias": uniform(outputs)}

    parameters = {}
    if setup.strategy == "task":
        parameters["prompt.embeddings"] = normal(slots, width)
    else:
        parameters |= linear("generator.down", LATENT, width) | linear("generator.up", slots * width, LATENT)
    parameters |= linear("projection", width, width)
    parameters |= linear("bottleneck.mean", LATENT, width) | linear("bottleneck.log_std", LATENT, width)
    parameters["bottleneck.log_std.bias"] -= 1.2
    parameters |= linear("decoder", width, LATENT)
    parameters["head.weight"] = normal(CLASSES, width)
    parameters["head.bias"] = torch.zeros(CLASSES, dtype=torch.float64)
    # Numbers that float32 holds exactly, so that float and double runs start from the same point.
    return {k: v.float().double() for k, v in parameters.items()}


def restatement(root: pathlib.Path, model, setup: Method, dtype: torch.dtype) -> Restatement:
    encoder = tiny_models.load(root / "encoder" / model.name, model, dtype)
    return Restatement(encoder, model, model.has_types, 2 if model.name == "roberta" else 1, setup, LATENT)


def check_gradients(stated: Restatement, parameters: dict, examples: list[Example], first: dict) -> float:
    """Central differences of the whole objective along random directions, one parameter at a time."""
    generator = torch.Generator().manual_seed(5)
    worst = 0.0
    for name, value in parameters.items():
        direction = torch.randn(value.shape, generator=generator, dtype=value.dtype)
        totals = []
        for sign in (1, -1):
            moved = dict(parameters, **{name: value + sign * 1e-6 * direction})
            out = stated.forward(moved, examples, first["eps"], context_prompts=first["prompts"])
            totals.append(out["terms"]["total"].item())
        numeric = (totals[0] - totals[1]) / 2e-6
        analytic = (first["gradients"][name] * direction).sum().item()
        error = abs(numeric - analytic) / max(1.0, abs(analytic))
        assert error < 1e-6, (name, numeric, analytic)
        worst = max(worst, error)
    return worst


def write_variant(root: pathlib.Path, name: str) -> None:
    family, pairs, setup, changes = VARIANTS[name]
    model = tiny_models.MODELS[family]
    generator = torch.Generator().manual_seed(100 + list(VARIANTS).index(name))
    examples = draw_examples(model, pairs, generator)
    batches = [list(range(BATCH)), list(range(BATCH, 2 * BATCH))]
    initial = draw_parameters(setup, generator)
    hyper = dict(learningRate=1e-3, warmupSteps=2, totalSteps=STEPS, steps=STEPS, maxGradNorm=None, seed=SEED)
    hyper |= changes

    stated = restatement(root, model, setup, torch.float64)
    run = method.train(stated, initial, examples, batches, hyper)
    first = run["first"]
    batch = [examples[i] for i in batches[0]]
    worst = check_gradients(stated, initial, batch, first)
    single = method.train(
        restatement(root, model, setup, torch.float32),
        {k: v.float() for k, v in initial.items()},
        examples,
        batches,
        hyper,
    )

    raw = [
        torch.nn.functional.linear(h, initial["bottleneck.log_std.weight"], initial["bottleneck.log_std.bias"])
        for h in (first["plain"], first["prompted"])
    ]
    clamped = sum(int(((r < method.LOG_STD_MIN) | (r > method.LOG_STD_MAX)).sum()) for r in raw)
    rows = []
    for example in examples:
        row, null = stated.prompted_row(example), stated.null_row(example)
        types = row.types if model.has_types else [0] * len(row.types)
        rows.append(
            dict(ids=row.ids, types=types, slots=row.slots, mask=row.mask, nullIds=null.ids, nullMask=null.mask)
        )

    text = dict(
        about=dict(torch=torch.__version__, transformers=transformers.__version__),
        encoder=f"encoder/{family}",
        strategy=setup.strategy,
        classification=setup.classification,
        slotsPerGroup=setup.slots_per_group,
        hiddenSize=tiny_models.HIDDEN,
        latentSize=LATENT,
        numClasses=CLASSES,
        gamma=setup.gamma,
        beta=setup.beta,
        klWeight=method.KL_WEIGHT,
        informationWeight=setup.information_weight,
        logProbFloor=setup.log_prob_floor,
        weightDecay=0.01,
        betas=[0.9, 0.999],
        epsilon=1e-8,
        **hyper,
        specials=dict(cls=model.cls, sep=model.sep, mask=model.mask),
        separatorsInMiddle=stated.separators,
        hasTypes=model.has_types,
        examples=[dict(text=e.text, pair=e.pair, label=e.label) for e in examples],
        batches=batches,
        rows=rows,
        firstStep=dict(rawLogStdClamped=clamped),
        trajectory=run["steps"],
        trajectoryFloat32=single["steps"],
    )
    tensors = {f"initial.{k}": v for k, v in initial.items()}
    tensors |= {f"grad0.{k}": v for k, v in first["gradients"].items()}
    tensors |= {f"final.{k}": v for k, v in run["final"].items()}
    tensors |= {f"state0.{k}": first[k] for k in ("cls", "plain", "prompted", "prompts", "logits")}
    tensors |= {f"noise0.{k}": v for k, v in zip(("classified", "positive", "negative"), first["eps"])}
    tensors["predict.logits"] = stated.predict(run["final"], examples)
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, root / "training" / f"{name}.safetensors")
    (root / "training" / f"{name}.json").write_text(json.dumps(text) + "\n", encoding="utf-8")

    drift = max(abs(a[k] - b[k]) / max(1, abs(a[k])) for a, b in zip(run["steps"], single["steps"]) for k in a)
    report = " ".join(f"{k} {run['steps'][0][k]:.4f}>{run['steps'][-1][k]:.4f}" for k in run["steps"][0])
    print(f"{name}: {report}; clamped {clamped}; float32 drift {drift:.1e}; difference quotients {worst:.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=pathlib.Path, help="the fixtures folder; training/ is written in it")
    root = parser.parse_args().fixtures
    (root / "training").mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    method.check_philox()
    for name in VARIANTS:
        write_variant(root, name)


if __name__ == "__main__":
    main()
