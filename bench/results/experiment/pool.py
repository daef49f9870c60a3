"""Prints what EXPERIMENT.md says over several folders at own learning rates: python pool.py [FOLDER...]. Needs scipy."""

import csv
import math
import pathlib
import sys

from scipy import stats

INFOPROMPT = "infoprompt/read=mean"
PEERS = {"losses off": INFOPROMPT + "/gamma=0/beta=0", "prompt tuning": "prompt-tuning/read=mean", "WARP": "warp"}
SIZES = {"all": lambda k: True, "64 and 256": lambda k: k >= 64, "16": lambda k: k == 16}
FOLDERS = ("minilm-own", "bge-small-own", "bert-base-own")


def interval(values):
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, math.nan, math.nan
    half = stats.t.ppf(0.975, len(values) - 1) * stats.tstd(values) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def steps_to_95(row):
    """Steps after which dev first reached 95 % of its best score."""
    curve = [float(x) for x in row["dev_curve"].split(";")]
    best = max(curve)
    enough = 0.95 * best if best > 0 else best
    return (next(i for i, x in enumerate(curve) if x >= enough) + 1) * int(row["steps_per_epoch"])


def main():
    cells = {}
    for folder in sys.argv[1:] or FOLDERS:
        for row in csv.DictReader((pathlib.Path(__file__).parent / folder / "results.csv").open()):
            own = row["phase"] == "run" and row["rate_factor"] == "1.0" and row["sample_seed"] == row["seed"]
            if own:
                setting = (row["model"], row["task"], int(row["few_shot"]))
                cells[(*setting, row["seed"], row["method"])] = (float(row["test"]) * 100, steps_to_95(row))
    # A setting counts where InfoPrompt and prompt tuning have all five seeds.
    methods = (INFOPROMPT, PEERS["losses off"], PEERS["prompt tuning"])
    counted = {k[:3] for k in cells if all(sum(c[:3] == k[:3] and c[4] == m for c in cells) == 5 for m in methods)}
    print(f"{len(counted)} settings")
    for name, peer in PEERS.items():
        for size, takes in SIZES.items():
            pairs = [(k[:3], *cells[k], *cells[(*k[:4], peer)]) for k in cells
                     if k[4] == INFOPROMPT and k[:3] in counted and takes(k[2]) and (*k[:4], peer) in cells]
            if not pairs:
                continue
            scores = [p[1] - p[3] for p in pairs]
            by_setting = [interval([p[1] - p[3] for p in pairs if p[0] == s])[0] for s in {p[0] for p in pairs}]
            better, worse = sum(d > 0 for d in scores), sum(d < 0 for d in scores)
            sign = stats.binomtest(better, better + worse).pvalue if better + worse else 1
            ratio = [math.exp(x) for x in interval([math.log(p[2] / p[4]) for p in pairs])]
            print(f"{size:10} less {name:13} {len(pairs):3} pairs" + " {:6.2f} [{:.1f}, {:.1f}]".format(*interval(scores))
                  + f" +{better} -{worse} p={sign:.3f}; over settings" + " {:.2f} [{:.1f}, {:.1f}]".format(*interval(by_setting))
                  + "; steps times {:.2f} [{:.2f}, {:.2f}]".format(*ratio))


if __name__ == "__main__":
    main()
