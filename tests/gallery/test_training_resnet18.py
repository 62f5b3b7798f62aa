"""The facts that the part on training promises stand in the captured outputs of its pages on ResNet18."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torchvision.models import ResNet18_Weights, resnet18

PART = "training"
SCRIPT = Path(__file__).resolve().parents[2] / "gallery" / PART / "plot_training_step.py"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_training_step",
            [
                "image.shape = torch.Size([1, 3, 64, 64])",
                "= 'military uniform'",
                "len(parameters) = 62",
                "11,689,512",
                "len(leaves) = 62",
                "sum(p.grad is not None for p in parameters) = 62, sum(moved) = 0",
                "expected.norm()).item() < 1e-3 = True\nsum(moved) = 62",
                "gradient.unique().tolist() = [1.0]",
                "change(stand_in) < 1e-3 = True, change(squared) < 1e-3 = False",
                "(gradient < 0).nonzero().tolist() = [[0, 652]]",
                "Expected more than 1 value per channel when training, got input size torch.Size([1, 512, 1, 1])",
                "start = Start(weights=",
            ],
        ),
        (
            "plot_fine_tuning",
            [
                "sum(trained) = 5,130, total = 11,181,642",
                "reached = ['fc.weight', 'fc.bias']",
                "len(leaves) = 62",
                "trained = 4,725,770, len(leaves) = 8",
                "<svg",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{PART}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_the_walk_of_the_page_counts_what_trace_counts(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_training_step")
    traced = re.findall(r"^len\(graph\.nodes\) = (\d+), len\(graph\.edges\) = (\d+), ", text, re.M)
    walked = re.findall(r"^len\(seen\) = (\d+), edges = (\d+)$", text, re.M)
    assert len(traced) == 1
    assert traced == walked


@pytest.mark.parametrize("cached", [True, False])
def test_the_training_step_holds_for_both_starts_and_says_which_it_took(
    tmp_path: Path, *, cached: bool
) -> None:
    if cached:
        folder = tmp_path / "hub" / "checkpoints"
        folder.mkdir(parents=True)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(7)
            parameters = resnet18(weights=None).state_dict()
        torch.save(parameters, folder / ResNet18_Weights.DEFAULT.url.rpartition("/")[2])
    environment = os.environ | {
        "AUTOGRAD_VI_DEVICE": "cpu",
        "MPLBACKEND": "agg",
        "TORCH_HOME": str(tmp_path),
        "https_proxy": "http://127.0.0.1:9",  # the discard port: no download
    }
    command = [sys.executable, "-W", "error", str(SCRIPT)]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    start = f"weights='{ResNet18_Weights.DEFAULT}', seed=None" if cached else "weights=None, seed=0"
    assert f"start = Start({start})" in printed.stdout


def test_a_pretrained_body_beats_a_random_one_and_training_all(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_fine_tuning")
    ((pretrained, from_random, whole),) = re.findall(
        r"^pretrained = ([\d.]+), from_random = ([\d.]+), whole = ([\d.]+)$", text, re.M
    )
    assert float(pretrained) >= 0.9
    assert float(pretrained) > float(whole) > float(from_random)


def test_freezing_leaves_the_head_of_the_graph(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_fine_tuning")
    ((nodes, edges),) = re.findall(r"^Graph\((\d+) nodes, (\d+) edges\)$", text, re.M)
    assert int(nodes) > 2 * 62
    assert int(edges) > int(nodes)  # the shortcuts
    titles = re.findall(r"graph\.title[^>]*>[^<]*?(\d+) nodes and (\d+) edges", text)
    frozen, freed = ([int(number) for number in title] for title in titles)
    assert frozen[0] < 10 < freed[0] < int(nodes)


def test_only_the_head_moves_but_all_buffers_do_in_training_mode(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_fine_tuning")
    head = "changed(model.named_parameters(), before) = ['fc.weight', 'fc.bias']"
    assert f"len(before) = 62, {head}" in text
    moved = re.findall(r"^model\.training = True, .*len\(moved\) = (\d+)$", text, re.M)
    assert moved == ["60", "0"]
    drift = "drift.item() > 0.01 = True, changed(model.named_parameters(), before) = []"
    assert drift in text
