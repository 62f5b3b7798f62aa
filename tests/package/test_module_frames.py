"""No operation stands in the frame of a module that did not run it, with a recording and without one."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
import torch
from package.module_truth import frames
from torch import nn
from torch.nn import functional

torchvision = pytest.importorskip("torchvision", reason="the models come with torchvision")

MODELS = [
    *("resnet18", "densenet121", "squeezenet1_1", "mobilenet_v3_small", "shufflenet_v2_x0_5"),
    *("efficientnet_b0", "mnasnet0_5", "convnext_tiny", "swin_t", "vit_b_16", "googlenet"),
]
both = pytest.mark.parametrize("record", [True, False], ids=["recorded", "by parameters"])


def assert_right(model: nn.Module, run: Callable[[], object], *, record: bool) -> int:
    """Assert that no frame is wrong; return how many operations are in one."""
    found, graph = frames(model, run, record=record)
    assert [frame for frame in found if not frame.is_right] == []
    if record:
        assert all(node.module is not None for node in graph.nodes if node.kind != "leaf")
        assert {f.frame for f in found[1::2]} == {f.truth for f in found}
    return sum(bool(node.module) for node in graph.nodes)


@both
@pytest.mark.parametrize("name", MODELS)
def test_frames_of_torchvision_models_hold_what_their_modules_ran(
    name: str, *, record: bool
) -> None:
    with torch.device("meta"):
        options = {"init_weights": False} if name == "googlenet" else {}
        model = torchvision.models.get_model(name, weights=None, **options)
        framed = assert_right(model, partial(model, torch.ones(2, 3, 224, 224)), record=record)
    assert framed > 50


class Tree(nn.Module):
    """A random module: it calls its parts once, twice or not at all, in pieces, or uses their weights in functions."""

    def __init__(self, choose: random.Random, depth: int) -> None:
        super().__init__()
        self.choose = choose
        kinds = [nn.Linear] if depth == 0 else [nn.Linear, nn.Sequential, nn.ModuleList, Tree]
        self.uses: list[str] = []
        for k in range(choose.randint(1, 4)):
            kind = choose.choice(kinds)
            part: nn.Module
            if kind is nn.Linear:
                part = nn.Linear(3, 3, bias=choose.random() < 0.7)
            elif kind is Tree:
                part = Tree(choose, depth - 1)
            else:
                trees = [Tree(choose, depth - 1) for _ in range(choose.randint(1, 3))]
                part = nn.Sequential(*trees) if kind is nn.Sequential else nn.ModuleList(trees)
            self.add_module(f"part{k}", part)
            self.uses.append(choose.choice(["call", "call", "call", "twice", "pieces", "weights"]))


def generated(tree: Tree) -> None:
    """Write ``forward`` methods for a random tree, as a programmer would, and give each module its own class."""
    for module in list(tree.modules()):
        if not isinstance(module, Tree):
            continue
        lines = ["def forward(self, x):"]
        for (name, part), use in zip(module.named_children(), module.uses, strict=True):
            between = module.choose.choice(["", "    x = x.tanh()", "    x = x * 2 + skip"])
            lines += ["    skip = x", *_lines(name, part, use), between]
        space: dict[str, object] = {"functional": functional}
        exec("\n".join([*lines, "    return x"]), space)  # noqa: S102  # the code of this test
        module.__class__ = type("Generated", (Tree,), {"forward": space["forward"]})


def _lines(name: str, part: nn.Module, use: str) -> list[str]:
    if isinstance(part, nn.ModuleList) or (use == "pieces" and isinstance(part, nn.Sequential)):
        return [f"    for piece in self.{name}:", "        x = piece(x).sin()"]
    if use == "weights" and isinstance(part, nn.Linear):
        return [f"    x = functional.linear(x, self.{name}.weight, self.{name}.bias)"]
    if use == "weights":
        return [f"    x = functional.linear(x, next(self.{name}.parameters()).view(-1)[:3].diag())"]
    return [f"    x = self.{name}(x)"] * (2 if use == "twice" else 1)


@both
@pytest.mark.parametrize("seed", range(60))
def test_frames_of_random_modules_hold_what_their_modules_ran(seed: int, *, record: bool) -> None:
    tree = Tree(random.Random(seed), depth=3)
    generated(tree)
    assert_right(tree, lambda: tree(torch.ones(2, 3)).relu().sum(), record=record)


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 4)
        self.body = nn.Linear(4, 4)
        self.head = nn.Linear(4, 10, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.head(self.body(self.embedding(tokens)).tanh())
        return result


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()

        def block(channels: int) -> nn.Sequential:
            first, second = (nn.Conv2d(n, 4, 3, padding=1) for n in (channels, 4))
            return nn.Sequential(first, nn.ReLU(), second)

        self.down, self.bottom, self.out = block(1), block(4), block(8)
        self.up = nn.ConvTranspose2d(4, 4, 2, stride=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skip = self.down(x)
        deep = self.bottom(functional.max_pool2d(skip, 2))
        joined = torch.cat([self.up(deep), skip], 1)
        result: torch.Tensor = self.out(functional.relu(joined) * 2)
        return result


@both
def test_a_tied_weight_tells_nothing_of_who_ran(*, record: bool) -> None:
    model = Tied()
    assert_right(model, lambda: model(torch.arange(5)).sum(), record=record)


@both
def test_what_runs_between_the_parts_of_a_u_net_is_in_no_part(*, record: bool) -> None:
    model = UNet()
    framed = assert_right(model, lambda: model(torch.ones(1, 1, 8, 8)).sum(), record=record)
    assert framed == 10  # in each block two convolutions and a ReLU; the convolution upwards


def test_without_its_code_a_model_tells_nothing() -> None:
    parts = nn.ModuleDict({"a": nn.Linear(3, 3), "b": nn.Linear(3, 3)})
    assert not assert_right(
        parts, lambda: parts["b"](parts["a"](torch.ones(2, 3)).relu()), record=False
    )
