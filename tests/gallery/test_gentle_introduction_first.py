"""The facts that the first half of chapter 5 promises stand in its captured outputs."""

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

CHAPTER = "gentle_introduction"
SCRIPT = Path(__file__).resolve().parents[2] / "gallery" / CHAPTER / "plot_training_step.py"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_background",
            [
                "net(x)            moved = False  grad = False",
                "loss.backward()   moved = False  grad = True",
                "optimizer.step()  moved = True   grad = True",
                "lr = 0.1, w.item() = 0.20, (2 * w).square().item() = 0.16",
                "lr = 0.3, w.item() = -1.40, (2 * w).square().item() = 7.84",
                "measured(downhill) = -10.596",
            ],
        ),
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
            "plot_by_hand",
            [
                "Q = tensor([-12.,  65.]",
                "\n".join(2 * ["a.grad = tensor([36., 81.])", "b.grad = tensor([-12.,  -8.])"]),
                "weights = [1.0, 0.0], grad_a.tolist() = [36.0, 0.0], grad_b.tolist() = [-12.0, -0.0]",
                "weights = [0.0, 1.0], grad_a.tolist() = [0.0, 81.0], grad_b.tolist() = [-0.0, -8.0]",
                "identity = tensor([[1., 0.],\n        [0., 1.]])\nones @ identity = tensor([1., 1.])",
                "Mismatch in shape: grad_output[0] has a shape of torch.Size([1])",
                "SubBackward0",
                "PowBackward0",
            ],
        ),
        (
            "plot_vector_calculus",
            [
                "\nJ = tensor([[2., 0.],\n        [2., 1.],\n        [0., 3.]])",
                "x.grad = tensor([ 8., -2.])",
                "J.T @ v = tensor([ 8., -2.])",
                "['0.0028', '0.6976']",
                "40,000,000,000",
                "gradient = tensor([0., 0.])",
                "size mismatch",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{CHAPTER}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_the_walk_of_the_page_counts_what_trace_counts(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_training_step")
    traced = re.findall(r"^len\(graph\.nodes\) = (\d+), len\(graph\.edges\) = (\d+), ", text, re.M)
    walked = re.findall(r"^len\(seen\) = (\d+), edges = (\d+)$", text, re.M)
    assert len(traced) == 1
    assert traced == walked


def test_no_step_waits_for_backward_alone(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_background")
    rows = re.findall(r"^\['([\d.]+)', '([\d.]+)', '([\d.]+)'\]$", text, re.M)
    without, trained = ([float(loss) for loss in row] for row in rows)
    assert max(without) == min(without) == trained[0]
    assert trained[0] > trained[1] > trained[2]


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
